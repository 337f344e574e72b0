package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.PlanPricer;
import java.io.Closeable;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

/**
 * What a run asks of the service behind its job before it asks for data: all of it free. The only
 * place, beside the step that lands, where a run knows which service that is. For one thread.
 */
interface RunService extends Closeable {
  /**
   * Reads the key; sends nothing.
   *
   * @throws dev.backfill.io.http.ApiSettingsException if there is none
   */
  static RunService connect(RunContext run) {
    return Fred.isSourceOf(run.options().job())
        ? new FredService(run)
        : new DatabentoService(run.options().api());
  }

  /** Who answers; see {@link HistoricalClient#origin}. */
  String origin() throws IOException;

  /** What it has of a job's schema. */
  Interval available(Job job) throws IOException;

  /** What a plan in a scope is made of. */
  PlanScope.Choice choose(PlanScope scope, PlanScope.Facts facts) throws IOException;

  /** What a person should know, when a run has ended, of what was chosen. */
  default List<String> warnings() {
    return List.of();
  }

  /**
   * What it says of the changes of a dataset's days; nothing where it does not keep them by day.
   */
  List<HistoricalClient.DayCondition> changes(String dataset, LocalDate first, LocalDate last)
      throws IOException;

  /** What chunks hold and cost. */
  PlanPricer.Price price(List<Chunk> toAsk) throws IOException;

  /** What it says of the days of a plan. */
  DayConditions conditions(PricedPlan plan) throws IOException;

  /** Makes good for what a run that died has left in the landing. */
  void adopt(RunContext run, String origin) throws IOException;
}
