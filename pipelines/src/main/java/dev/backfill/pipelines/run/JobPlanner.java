package dev.backfill.pipelines.run;

import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.ChunkPlanner;
import dev.backfill.transforms.Plan;
import dev.backfill.transforms.PlanPricer;
import dev.backfill.transforms.WithdrawnSeries;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Makes a job's plan in a fixed order: who answers, what they have, what is covered, what is
 * landed, what the rest costs. Asks nothing that is billed and writes nothing.
 */
final class JobPlanner {
  private final RunService service;
  private final LandingArea landing;
  private final KnownSeries ledger;
  private final PlanScope scope;
  private final int requestSlots;
  private final Instant now;

  /**
   * A planner.
   *
   * @param scope which part of the job the plan is to bring
   * @param now what was refused is asked again once its time to look again is before this
   */
  JobPlanner(
      RunService service,
      LandingArea landing,
      KnownSeries ledger,
      PlanScope scope,
      int requestSlots,
      Instant now) {
    this.now = now;
    this.scope = scope;
    this.service = service;
    this.landing = landing;
    this.ledger = ledger;
    this.requestSlots = requestSlots;
  }

  /**
   * Asks who answers at the API url. Comes first: nothing else is asked of another origin.
   *
   * @throws RefusedException if the landing or the database was filled from another
   */
  String requireOrigin(Job job) throws IOException {
    String origin = service.origin();
    refuseOtherOrigin(job.source(), origin);
    return origin;
  }

  /** What the service has of a job's schema, and what of it is wanted, covered and landed. */
  PricedPlan plan(Job job, String origin) throws IOException {
    Interval has = service.available(job);
    PlanScope.Choice choice =
        service.choose(
            scope,
            new PlanScope.Facts(
                job,
                service,
                has,
                ledger,
                WithdrawnSeries.without(
                    landing.list(job.source(), job.dataset(), job.schema(), job.stypeIn()),
                    ledger::served),
                now));
    Plan plan = new ChunkPlanner(job, requestSlots).plan(choice.input());
    PlanPricer.Price price =
        plan.toAsk().isEmpty() ? PlanPricer.Price.NOTHING : service.price(plan.toAsk());
    List<Chunk> chunks =
        price.chunks().stream()
            .map(chunk -> Chunk.newBuilder(chunk).setAvailableEndNs(has.endNs()).build())
            .toList();
    return new PricedPlan(
        job, plan.withToAsk(chunks), choice.notes(), price, origin, has.endNs(), scope.name());
  }

  private void refuseOtherOrigin(String source, String origin) throws IOException {
    refuse("The landing " + landing.uri(), landing.origin(source), origin, "--landing");
    refuse("The database", ledger.origin(), origin, "--db");
  }

  private static void refuse(String what, Optional<String> known, String origin, String option) {
    if (known.isPresent() && !known.get().equals(origin)) {
      throw new RefusedException(
          what
              + " holds data from "
              + known.get()
              + ", and --api-url leads to "
              + origin
              + ". Data of two origins never mix: give another "
              + option
              + ", or the --api-url it was filled from");
    }
  }
}
