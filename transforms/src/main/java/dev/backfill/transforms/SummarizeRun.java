package dev.backfill.transforms;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.FredLoaded;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RunLedger;
import dev.backfill.io.duckdb.RunTotals;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads from the ledger, and from nothing else, how a run ended. */
public final class SummarizeRun {
  private final Database database;
  private final Ledger ledger;
  private final Job job;
  private final Plan plan;
  private final TargetSpec target;

  /** Of a run of a job that followed a plan. */
  public SummarizeRun(Database database, Job job, Plan plan, TargetSpec target) {
    this.database = database;
    this.ledger = new Ledger(database);
    this.job = job;
    this.plan = plan;
    this.target = target;
  }

  /**
   * The summary of a run that had something to do.
   *
   * @param waited how much of its time another process took
   */
  public RunSummary read(Instant began, Duration waited, Instant ended) {
    Map<String, List<CoverageRow>> rows =
        ledger.coverage(target.table(), job.source(), job.dataset(), job.schema(), job.stypeIn());
    RunLedger run = new RunLedger(database, target.runId());
    RunTotals totals = run.totals();
    List<String> unresolved = unresolved(job, plan, rows);
    List<String> warnings = new ArrayList<>();
    long unverified =
        rows.values().stream()
            .flatMap(List::stream)
            .filter(r -> !r.verified() && target.runId().equals(r.runId()))
            .count();
    if (unverified > 0) {
      warnings.add(
          unverified
              + (unverified == 1 ? " range is" : " ranges are")
              + " loaded unverified: the service's own count disagreed twice with twice the same"
              + " bytes (verified = false in ops.coverage)");
    }
    new Flipping(job, plan).warning(database).ifPresent(warnings::add);
    return new RunSummary(
        job.name(),
        job.source(),
        target.table(),
        target.runId(),
        wanted(job, plan),
        Fred.isSourceOf(job) ? seriesWritten(unresolved) : symbols(job, plan),
        Duration.between(began, ended).minus(waited).toMillis() / 1000.0,
        waited.toMillis() / 1000.0,
        plan.toAsk().size(),
        plan.toLoad().size(),
        totals.chunksLoaded(),
        totals.chunksFailed(),
        totals.chunksSkipped(),
        totals.rowsWritten(),
        run.rowsDiffering(),
        run.rejects(),
        totals.requests(),
        totals.bytesReceived(),
        totals.billableBytes(),
        totals.costUsd(),
        chunks("failed"),
        notEntitled(rows),
        uncovered(job, plan, rows),
        unresolved,
        discontinued(database, job),
        warnings,
        Splits.read(ledger, plan, target.runId(), run.pauses()),
        leftOut(run),
        List.of());
  }

  /** What a filter of publishers leaves out, and spreads under parents, is paid for and is said. */
  private long leftOut(RunLedger run) {
    boolean isFiltered = !job.publishers().isEmpty() || job.stypeIn().equals("parent");
    if (!isFiltered || BarSize.ofSchema(job.schema()).isEmpty()) {
      return 0;
    }
    List<String> inPart = plan.toLoad().stream().map(c -> c.getChunk().getChunkId()).toList();
    long less = run.leftOut(inPart);
    return Math.max(0, less - run.rejects());
  }

  /**
   * The summary of a run that found everything covered.
   *
   * @param rows at least those of what was refused, or had no such symbol
   * @param discontinued see {@link #discontinued}
   */
  public static RunSummary nothingToDo(
      Job job,
      Plan plan,
      TargetSpec target,
      Map<String, List<CoverageRow>> rows,
      List<String> discontinued) {
    List<String> unresolved = unresolved(job, plan, rows);
    return new RunSummary(
        job.name(),
        job.source(),
        target.table(),
        target.runId(),
        wanted(job, plan),
        Fred.isSourceOf(job) ? job.symbols().size() - unresolved.size() : symbols(job, plan),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        OptionalLong.empty(),
        0,
        0,
        0,
        0,
        0,
        List.of(),
        remembered(job, plan, target, rows),
        List.of(),
        unresolved,
        discontinued,
        List.of(),
        Splits.NONE,
        0,
        List.of());
  }

  /**
   * From the first to the last instant of which something was wanted: of a scope that chooses parts
   * of the job, of these. A job of snapshots wants its days of a range, which is told whole.
   */
  public static Optional<Interval> wanted(Job job, Plan plan) {
    List<Interval> chosen =
        job.symbols().stream().flatMap(s -> plan.wantedOf(s).intervals().stream()).toList();
    return chosen.isEmpty() || job.snapshotDays() > 0
        ? Optional.ofNullable(plan.wanted())
        : Optional.of(
            new Interval(
                chosen.stream().mapToLong(Interval::startNs).min().orElseThrow(),
                chosen.stream().mapToLong(Interval::endNs).max().orElseThrow()));
  }

