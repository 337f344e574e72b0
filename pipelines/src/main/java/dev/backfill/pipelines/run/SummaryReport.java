package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's summary as a paragraph for people, as JSON for machines, and as an exit code. */
final class SummaryReport implements Report {
  private static final int NAMES_SHOWN = 8;

  private final RunSummary run;
  private final boolean isLoad;

  SummaryReport(RunSummary run) {
    this(run, false);
  }

  private SummaryReport(RunSummary run, boolean isLoad) {
    this.run = run;
    this.isLoad = isLoad;
  }

  /** Of a load, which asks nobody for what the landing cannot give. */
  static SummaryReport ofLoad(RunSummary run) {
    return new SummaryReport(run, true);
  }

  @Override
  public int exitCode() {
    if (!run.notEntitled().isEmpty()) {
      return ExitCodes.REFUSED;
    }
    return run.failed().isEmpty() && run.uncovered().isEmpty()
        ? ExitCodes.OK
        : ExitCodes.CHUNKS_FAILED;
  }

  /** The paragraph. */
  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    String span =
        run.wanted()
            .map(w -> "from " + Times.text(w.startNs()) + " to " + Times.text(w.endNs()))
            .orElse("");
    if (run.source().equals(Fred.SOURCE)) {
      lines.add(FredSummary.head(run, waited()));
    } else if (run.nothingToDo()) {
      lines.add(
          run.wanted().isEmpty()
              ? run.job() + ": the service has nothing of the wanted range"
              : !run.notEntitled().isEmpty()
                  ? run.job()
                      + ": nothing to do "
                      + span
                      + ": what is not covered was refused. Nothing was fetched, no rows were written"
                  : run.job()
                      + ": nothing to do"
                      + (run.symbols() == 0
                          ? ""
                          : "; "
                              + (run.symbols() == 1
                                  ? "the symbol is covered "
                                  : "all " + run.symbols() + " symbols are covered ")
                              + span)
                      + ". Nothing was fetched, no rows were written");
    } else {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %s rows written to %s in %.1f s%s, %s (%s)",
              run.job(),
              Console.count(run.rowsWritten()),
              run.table(),
              run.seconds(),
              waited(),
              span,
              run.symbols() == 1 ? "1 symbol" : run.symbols() + " symbols"));
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s, %s received, estimated cost $%.2f; %s",
              counted(run.requests(), "request"),
              megabytes(run.bytesReceived()),
              run.costUsd(),
              counted(run.chunksFromLanding(), "chunk") + " taken from the landing"));
    }
    lines.addAll(details());
    return String.join(System.lineSeparator(), lines);
  }

  /** Whether there was nothing to do. */
  boolean isIdle() {
    return run.nothingToDo();
  }

  /** Whether nothing is wrong but that this key has no right to some of it. */
  boolean isOnlyRefused() {
    return run.failed().isEmpty();
  }

  /** All that is to be said beside how much was written and what it took. */
  List<String> details() {
    List<String> lines = new ArrayList<>();
    describeWork(lines);
    if (!run.loads().isEmpty()) {
      lines.add(
          "  counted with what was loaded while a job on the cluster was followed, in "
              + (run.loads().size() == 1 ? "run " : "runs ")
              + names(run.loads()));
    }
    if (run.rowsRejected() > 0) {
      lines.add(
          "  "
              + counted(run.rowsRejected(), "record")
              + " failed a check and "
              + (run.rowsRejected() == 1 ? "is" : "are")
              + " kept in ops.rejected_records");
    }
    if (run.leftOut() > 0) {
      lines.add(
          "  left out: "
              + counted(run.leftOut(), "record")
              + " that the job does not want (of other publishers, or spreads under a parent)");
    }
    // Of FRED a line of its own says which are unknown.
    List<String> unknown =
        new ArrayList<>(run.source().equals(Fred.SOURCE) ? List.of() : run.unresolved());
    List<String> retired = unknown.stream().filter(s -> isOf("retired", s)).toList();
    List<String> active = unknown.stream().filter(s -> isOf("active", s)).toList();
    unknown.removeAll(retired);
    unknown.removeAll(active);
    // What trades now may have been listed after the range.
    addNames(lines, "not listed in this range", active);
    addNames(lines, "never resolved", unknown);
    addNames(lines, "retired, never resolved", retired);
    run.warnings().forEach(w -> lines.add("  warning: " + w));
    describe(lines, run.notEntitled(), "not in this key's subscription");
    describe(lines, run.failed(), "failed");
    if (!run.failed().isEmpty() || (!run.uncovered().isEmpty() && run.notEntitled().isEmpty())) {
      lines.add(
          "  not covered: "
              + names(run.uncovered())
              + (isLoad
                  ? ". A damaged answer is moved to the landing's quarantine/ with the reason beside"
                      + " it: run or land fetches it again"
                  : ". Run the same command again: it asks for just these"));
    }
    return lines;
  }

  private static void addNames(List<String> lines, String what, List<String> symbols) {
    if (!symbols.isEmpty()) {
      lines.add("  " + what + ": " + names(symbols));
    }
  }

  /** Whether the catalogue has the symbol's root with a status. */
  private static boolean isOf(String status, String symbol) {
    int at = symbol.indexOf('.');
    return at > 0
        && Catalog.load()
            .find(symbol.substring(0, at))
            .filter(product -> product.status().equals(status))
            .isPresent();
  }

  /** Nobody calls less a wait. */
  private String waited() {
    return run.waitedSeconds() < 0.5
        ? ""
        : String.format(
            Locale.ROOT, " after waiting %.1f s for another process", run.waitedSeconds());
  }

  /** What became of rows that were there, and what it took to get an answer. */
  private void describeWork(List<String> lines) {
    run.rowsDiffering()
        .ifPresent(
            rows ->
                lines.add(
                    "  "
                        + counted(rows, "row")
                        + (rows == 1 ? " differs" : " differ")
                        + " from what was there"));
    if (run.splits().chunks() > 0) {
      lines.add(
          "  "
              + counted(run.splits().chunks(), "chunk")
              + (run.splits().chunks() == 1 ? " was" : " were")
              + " split into "
              + counted(run.splits().parts(), "part")
              + ": too large to be answered at once");
    }
    if (run.splits().pauses() > 0) {
      lines.add(
          "  "
              + counted(run.splits().pauses(), "pause")
              + " because the service did not answer, not even the smallest request");
    }
  }

  private static void describe(List<String> lines, List<RunSummary.Failed> chunks, String what) {
    for (RunSummary.Failed chunk : chunks.subList(0, Math.min(NAMES_SHOWN, chunks.size()))) {
      lines.add(
          "  "
              + what
              + ": chunk "
              + chunk.chunkId()
              + " ("
              + shortened(chunk.symbols())
              + ", "
              + chunk.range()
              + "): "
              + chunk.reason());
    }
    if (chunks.size() > NAMES_SHOWN) {
      lines.add("  … and " + (chunks.size() - NAMES_SHOWN) + " more, see ops.backfill_chunks");
    }
  }

  /** The same facts for machines. */
  @Override
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("job", run.job())
        .put("table", run.table())
        .put("run_id", run.runId())
        .put("exit_code", exitCode());
    run.wanted()
        .filter(w -> run.symbols() > 0)
        .ifPresent(
            w ->
                node.put("from", Times.instant(w.startNs()).toString())
                    .put("to", Times.instant(w.endNs()).toString()));
    node.put("symbols", run.symbols())
        .put("seconds", run.seconds())
        .put("waited_seconds", run.waitedSeconds())
        .put("chunks_asked", run.chunksAsked())
        .put("chunks_from_landing", run.chunksFromLanding())
        .put("chunks_loaded", run.chunksLoaded())
        .put("chunks_failed", run.chunksFailed())
        .put("chunks_skipped", run.chunksSkipped())
        .put("rows_written", run.rowsWritten())
        .put("rows_rejected", run.rowsRejected())
        .put("records_left_out", run.leftOut())
        .put("requests", run.requests())
        .put("bytes_received", run.bytesReceived())
        .put("billable_bytes", run.billableBytes())
        .put("cost_estimate_usd", run.costUsd());
    run.rowsDiffering().ifPresent(rows -> node.put("rows_differing", rows));
    node.put("chunks_split", run.splits().chunks())
        .put("parts_of_split", run.splits().parts())
        .put("pauses", run.splits().pauses());
    chunks(node.putArray("failed"), run.failed());
    chunks(node.putArray("not_entitled"), run.notEntitled());
    run.uncovered().forEach(node.putArray("uncovered")::add);
    run.unresolved().forEach(node.putArray("unresolved")::add);
    run.discontinued().forEach(node.putArray("discontinued")::add);
    run.unresolved().stream()
        .filter(symbol -> isOf("retired", symbol))
        .forEach(node.putArray("retired")::add);
    run.warnings().forEach(node.putArray("warnings")::add);
    run.loads().forEach(node.putArray("loads")::add);
    return node;
  }

  private static void chunks(ArrayNode array, List<RunSummary.Failed> chunks) {
    for (RunSummary.Failed chunk : chunks) {
      array
          .addObject()
          .put("chunk_id", chunk.chunkId())
          .put("symbols", chunk.symbols())
          .put("from", Times.instant(chunk.range().startNs()).toString())
          .put("to", Times.instant(chunk.range().endNs()).toString())
          .put("reason", chunk.reason());
    }
  }

  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  static String counted(long number, String thing) {
    return Console.count(number) + " " + thing + (number == 1 ? "" : "s");
  }

  static String names(List<String> names) {
    return names.size() <= NAMES_SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES_SHOWN))
            + " and "
            + (names.size() - NAMES_SHOWN)
            + " more";
  }

  private static String shortened(String symbols) {
    return names(List.of(symbols.split(",")));
  }
}
