package dev.backfill.pipelines.run;

import dev.backfill.io.databento.LandingOptions;
import dev.backfill.io.databento.SpendLimit;
import dev.backfill.io.fred.FredLanding;
import dev.backfill.pipelines.Progress;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.LandChunks;
import dev.backfill.transforms.LoadSpec;
import dev.backfill.transforms.Plan;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * Carries out a plan, wave after wave. What is to be asked is landed and loaded; a plan that asks
 * for nothing only loads, and needs no service.
 */
final class PlanExecution {
  private final RunContext run;
  private final PricedPlan plan;
  private final SpendLimit limit;
  private final Heartbeat heart;

  /**
   * An execution.
   *
   * @param limit what all its requests may come to
   * @param heart tells others how far it is
   */
  PlanExecution(RunContext run, PricedPlan plan, SpendLimit limit, Heartbeat heart) {
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
    shown(
        true,
        () -> {
          if (isOnCluster()) {
            landThereAndLoadHere(asking, load);
          } else {
            RunnerOptions runner = run.options().runner();
            // Where a cluster has nothing to ask, what has landed is loaded as it is beside one.
            inWaves(plan.plan(), asking, load, runner.isRemote() ? RunnerOptions.DEFAULT : runner);
          }
        });
  }

  private boolean isOnCluster() {
    return run.options().runner().isRemote() && !plan.plan().toAsk().isEmpty();
  }

  private void inWaves(Plan work, LandingOptions asking, LoadSpec load, RunnerOptions runner)
      throws IOException {
    Waves.run(
        work, run.pace(), wave -> BackfillPipeline.execute(wave, step(asking, wave), load, runner));
  }

  /** A DuckDB file belongs to one process, and that is this one. */
  private void landThereAndLoadHere(LandingOptions asking, LoadSpec load) throws IOException {
    ClusterLanding landing = ClusterLanding.submit(run, plan.plan().toAsk(), asking);
    loadHere(plan.plan().toLoad(), asking, load);
    landing.follow(run.pace(), outcomes -> loadHere(outcomes, asking, load));
  }

  private void loadHere(List<LandedChunk> landed, LandingOptions asking, LoadSpec load)
      throws IOException {
    inWaves(plan.plan().onlyToLoad(landed), asking, load, RunnerOptions.DEFAULT);
  }

  /** Only lands. */
  void land() throws IOException {
    LandingOptions asking = landingOptions();
    shown(
        false,
        () -> {
          if (isOnCluster()) {
            ClusterLanding.submit(run, plan.plan().toAsk(), asking)
                .follow(run.pace(), outcomes -> {});
          } else {
            Waves.run(
                plan.plan(),
                run.pace(),
                wave ->
                    BackfillPipeline.land(
                        wave.toAsk(), step(asking, wave), run.options().runner()));
          }
        });
  }

  /** Does the work and shows how far it is. */
  private void shown(boolean loads, RunRecord.Work work) throws IOException {
    RunProgress progress = new RunProgress(run, plan, loads);
    heart.follow(progress);
    PausedLine line =
        new PausedLine(
            progress::pause, progress::line, run.console().terminal(), InstantSource.system());
    Progress shown = Progress.show(run.console(), line);
    try (shown) {
      work.run();
    } finally {
      String over = line.over();
      if (!over.isEmpty()) {
        run.console().note(over);
      }
      heart.finishing();
    }
  }

  /** The step that asks whichever service the job is of. */
  private LandChunks step(LandingOptions asking, Waves.Wave wave) {
    return Fred.isSourceOf(plan.job())
        ? LandChunks.with(
            FredLanding.of(
                    run.landing(), run.options().fred(), plan.origin(), run.runId(), run.retries())
                .withNewGeneration(plan.plan().anew())
                .withGate(wave.gate().id()))
        : LandChunks.with(asking.withGate(wave.gate()));
  }

  private LandingOptions landingOptions() {
    return LandingOptions.of(
            run.options().landing().toString(), run.options().api(), plan.origin(), run.runId())
        .withRetries(run.retries())
        .withSpendLimit(limit)
        .withRequestsPerWorker(run.options().runner().requestsOfAWorker())
        .withNewGeneration(plan.plan().anew());
  }
}
