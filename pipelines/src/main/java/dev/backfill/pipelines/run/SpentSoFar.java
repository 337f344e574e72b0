package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.RequestRow;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;

/** What one command has spent so far, or would have. Not thread-safe. */
final class SpentSoFar {
  private SpendLimits.Before before = SpendLimits.Before.NOTHING;

  SpendLimits.Before before() {
    return before;
  }

  /** Another job begins: the usual cap is each job's. */
  void nextJob() {
    before = before.atNextJob();
  }

  /** Adds what a plan would spend. */
  void add(PlanPricer.Price price) {
    before = before.plus(price.usd(), price.billableBytes());
  }

  /** Adds what a run has spent, however it ended. */
  void add(RunContext run) throws IOException {
    for (RequestRow row : JournalRows.of(run.options().landing().toString(), run.runId())) {
      Double usd = row.costEstimateUsd();
      Long bytes = row.billableBytes();
      before = before.plus(usd == null ? 0 : usd, bytes == null ? 0 : bytes);
    }
  }
}
