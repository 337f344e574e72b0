package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * How far a run is, from what has landed and what is covered, so that it is the same on every
 * runner. Called by one thread.
 */
final class RunProgress {
  private final RunContext run;
  private final LandingArea landing;
  private final PricedPlan plan;
  private long rows;
  private final long began = System.nanoTime();

  RunProgress(RunContext run, PricedPlan plan) {
    this.run = run;
    this.landing = run.landing();
    this.plan = plan;
  }

  String line() {
    List<Chunk> asked = plan.plan().toAsk();
    Database.peek(run.database().toString(), db -> new Ledger(db).totals(run.runId()))
        .ifPresent(totals -> rows = totals.rowsWritten());
    long total = plan.price().records() + plan.landedRecords();
    String loaded =
        "loaded "
            + Console.count(rows)
            + " of "
            + Console.count(total)
            + " rows ("
            + (System.nanoTime() - began) / 1_000_000_000L
            + " s)";
    if (asked.isEmpty()) {
      return loaded;
    }
    return "landed " + landed(asked) + " of " + asked.size() + " chunks, " + loaded;
  }

  private String landed(List<Chunk> asked) {
    try {
      Set<String> there =
          landing.landedChunks(plan.job().source(), plan.job().dataset(), plan.job().schema());
      return Console.count(asked.stream().filter(c -> there.contains(c.getChunkId())).count());
    } catch (IOException e) {
      return "?";
    }
  }
}
