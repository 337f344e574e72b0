package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.IngestionRow;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Writes the run's row when it begins and when it ends, however it ends. */
final class RunRecord {
  private static final String RUNNER = "direct";
  private static final int DOLLAR_DIGITS = 6;

  private final Database database;
  private final PricedPlan plan;
  private final RunContext run;

  RunRecord(Database database, PricedPlan plan, RunContext run) {
    this.database = database;
    this.plan = plan;
    this.run = run;
  }

  /** The run itself. */
  interface Work {
    void run() throws IOException;
  }

  /** Does the work between the two rows, and reads from the ledger how it ended. */
  RunSummary around(Work work) throws IOException {
    LedgerLog log = new LedgerLog(database);
    KilledRuns.settle(database, run.options().landing());
    log.record(row(RunRow.RUNNING, null, null));
    boolean ended = false;
    try {
      work.run();
      RunSummary summary =
          new SummarizeRun(database, plan.job(), plan.plan(), run.target())
              .read(run.began(), run.clock().instant());
      String status = status(summary);
      log.record(row(status, summary, null));
      log.complete(completion(status, summary));
      ended = true;
      return summary;
    } finally {
      if (!ended) {
        log.record(row("failed", null, "the run was stopped by an error"));
      }
    }
  }

  private static String status(RunSummary summary) {
    if (summary.failed().isEmpty()
        && summary.uncovered().isEmpty()
        && summary.notEntitled().isEmpty()) {
      return "success";
    }
    return summary.rowsWritten() > 0 ? "partial" : "failed";
  }

  private RunRow row(String status, @Nullable RunSummary summary, @Nullable String note) {
    int planned = plan.plan().toAsk().size() + plan.plan().toLoad().size();
    int failed = summary == null ? 0 : summary.failed().size();
    int skipped = summary == null ? 0 : summary.notEntitled().size();
    boolean runs = status.equals(RunRow.RUNNING);
    return new RunRow(
        run.runId(),
        plan.job().name(),
        ChunkId.hash(plan.job().toString()).substring(0, 16),
        RUNNER,
        run.began(),
        runs ? null : run.clock().instant(),
        status,
        planned,
        summary == null ? null : planned - failed - skipped,
        summary == null ? null : failed,
        summary == null ? null : skipped,
        summary == null ? null : summary.rowsWritten(),
        plan.price().billableBytes(),
        dollars(BigDecimal.valueOf(plan.price().usd())),
        run.options().maxCostUsd().map(RunRecord::dollars).orElse(null),
        note);
  }

  private IngestionRow completion(String status, RunSummary summary) {
    Interval wanted = plan.plan().wanted();
    return new IngestionRow(
        run.runId(),
        plan.job().source(),
        plan.job().name(),
        run.runId(),
        wanted == null ? null : Times.date(wanted.startNs()),
        wanted == null ? null : Times.date(wanted.endNs()),
        summary.rowsWritten(),
        status,
        summary.failed().isEmpty() ? null : summary.failed().get(0).reason(),
        run.began(),
        run.clock().instant());
  }

  private static BigDecimal dollars(BigDecimal amount) {
    return amount.setScale(DOLLAR_DIGITS, RoundingMode.HALF_UP);
  }
}
