package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.ChunkPlanner;
import dev.backfill.transforms.Plan;
import dev.backfill.transforms.PlanPricer;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a plan. */
class PlanReportTest {
  private static PricedPlan plan(boolean isExact) {
    Job job = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 400);
    Interval range =
        new Interval(
            Times.nanos(LocalDate.parse("2024-01-01")), Times.nanos(LocalDate.parse("2024-02-01")));
    Plan plan = new ChunkPlanner(job, 1).plan(range, Map.of(), List.of());
    PlanPricer.Price price = new PlanPricer.Price(42, 2_352, 0.01, isExact, plan.toAsk());
    return new PricedPlan(job, plan, List.of(), price, "emulator", range.endNs(), "run");
  }

  private static String ofParts(boolean isExact) {
    PricedPlan plan = plan(isExact);
    PartReport part = PartReport.of(plan.job(), new PlanReport(plan, Optional.empty()));
    return new PartsReport("job", List.of(part), List.of(), new ObjectMapper().createObjectNode())
        .text();
  }

  @Test
  void whatIsEstimatedIsAbout() {
    assertThat(PlanReport.line(plan(false)), containsString(": fetching about 42 bars in "));
    assertThat(ofParts(false), containsString("  to fetch  about 42 records of 1 symbol"));
    assertThat(ofParts(false), containsString("job in all: about 42 records to fetch in "));
  }

  @Test
  void whatTheServiceCountsIsSaidAsItIs() {
    assertThat(PlanReport.line(plan(true)), containsString(": fetching 42 bars in "));
    assertThat(ofParts(true), not(containsString("about")));
  }
}
