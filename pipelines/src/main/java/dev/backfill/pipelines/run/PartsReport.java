package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.Dollars;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parts of one job, reported as one: sums first, then what each part has to say, once where all
 * say the same.
 *
 * @param name of the job
 * @param parts in the order in which they were carried out
 * @param notes more lines for the person
 * @param more the same facts and those of the whole job for machines
 */
record PartsReport(String name, List<PartReport> parts, List<String> notes, ObjectNode more)
    implements Report {
  /** Fields of the parts that the whole job has as their sum, where a part has them. */
  private static final List<String> SUMS =
      List.of(
          "records",
          "chunks_to_fetch",
          "landed_records",
          "chunks_asked",
          "chunks_from_landing",
          "rows_written",
          "rows_rejected",
          "requests",
          "bytes_received",
          "billable_bytes",
          "chunks_landed",
          "chunks_to_load");

  PartsReport {
    parts = List.copyOf(parts);
    notes = List.copyOf(notes);
  }

  @Override
  public int exitCode() {
    int worst = ExitCodes.OK;
    for (PartReport part : parts) {
      worst = ManyRuns.worse(worst, part.exitCode());
    }
    return worst;
  }

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    List<SummaryReport> runs = reports(SummaryReport.class);
    if (runs.isEmpty()) {
      parts.forEach(part -> lines.add(part.report() == null ? "" : part.report().text()));
      lines.removeIf(String::isEmpty);
    } else {
      lines.addAll(heads(runs));
      lines.addAll(details());
    }
    parts.stream()
        .filter(part -> part.report() == null)
        .forEach(part -> lines.add(part.failureLine()));
    lines.addAll(notes);
    if (!reports(PlanReport.class).isEmpty()) {
      lines.add(priced());
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** What was written, by part, and what it took. */
  private List<String> heads(List<SummaryReport> runs) {
    List<SummaryReport> busy = runs.stream().filter(run -> !run.isIdle()).toList();
    if (busy.isEmpty()) {
      return List.of(
          name
              + ": nothing to do; all that is wanted is covered. Nothing was fetched, nothing was"
              + " written");
    }
    JsonNode sums = json();
    double seconds = 0;
    Map<String, Long> rows = new LinkedHashMap<>();
    for (PartReport part : parts) {
      if (part.report() instanceof SummaryReport run && !run.isIdle()) {
        seconds += run.json().path("seconds").asDouble();
        rows.merge(part.job().partName(), run.json().path("rows_written").asLong(), Long::sum);
      }
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "%s: %s written in %.1f s (%s)",
            name,
            SummaryReport.counted(sums.path("rows_written").asLong(), "row"),
            seconds,
            rows.entrySet().stream()
                .map(one -> one.getKey() + " " + Console.count(one.getValue()))
                .collect(Collectors.joining(", "))),
        String.format(
            Locale.ROOT,
            "  %s, %s received, estimated cost $%.2f; %s taken from the landing",
            SummaryReport.counted(sums.path("requests").asLong(), "request"),
            SummaryReport.megabytes(sums.path("bytes_received").asLong()),
            sums.path("cost_estimate_usd").asDouble(),
            SummaryReport.counted(sums.path("chunks_from_landing").asLong(), "chunk")));
  }

  /**
   * A line that several parts say is said once; one that only a part beside the main says, of it.
   */
  private List<String> details() {
    Map<String, Set<String>> saidBy = new LinkedHashMap<>();
    for (PartReport part : parts) {
      if (part.report() instanceof SummaryReport run) {
        run.details()
            .forEach(
                line ->
                    saidBy
                        .computeIfAbsent(line, l -> new LinkedHashSet<>())
                        .add(part.job().isPart() ? part.job().partName() : ""));
      }
    }
    List<String> lines = new ArrayList<>();
    saidBy.forEach(
        (line, who) ->
            lines.add(
                who.size() > 1 || who.contains("")
                    ? line
                    : "  " + who.iterator().next() + ": " + line.strip()));
    return lines;
  }

  /** The price of each part apart, and of all together. */
  private String priced() {
    List<String> each = new ArrayList<>();
    String about = "";
    for (PartReport part : parts) {
      if (part.report() instanceof PlanReport plan) {
        about = about.isEmpty() ? PlanReport.about(plan.price()) : about;
        each.add(part.job().partName() + " " + Dollars.text(plan.price().usd()));
      }
    }
    JsonNode sums = json();
    return String.format(
        Locale.ROOT,
        "%s in all: %s%s to fetch in %s, %s billable, %s (%s)",
        name,
        about,
        SummaryReport.counted(sums.path("records").asLong(), "record"),
        SummaryReport.counted(sums.path("chunks_to_fetch").asLong(), "chunk"),
        SummaryReport.megabytes(sums.path("billable_bytes").asLong()),
        Dollars.text(sums.path("cost_usd").asDouble()),
        String.join(", ", each));
  }

  private <T extends Report> List<T> reports(Class<T> kind) {
    return parts.stream().map(PartReport::report).filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public ObjectNode json() {
    ObjectNode all = new ObjectMapper().createObjectNode();
    all.put("job", name).put("exit_code", exitCode());
    List<ObjectNode> each = parts.stream().map(PartReport::json).toList();
    for (String field : SUMS) {
      if (each.stream().anyMatch(part -> part.has(field))) {
        all.put(field, each.stream().mapToLong(part -> part.path(field).asLong()).sum());
      }
    }
    for (String field : List.of("cost_usd", "cost_estimate_usd", "seconds")) {
      if (each.stream().anyMatch(part -> part.has(field))) {
        all.put(field, each.stream().mapToDouble(part -> part.path(field).asDouble()).sum());
      }
    }
    all.setAll(more);
    ArrayNode array = all.putArray("parts");
    each.forEach(array::add);
    return all;
  }
}
