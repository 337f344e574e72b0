package dev.backfill.pipelines.run;

import dev.backfill.io.databento.LandingOptions;
import dev.backfill.io.databento.SpendLimit;
import dev.backfill.pipelines.Progress;
import dev.backfill.transforms.LoadSpec;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a plan, wave after wave. What is to be asked is landed and loaded; a plan that asks
 * for nothing only loads, and needs no service.
 */
final class PlanExecution {
  private final RunContext run;
  private final PricedPlan plan;
  private final SpendLimit limit;
  private final @Nullable Heartbeat heart;

  /**
   * An execution.
   *
   * @param limit what all its requests may come to
   * @param heart tells others how far it is
   */
  PlanExecution(RunContext run, PricedPlan plan, SpendLimit limit, @Nullable Heartbeat heart) {
    this.limit = limit;
    this.run = run;
    this.plan = plan;
    this.heart = heart;
  }

  /** Lands and loads. */
  void landAndLoad() throws IOException {
    String landing = run.options().landing().toString();
    LoadSpec load = new LoadSpec(run.target(), landing, plan.availableEndNs(), plan.plan().anew());
    LandingOptions asking = landingOptions();
    RunProgress progress = new RunProgress(run, plan);
    Heartbeat beating = Objects.requireNonNull(heart, "what loads has the database");
    beating.follow(progress);
    Progress shown =
        Progress.show(
            run.console(),
            new PausedLine(
                progress::pause, progress::line, run.console().terminal(), InstantSource.system()));
    try (shown) {
      Waves.run(
          plan.plan(),
          run.pace(),
          wave ->
              BackfillPipeline.execute(
                  wave, asking.withGate(wave.gate()), load, run.options().runner()));
    } finally {
      beating.finishing();
    }
  }

  /** Only lands. */
  void land() throws IOException {
    LandingOptions asking = landingOptions();
    Waves.run(
        plan.plan(),
        run.pace(),
        wave ->
            BackfillPipeline.land(
                wave.toAsk(), asking.withGate(wave.gate()), run.options().runner()));
  }

  private LandingOptions landingOptions() {
    return LandingOptions.of(
            run.options().landing().toString(), run.options().api(), plan.origin(), run.runId())
        .withRetries(run.retries())
        .withSpendLimit(limit)
        .withNewGeneration(plan.plan().anew());
  }
}
