package dev.backfill.pipelines.run;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.Dollars;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Table;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanPricer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A plan for people and for machines. */
final class PlanReport implements Report {
  private static final int CHUNKS_SHOWN = 20;
  private static final int PARTS_SHOWN = 3;

  private final PricedPlan plan;
  private final Optional<SpendingCaps.Refusal> refusal;

  /**
   * A plan's report.
   *
   * @param refusal why a run of it would be refused
   */
  PlanReport(PricedPlan plan, Optional<SpendingCaps.Refusal> refusal) {
    this.plan = plan;
    this.refusal = refusal;
  }

  /** To plan is all that was wanted, whatever it costs. */
  @Override
  public int exitCode() {
    return ExitCodes.OK;
  }

  /** The price of what is to be fetched. */
  PlanPricer.Price price() {
    return plan.price();
  }

  /** The plan in one line. */
  static String line(PricedPlan plan) {
    Job job = plan.job();
    List<String> work = new ArrayList<>();
    boolean isOfFred = Fred.isSourceOf(job);
    if (!plan.plan().toAsk().isEmpty() && isOfFred) {
      work.add("fetching " + FredSummary.toFetch(plan));
    } else if (!plan.plan().toAsk().isEmpty()) {
      work.add(
          String.format(
              Locale.ROOT,
              "fetching %s%s in %s (%s)",
              about(plan.price()),
              SummaryReport.counted(
                  plan.price().records(), job.schema().startsWith("ohlcv") ? "bar" : "record"),
              SummaryReport.counted(plan.plan().toAsk().size(), "chunk"),
              Dollars.text(plan.price().usd())));
    }
    if (!plan.plan().toLoad().isEmpty()) {
      work.add(
          "loading "
              + SummaryReport.counted(plan.plan().toLoad().size(), "chunk")
              + " from the landing, for nothing");
    }
    if (isOfFred) {
      return String.format(
          Locale.ROOT,
          "%s: FRED %s, %s series: %s",
          job.name(),
          job.schema(),
          Console.count(job.symbols().size()),
          String.join(", ", work));
    }
    return String.format(
        Locale.ROOT,
        "%s: %s %s, %s, %s: %s",
        job.name(),
        job.dataset(),
        job.schema(),
        SummaryReport.counted(job.symbols().size(), "symbol"),
        span(plan),
        String.join(", ", work));
  }

  /** What the service does not count beforehand is estimated. */
  static String about(PlanPricer.Price price) {
    return price.isExact() ? "" : "about ";
  }

