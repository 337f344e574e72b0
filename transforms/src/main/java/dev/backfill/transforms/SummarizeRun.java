package dev.backfill.transforms;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RunTotals;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from the ledger, and from nothing else, how a run ended. */
public final class SummarizeRun {
  private final Ledger ledger;
  private final Job job;
  private final Plan plan;
  private final TargetSpec target;

  /** Of a run of a job that followed a plan. */
  public SummarizeRun(Database database, Job job, Plan plan, TargetSpec target) {
    this.ledger = new Ledger(database);
    this.job = job;
    this.plan = plan;
    this.target = target;
  }

  /** The summary of a run that had something to do. */
  public RunSummary read(Instant began, Instant ended) {
    Map<String, List<CoverageRow>> rows =
        ledger.coverage(target.table(), job.source(), job.dataset(), job.schema(), job.stypeIn());
    RunTotals totals = ledger.totals(target.runId());
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
    return new RunSummary(
        job.name(),
        target.table(),
        target.runId(),
        Optional.ofNullable(plan.wanted()),
        job.symbols().size(),
        Duration.between(began, ended).toMillis() / 1000.0,
        plan.toAsk().size(),
        plan.toLoad().size(),
        totals.rowsWritten(),
        ledger.rejects(target.runId()),
        totals.requests(),
        totals.bytesReceived(),
        totals.costUsd(),
        chunks("failed"),
        chunks("skipped"),
        uncovered(job, plan, rows),
        unresolved(job, plan, rows),
        warnings);
  }

  /** The summary of a run that found everything covered. */
  public static RunSummary nothingToDo(
      Job job, Plan plan, TargetSpec target, Map<String, List<CoverageRow>> rows) {
    return new RunSummary(
        job.name(),
        target.table(),
        "",
        Optional.ofNullable(plan.wanted()),
        job.symbols().size(),
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        unresolved(job, plan, rows),
        List.of());
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
    Interval wanted = plan.wanted();
    if (wanted == null) {
      return List.of();
    }
    Coverage whole = Coverage.of(wanted);
    return job.symbols().stream()
        .filter(s -> !coverage(rows.getOrDefault(s, List.of())).covers(whole))
        .toList();
  }

  /** Symbols that resolved on no day of the wanted range. */
  private static List<String> unresolved(Job job, Plan plan, Map<String, List<CoverageRow>> rows) {
    Interval wanted = plan.wanted();
    if (wanted == null) {
      return List.of();
    }
    Coverage whole = Coverage.of(wanted);
    return job.symbols().stream()
        .filter(
            s ->
                coverage(
                        rows.getOrDefault(s, List.of()).stream()
                            .filter(r -> r.state() == CoverageState.UNRESOLVED)
                            .toList())
                    .covers(whole))
        .toList();
  }

  private static Coverage coverage(List<CoverageRow> rows) {
    return Coverage.of(rows.stream().map(CoverageRow::interval).toList());
  }
}
