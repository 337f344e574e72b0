package dev.backfill.pipelines.run;

import dev.backfill.schemas.Job;
import dev.backfill.transforms.Plan;
import dev.backfill.transforms.PlanPricer;
import java.util.List;

/**
 * What a run would do and what it would cost. Immutable.
 *
 * @param job what is wanted
 * @param plan the chunks to ask carry their estimates
 * @param notes what was clamped and why
 * @param price of what is to be asked
 * @param origin who answers at the API url
 * @param availableEndNs how far the service has the schema, UTC nanoseconds, exclusive
 * @param scope what part of the job it is to bring, by its name
 */
record PricedPlan(
    Job job,
    Plan plan,
    List<String> notes,
    PlanPricer.Price price,
    String origin,
    long availableEndNs,
    String scope) {
  PricedPlan {
    notes = List.copyOf(notes);
  }

  /** Records to load from the landing, for nothing. */
  long landedRecords() {
    return plan.toLoad().stream().mapToLong(c -> Math.max(0, c.getRecordCount())).sum();
  }
}
