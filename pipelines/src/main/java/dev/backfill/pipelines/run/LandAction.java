package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.io.databento.SpendLimit;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The first half of a run: what is missing is landed and nothing is loaded. Writes no database; one
 * that is there is only read, for what need not be asked.
 */
final class LandAction {
  private static final int SHOWN = 8;

  private final RunContext run;

  LandAction(RunContext run) {
    this.run = run;
  }

  int run() throws IOException {
    if (run.options().dryRun()) {
      return new RunAction(run, PlanScope.MISSING).plan();
    }
    Job job = run.options().job();
    RunnerSettings.requireKnown(run.options().runner().beamArgs());
    RunnerSettings.requireSuits(run.options().runner(), job);
    if (run.options().runner().isRemote()) {
      ClusterLanding.check(run.options().runner());
    }
    // What lands meanwhile is not loaded by a command that only lands.
    new ClusterJobs(run).follow(() -> {});
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
                .check(plan, run::spentThisMonth, run.clock().instant());
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

  private int report(PricedPlan plan) throws IOException {
    Job job = plan.job();
    Map<LandedState, List<LandedChunk>> ended = new EnumMap<>(LandedState.class);
    for (LandedChunk one :
        run.landing().list(job.source(), job.dataset(), job.schema(), job.stypeIn())) {
      if (one.getRunId().equals(run.runId())) {
        ended.computeIfAbsent(one.getState(), state -> new ArrayList<>()).add(one);
      }
    }
    List<LandedChunk> landed = ended.getOrDefault(LandedState.LANDED, List.of());
    List<LandedChunk> failed = ended.getOrDefault(LandedState.FAILED, List.of());
    List<LandedChunk> refused = ended.getOrDefault(LandedState.NOT_ENTITLED, List.of());
    long records = landed.stream().mapToLong(LandedChunk::getRecordCount).sum();
    int code =
        !refused.isEmpty()
            ? ExitCodes.REFUSED
            : failed.isEmpty() ? ExitCodes.OK : ExitCodes.CHUNKS_FAILED;
    if (run.console().json()) {
      run.console()
          .result(
              new ObjectMapper()
                  .createObjectNode()
                  .put("job", job.name())
                  .put("run_id", run.runId())
                  .put("exit_code", code)
                  .put("chunks_landed", landed.size())
                  .put("chunks_failed", failed.size())
                  .put("chunks_not_entitled", refused.size())
                  .put("records", records)
                  .put("chunks_to_load", landed.size() + plan.plan().toLoad().size())
                  .toPrettyString());
      return code;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        plan.plan().toAsk().isEmpty()
            ? job.name() + ": nothing to land; all that is wanted is loaded or landed"
            : job.name()
                + ": "
                + SummaryReport.counted(records, "record")
                + " landed in "
                + SummaryReport.counted(landed.size(), "chunk")
                + "; backfill load "
                + job.name()
                + " brings them into a database");
    describe(lines, "not in this key's subscription", refused);
    describe(lines, "failed", failed);
    run.console().result(String.join(System.lineSeparator(), lines));
    return code;
  }

  private static void describe(List<String> lines, String what, List<LandedChunk> chunks) {
    for (LandedChunk one : chunks.subList(0, Math.min(SHOWN, chunks.size()))) {
      lines.add("  " + what + ": chunk " + one.getChunk().getChunkId() + ": " + one.getError());
    }
    if (chunks.size() > SHOWN) {
      lines.add("  … and " + (chunks.size() - SHOWN) + " more");
    }
  }
}
