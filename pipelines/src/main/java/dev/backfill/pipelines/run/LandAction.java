package dev.backfill.pipelines.run;

import dev.backfill.io.databento.SpendLimit;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The first half of a run: what is missing is landed and nothing is loaded. Writes no database; one
 * that is there is only read, for what need not be asked.
 */
final class LandAction {
  private final RunContext run;

  LandAction(RunContext run) {
    this.run = run;
  }

  int run() throws IOException {
    return run.options().dryRun()
        ? new RunAction(run, PlanScope.MISSING).plan()
        : execute().to(run.console());
  }

  /** Lands what is missing, and says how it ended. */
  LandReport execute() throws IOException {
    Job job = run.options().job();
    RunnerSettings.requireKnown(run.options().runner().beamArgs());
    RunnerSettings.requireSuits(run.options().runner(), job);
    if (run.options().runner().isRemote()) {
      ClusterLanding.check(run.options().runner());
    }
    // What lands meanwhile is not loaded by a command that only lands.
    new ClusterJobs(run).follow(Optional::empty);
    LandingLock lock = LandingLock.take(run);
    try (lock;
        RunService service = RunService.connect(run)) {
      KnownSeries ledger = run.knownSeries();
      JobPlanner planner = run.planner(service, ledger, PlanScope.MISSING);
      String origin = planner.requireOrigin(job);
      BeamStart.begin();
      service.adopt(run, origin);
      PricedPlan plan = planner.plan(job, origin);
      plan.notes().forEach(run.console()::note);
      if (!plan.plan().toAsk().isEmpty()) {
        SpendLimit limit =
            new SpendingCaps(run.options().spend(), ledger.monthCap())
                .check(plan.price(), run::spentThisMonth, run.clock().instant());
        run.console().note(PlanReport.line(plan));
        lock.beforeLanding();
        run.landing().claimOrigin(job.source(), origin, run.began());
        service.conditions(plan).land(run);
        KeptJob.keep(run.landing(), plan);
        try (Heartbeat heart =
            Heartbeat.start(
                LandingLock.heart(run),
                run.console(),
                run.runId(),
                job.name(),
                run.began(),
                "landing")) {
          new PlanExecution(run, plan, limit, heart).land();
        }
      }
      return report(plan);
    }
  }

  private LandReport report(PricedPlan plan) throws IOException {
    Job job = plan.job();
    Map<LandedState, List<LandedChunk>> ended = new EnumMap<>(LandedState.class);
    for (LandedChunk one :
        run.landing().list(job.source(), job.dataset(), job.schema(), job.stypeIn())) {
      if (one.getRunId().equals(run.runId())) {
        ended.computeIfAbsent(one.getState(), state -> new ArrayList<>()).add(one);
      }
    }
    return new LandReport(
        plan,
        "backfill load " + run.options().given() + run.options().landing().option(),
        run.runId(),
        ended.getOrDefault(LandedState.LANDED, List.of()),
        ended.getOrDefault(LandedState.FAILED, List.of()),
        ended.getOrDefault(LandedState.NOT_ENTITLED, List.of()));
  }
}