  private static int symbols(Job job, Plan plan) {
    return (int) job.symbols().stream().filter(s -> !plan.wantedOf(s).isEmpty()).count();
  }

  /** A chunk of FRED is a series; of an unknown one nothing was written. */
  private int seriesWritten(List<String> unresolved) {
    return (int)
        ledger.chunks("loaded").stream()
            .filter(chunk -> target.runId().equals(chunk.runId()))
            .map(ChunkState::symbols)
            .filter(id -> !unresolved.contains(id))
            .distinct()
            .count();
  }

  /** What the service refused now, and what it refused before and was not asked again. */
  private List<RunSummary.Failed> notEntitled(Map<String, List<CoverageRow>> rows) {
    List<RunSummary.Failed> refused =
        new ArrayList<>(
            ledger.chunks("skipped").stream()
                .filter(c -> target.runId().equals(c.runId()))
                .filter(c -> c.error() != null && !c.error().isEmpty())
                .map(SummarizeRun::failed)
                .toList());
    refused.addAll(remembered(job, plan, target, rows));
    return refused;
  }

  /** Wanted ranges that an earlier run was refused, a line for each chunk. */
  private static List<RunSummary.Failed> remembered(
      Job job, Plan plan, TargetSpec target, Map<String, List<CoverageRow>> rows) {
    Interval wanted = plan.wanted();
    if (wanted == null) {
      return List.of();
    }
    Map<String, RunSummary.Failed> refused = new LinkedHashMap<>();
    for (String symbol : job.symbols()) {
      for (CoverageRow row : rows.getOrDefault(symbol, List.of())) {
        if (row.state() == CoverageState.NOT_ENTITLED
            && !target.runId().equals(row.runId())
            && row.interval().overlaps(wanted)) {
          refused.merge(
              row.chunkId() + " " + row.interval(), refused(job, symbol, row), SummarizeRun::and);
        }
      }
    }
    return List.copyOf(refused.values());
  }

  private static RunSummary.Failed refused(Job job, String symbol, CoverageRow row) {
    Instant again = row.recheckAfter();
    return new RunSummary.Failed(
        String.valueOf(row.chunkId()),
        symbol,
        row.interval(),
        job.dataset()
            + " refused it on "
            + Times.date(Times.nanos(row.loadedAt()))
            + (again == null
                ? ""
                : "; it is asked again from " + Times.date(Times.nanos(again)) + " on"));
  }

  private static RunSummary.Failed and(RunSummary.Failed one, RunSummary.Failed other) {
    return new RunSummary.Failed(
        one.chunkId(), one.symbols() + "," + other.symbols(), one.range(), one.reason());
  }

  private List<RunSummary.Failed> chunks(String state) {
    return ledger.chunks(state).stream()
        .filter(c -> target.runId().equals(c.runId()))
        .map(SummarizeRun::failed)
        .toList();
  }

  private static RunSummary.Failed failed(ChunkState chunk) {
    String error = chunk.error();
    return new RunSummary.Failed(
        chunk.chunkId(),
        chunk.symbols(),
        chunk.interval(),
        error == null ? "no reason was given" : error);
  }

  private static List<String> uncovered(Job job, Plan plan, Map<String, List<CoverageRow>> rows) {
    return job.symbols().stream()
        .filter(s -> !coverage(rows.getOrDefault(s, List.of())).covers(plan.wantedOf(s)))
        .toList();
  }

  /** Symbols that resolved on no day of the wanted range. */
  private static List<String> unresolved(Job job, Plan plan, Map<String, List<CoverageRow>> rows) {
    return job.symbols().stream()
        .filter(s -> !plan.wantedOf(s).isEmpty())
        .filter(
            s ->
                coverage(
                        rows.getOrDefault(s, List.of()).stream()
                            .filter(r -> r.state() == CoverageState.UNRESOLVED)
                            .toList())
                    .covers(plan.wantedOf(s)))
        .toList();
  }

  /** The series of a job that are loaded and that FRED says have ended. */
  public static List<String> discontinued(Database database, Job job) {
    if (!Fred.isSourceOf(job)) {
      return List.of();
    }
    Map<String, FredLoaded> loaded = FredLoaded.read(database);
    return job.symbols().stream()
        .filter(id -> loaded.containsKey(id) && loaded.get(id).isDiscontinued())
        .toList();
  }

  private static Coverage coverage(List<CoverageRow> rows) {
    return Coverage.of(rows.stream().map(CoverageRow::interval).toList());
  }
}