  /** The plan as a page. */
  @Override
  public String text() {
    Job job = plan.job();
    if (Fred.isSourceOf(job)) {
      return FredSummary.plan(plan);
    }
    List<String> lines = new ArrayList<>();
    lines.add(job.name() + ": " + job.dataset() + " " + job.schema() + " into " + job.table());
    lines.add(
        "  wanted    " + SummaryReport.counted(job.symbols().size(), "symbol") + ", " + span(plan));
    plan.notes().forEach(note -> lines.add("  note      " + note));
    lines.add("  covered   " + counted(plan));
    lines.add(
        "  landed    "
            + Console.count(plan.landedRecords())
            + " records in "
            + SummaryReport.counted(plan.plan().toLoad().size(), "chunk")
            + " to load, for nothing");
    lines.add(
        String.format(
            Locale.ROOT,
            "  to fetch  %s%s records of %s in %s, %s billable, %s",
            about(plan.price()),
            Console.count(plan.price().records()),
            SummaryReport.counted(plan.plan().symbolsToAsk().size(), "symbol"),
            SummaryReport.counted(plan.plan().toAsk().size(), "chunk"),
            SummaryReport.megabytes(plan.price().billableBytes()),
            Dollars.text(plan.price().usd())));
    refusal.ifPresent(cap -> lines.add("  cap       a run would be refused. " + cap.ofPlan()));
    if (!plan.plan().toAsk().isEmpty()) {
      lines.add("");
      lines.add(chunks(plan.plan().toAsk()));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String chunks(List<Chunk> chunks) {
    Table table =
        new Table("chunk", "from", "to", "symbols", "records ~", "dollars ~", "first symbol");
    for (Chunk c : chunks.subList(0, Math.min(CHUNKS_SHOWN, chunks.size()))) {
      table.row(
          c.getChunkId(),
          Times.text(c.getStartNs()),
          Times.text(c.getEndNs()),
          c.getSymbols().size(),
          c.getEstimatedRecords(),
          Table.number(c.getEstimatedRecords() * c.getUsdPerRecord(), 4),
          c.getSymbols().get(0));
    }
    return table.render()
        + (chunks.size() > CHUNKS_SHOWN
            ? System.lineSeparator() + "… and " + (chunks.size() - CHUNKS_SHOWN) + " more"
            : "");
  }

  private static String counted(PricedPlan plan) {
    Interval wanted = plan.plan().wanted();
    if (wanted == null) {
      return "nothing is wanted";
    }
    long complete = inFull(plan);
    long partly = inPart(plan);
    return complete
        + " of "
        + SummaryReport.counted(plan.job().symbols().size(), "symbol")
        + (partly > 0 ? " in full, " + partly + " in part" : "");
  }

  private static long inFull(PricedPlan plan) {
    return plan.plan().covered().entrySet().stream()
        .filter(one -> one.getValue().covers(all(plan, one.getKey())))
        .count();
  }

  private static long inPart(PricedPlan plan) {
    return plan.plan().covered().entrySet().stream()
        .filter(one -> !one.getValue().isEmpty())
        .filter(one -> !one.getValue().covers(all(plan, one.getKey())))
        .count();
  }

  /** Of a job of snapshots its days, else the whole range. */
  private static Coverage all(PricedPlan plan, String symbol) {
    Interval wanted = plan.plan().wanted();
    return wanted == null || plan.job().snapshotDays() > 0
        ? plan.plan().wantedOf(symbol)
        : Coverage.of(wanted);
  }

  /** The same facts for machines. */
  @Override
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    Job job = plan.job();
    node.put("job", job.name())
        .put("dataset", job.dataset())
        .put("schema", job.schema())
        .put("table", job.table())
        .put("origin", plan.origin())
        .put("symbols", job.symbols().size());
    Interval wanted = plan.plan().wanted();
    if (wanted != null) {
      node.put("from", Times.instant(wanted.startNs()).toString())
          .put("to", Times.instant(wanted.endNs()).toString())
          .put("symbols_covered", inFull(plan))
          .put("symbols_covered_in_part", inPart(plan));
      ArrayNode ranges = node.putArray("ranges");
      for (Interval part : parts(plan, wanted)) {
        ranges
            .addObject()
            .put("from", Times.instant(part.startNs()).toString())
            .put("to", Times.instant(part.endNs()).toString());
      }
    }
    plan.notes().forEach(node.putArray("notes")::add);
    node.put("symbols_to_fetch", plan.plan().symbolsToAsk().size())
        .put("chunks_to_fetch", plan.plan().toAsk().size())
        .put("is_exact", plan.price().isExact())
        .put("records", plan.price().records())
        .put("billable_bytes", plan.price().billableBytes())
        .put("cost_usd", plan.price().usd())
        .put("refusal", refusal.map(SpendingCaps.Refusal::ofPlan).orElse(null))
        .put("landed_records", plan.landedRecords());
    ArrayNode load = node.putArray("load");
    for (LandedChunk landed : plan.plan().toLoad()) {
      load.addObject()
          .put("chunk_id", landed.getChunk().getChunkId())
          .put("file", landed.getFile())
          .put("records", landed.getRecordCount());
    }
    ArrayNode ask = node.putArray("chunks");
    for (Chunk chunk : plan.plan().toAsk()) {
      ObjectNode one = ask.addObject();
      one.put("chunk_id", chunk.getChunkId())
          .put("from", Times.instant(chunk.getStartNs()).toString())
          .put("to", Times.instant(chunk.getEndNs()).toString())
          .put("records_estimated", chunk.getEstimatedRecords())
          .put("cost_estimate_usd", chunk.getEstimatedRecords() * chunk.getUsdPerRecord());
      chunk.getSymbols().forEach(one.putArray("symbols")::add);
    }
    return node;
  }

  /** What a plan is about: the job's range, or only those parts of it that its scope chose. */
  private static String span(PricedPlan plan) {
    Interval wanted = plan.plan().wanted();
    if (wanted == null) {
      return "none of which the service has";
    }
    List<Interval> parts = parts(plan, wanted);
    if (parts.isEmpty()) {
      return "nothing of " + span(wanted);
    }
    String some = parts.stream().limit(PARTS_SHOWN).map(PlanReport::span).collect(joining(", "));
    int more = parts.size() - PARTS_SHOWN;
    return more <= 0
        ? some
        : some
            + String.format(
                Locale.ROOT,
                " and %s more, of %s",
                Console.count(more),
                span(new Interval(parts.get(0).startNs(), parts.get(parts.size() - 1).endNs())));
  }

  private static List<Interval> parts(PricedPlan plan, Interval wanted) {
    Coverage all =
        Coverage.of(
            plan.job().symbols().stream()
                .flatMap(symbol -> plan.plan().wantedOf(symbol).intervals().stream())
                .toList());
    return all.covers(Coverage.of(wanted)) ? List.of(wanted) : all.intervals();
  }

  private static String span(Interval interval) {
    return Times.text(interval.startNs()) + " to " + Times.text(interval.endNs());
  }
}
