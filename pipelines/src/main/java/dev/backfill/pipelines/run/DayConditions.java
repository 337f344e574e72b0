package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DayCondition;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.landing.LandedDays;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The service's word on the days that a plan asks for. Immutable.
 *
 * @param first UTC date, inclusive; null where the plan asks for nothing
 * @param last UTC date, inclusive; null where the plan asks for nothing
 */
record DayConditions(
    String dataset, @Nullable LocalDate first, @Nullable LocalDate last, List<DayCondition> days) {

  /** Asks for the days of a plan; nothing where it asks for none. Free. */
  static DayConditions ask(HistoricalClient client, PricedPlan plan) throws IOException {
    List<Chunk> asked = plan.plan().toAsk();
    String dataset = plan.job().dataset();
    if (asked.isEmpty()) {
      return new DayConditions(dataset, null, null, List.of());
    }
    LocalDate first = Times.date(asked.stream().mapToLong(Chunk::getStartNs).min().getAsLong());
    LocalDate last = Times.date(asked.stream().mapToLong(Chunk::getEndNs).max().getAsLong() - 1);
    List<DayCondition> days =
        client.datasetCondition(dataset, first, last).stream()
            .map(d -> new DayCondition(dataset, d.date(), d.condition(), d.lastModified()))
            .toList();
    return new DayConditions(dataset, first, last, days);
  }

  /** Keeps them in the landing, for a database that is made again from it. */
  void land(RunContext run) throws IOException {
    if (first != null && last != null) {
      run.landing()
          .writeDays(
              run.options().job().source(),
              dataset,
              run.runId(),
              new LandedDays(
                  first,
                  last,
                  run.clock().instant(),
                  days.stream()
                      .map(d -> new LandedDays.Day(d.date(), d.condition(), d.lastModified()))
                      .toList()));
    }
  }

  /** Brings what the landing keeps of a dataset's days into a ledger that knows less. */
  static void restore(Database database, RunContext run, Job job) throws IOException {
    Optional<LandedDays> landed = run.landing().days(job.source(), job.dataset());
    if (landed.isEmpty()
        || !new Ledger(database).conditionsSeen(job.dataset()).isBefore(landed.get().seenAt())) {
      return;
    }
    LandedDays all = landed.get();
    List<DayCondition> days =
        all.days().stream()
            .map(d -> new DayCondition(job.dataset(), d.date(), d.condition(), d.lastModified()))
            .toList();
    new LedgerLog(database).conditions(job.dataset(), all.first(), all.last(), days, all.seenAt());
  }

  /** Keeps them in the ledger. */
  void remember(Database database, Instant seenAt) {
    if (first != null && last != null) {
      new LedgerLog(database).conditions(dataset, first, last, days, seenAt);
    }
  }

  /** Days that are not simply available. */
  long notable() {
    return days.stream().filter(d -> !d.condition().equals("available")).count();
  }
}
