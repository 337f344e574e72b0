package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.DatabaseHeldException;
import dev.backfill.io.duckdb.FredDates;
import dev.backfill.io.duckdb.IngestionRow;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RequestRow;
import dev.backfill.io.duckdb.RunLedger;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.RunTotals;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.pipelines.Failures;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the run's row when it begins and when it ends, however it ends. The database is open only
 * for as long as that takes.
 */
final class RunRecord {
  private static final int DOLLAR_DIGITS = 6;
  private static final String NOT_NOTED =
      "There was nothing to do, which could not be written into the database: ";

  private final RunContext run;
  private final PricedPlan plan;
  private final Duration waited;

  /**
   * A run's row.
   *
   * @param waited how long another process was waited for
   */
  RunRecord(RunContext run, PricedPlan plan, Duration waited) {
    this.run = run;
    this.plan = plan;
    this.waited = waited;
  }

  /** What tells the runs of one command from those of others: the job as it stands, and scope. */
  static String configHash(Job job, String scope) {
    return ChunkId.hash(scope + " " + job).substring(0, 16);
  }

  /** The run itself. */
  interface Work {
    void run() throws IOException;
  }

  /** Says that the run is running, and that those which were killed are not. */
  void begin(Database database) throws IOException {
    KilledRuns.settle(database, run.options().landing());
    size().restore(database);
    DatasetRights.answered(database, plan.job().dataset());
    LedgerLog log = new LedgerLog(database);
    JobMemory.keep(log, plan.job());
    log.record(row(RunRow.RUNNING, null, 0, null));
  }

  /** Does the work, and reads from the ledger how it ended. */
  RunSummary around(Work work) throws IOException {
    try {
      work.run();
    } catch (Throwable e) {
      fail(e);
      throw e;
    }
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      LedgerLog log = new LedgerLog(database);
      log.requests(journal());
      size().keep(database);
      RunSummary summary =
          new SummarizeRun(database, plan.job(), plan.plan(), run.target())
              .read(run.began(), waited, run.clock().instant());
      String status = status(summary);
      log.end(
          row(status, totals(database), summary.splits().more(), note(summary)),
          completion(
              database,
              status,
              summary.rowsWritten(),
              RunFailure.reason(summary),
              RunFailure.isForgiven(plan.job(), summary)),
          RunFailure.isNoneLeft(new Ledger(database), plan.job(), run.clock().instant()));
      return summary;
    }
  }

  /**
   * Writes how a run ended that found nothing to do, in a database that is there and of this
   * version: none is made or changed for it. All that was wanted is there, so the run is as good
   * without its row where the file cannot be written now, as while a notebook reads it.
   */
  void idle(RunSummary summary) throws IOException {
    if (!Database.isThere(run.database())) {
      return;
    }
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      if (!Tables.isCurrent(database)) {
        return;
      }
      KilledRuns.settle(database, run.options().landing());
      DatasetRights.answered(database, plan.job().dataset());
      String status = status(summary);
      new LedgerLog(database)
          .endIdle(
              row(status, totals(database), 0, null),
              completion(
                  database,
                  status,
                  0,
                  RunFailure.reason(summary),
                  RunFailure.isForgiven(plan.job(), summary)),
              RunFailure.isNoneLeft(new Ledger(database), plan.job(), run.clock().instant()));
    } catch (DatabaseHeldException e) {
      run.console().note(NOT_NOTED + e.getMessage());
    } catch (DatabaseException e) {
      run.console().warn(NOT_NOTED + e.getMessage());
    }
  }

  /** What stopped the run is what the person must hear of, whatever comes of this. */
  private void fail(Throwable why) {
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      LedgerLog log = new LedgerLog(database);
      log.requests(journal());
      RunTotals totals = totals(database);
      log.end(
          row(IngestionRow.FAILED, totals, 0, "the run was stopped by an error"),
          completion(
              database,
              IngestionRow.FAILED,
              totals.rowsWritten(),
              Failures.verdict(why).sentence(),
              RunFailure.isForgiven(plan.job(), why)),
          false);
    } catch (IOException | DatabaseException e) {
      run.console()
          .warn("That run " + run.runId() + " failed could not be written: " + e.getMessage());
    }
  }

  private RememberedSize size() {
    return new RememberedSize(run.landing(), plan.plan().toAsk());
  }

  private List<RequestRow> journal() throws IOException {
    return JournalRows.of(run.options().landing().toString(), run.runId());
  }

  private RunTotals totals(Database database) {
    return new RunLedger(database, run.runId()).totals();
  }

  private static @Nullable String note(RunSummary summary) {
    return summary.rowsDiffering().isPresent()
        ? RunRow.differing(summary.rowsDiffering().getAsLong())
        : null;
  }

  private static String status(RunSummary summary) {
    if (summary.failed().isEmpty()
        && summary.uncovered().isEmpty()
        && summary.notEntitled().isEmpty()) {
      return IngestionRow.SUCCESS;
    }
    return summary.rowsWritten() > 0 ? IngestionRow.PARTIAL : IngestionRow.FAILED;
  }

  private RunRow row(String status, @Nullable RunTotals totals, int more, @Nullable String note) {
    Set<String> planned = new HashSet<>();
    plan.plan().toAsk().forEach(chunk -> planned.add(chunk.getChunkId()));
    plan.plan().toLoad().forEach(landed -> planned.add(landed.getChunk().getChunkId()));
    boolean runs = status.equals(RunRow.RUNNING);
    return new RunRow(
        run.runId(),
        plan.job().name(),
        configHash(plan.job(), plan.scope()),
        run.options().runner().label(),
        run.began(),
        runs ? null : run.clock().instant(),
        status,
        // A chunk that was split counts as its parts.
        planned.size() + more,
        totals == null ? null : totals.chunksLoaded(),
        totals == null ? null : totals.chunksFailed(),
        totals == null ? null : totals.chunksSkipped(),
        totals == null ? null : totals.rowsWritten(),
        // What it would come to until it is known what it came to.
        totals == null ? plan.price().billableBytes() : totals.billableBytes(),
        dollars(BigDecimal.valueOf(totals == null ? plan.price().usd() : totals.costUsd())),
        run.options().spend().maxCostUsd().map(RunRecord::dollars).orElse(null),
        note);
  }

  private IngestionRow completion(
      Database database, String status, long rows, @Nullable String error, boolean isForgiven) {
    Optional<Interval> wanted = SummarizeRun.wanted(plan.job(), plan.plan());
    LocalDate start = wanted.map(range -> Times.date(range.startNs())).orElse(null);
    LocalDate end = wanted.map(range -> Times.date(range.endNs())).orElse(null);
    if (Fred.isSourceOf(plan.job())) {
      FredDates dates = FredDates.read(database, plan.job().table(), run.runId());
      start = dates.first();
      end = dates.last();
    }
    return new IngestionRow(
        run.runId(),
        plan.job().source(),
        plan.job().name(),
        run.runId(),
        start,
        end,
        rows,
        status,
        error,
        isForgiven,
        run.began(),
        run.clock().instant());
  }

  private static BigDecimal dollars(BigDecimal amount) {
    return amount.setScale(DOLLAR_DIGITS, RoundingMode.HALF_UP);
  }
}
