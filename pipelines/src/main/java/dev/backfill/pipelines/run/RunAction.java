package dev.backfill.pipelines.run;

import dev.backfill.io.databento.SpendLimit;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.TableGoneException;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.PlanPricer;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The order of a run, and of a plan: who answers, what is missing in the chosen {@link PlanScope},
 * what it costs, whether the {@link SpendingCaps} let it pass, then {@link PlanExecution} between
 * the two rows of {@link RunRecord}. Nothing is loaded and nothing is billed before every check has
 * passed; a run that the service or a cap has stopped before that is noted in a database that is
 * there already, and so is one that found nothing to do. Used once.
 */
final class RunAction {
  private final RunContext run;
  private final PlanScope scope;

  /** From then on the run's own record says how it ends. */
  private boolean isBegun;

  private boolean isAboveCap;

  /** Brings what is missing. */
  RunAction(RunOptions options, Console console, Clock clock, RetryPolicy retries) {
    this(RunContext.begin(options, console, clock, retries), PlanScope.MISSING);
  }

  RunAction(RunContext run, PlanScope scope) {
    this.run = run;
    this.scope = scope;
  }

  /** Says what would be done. */
  int plan() throws IOException {
    return priced().to(run.console());
  }

  /** What would be done, and whether a run of it would be refused. */
  PlanReport priced() throws IOException {
    PricedPlan plan = look();
    sayWhatWouldChange();
    return new PlanReport(plan, refusal(plan.price()));
  }

  /** What would be done, without a word to anybody. */
  PricedPlan look() throws IOException {
    KnownSeries ledger = run.readingOnly().knownSeries();
    try (RunService service = RunService.connect(run)) {
      JobPlanner planner = run.planner(service, ledger, scope);
      Job job = run.options().job();
      return planner.plan(job, planner.requireOrigin(job));
    }
  }

  /** Why something of this price would be refused; empty if it may be bought. */
  Optional<SpendingCaps.Refusal> refusal(PlanPricer.Price price) throws IOException {
    RunContext reading = run.readingOnly();
    return new SpendingCaps(run.options().spend(), reading.knownSeries().monthCap())
        .refusal(price, reading::spentThisMonth, run.clock().instant());
  }

  /**
   * Lets pass what all parts of a job come to, or refuses them all, which is noted as of a single
   * job. Only for who holds the database.
   *
   * @throws RefusedException if it costs more than a cap allows; nothing was spent
   */
  void requireAffordable(PlanPricer.Price all) throws IOException {
    try {
      limit(caps(), all);
    } catch (RefusedException e) {
      RunFailure.note(run, e);
      throw e;
    }
  }

  /**
   * The same for who only lands.
   *
   * @throws RefusedException if it costs more than a cap allows; nothing was spent or written
   */
  void requireWithinCaps(PlanPricer.Price all) throws IOException {
    caps().check(all, run::spentThisMonth, run.clock().instant());
  }

  private SpendingCaps caps() {
    return new SpendingCaps(run.options().spend(), run.readingOnly().knownSeries().monthCap());
  }

  /** A table that is somebody else's is changed by a run; a plan says so before. */
  void sayWhatWouldChange() {
    try (Opened opened =
        Opened.reading(run.options().database(), run.readingOnly().options().patience())) {
      opened
          .database()
          .map(database -> Tables.changes(database, run.options().job().table()))
          .orElse(List.of())
          .forEach(change -> run.console().note("A run would take the database over. " + change));
    }
  }

  /** Plans, lands and loads, or stops after the plan if it was asked to. */
  int run() throws IOException {
    return run.options().dryRun() ? plan() : new SummaryReport(execute()).to(run.console());
  }

  /** Plans, lands and loads, and says how it ended. */
  RunSummary execute() throws IOException {
    try {
      return planAndCarryOut();
    } catch (IOException | RefusedException | TableGoneException e) {
      if (!isBegun && (isAboveCap || RunFailure.isToBeNoted(e))) {
        RunFailure.note(run, e);
      }
      throw e;
    }
  }

  private RunSummary planAndCarryOut() throws IOException {
    requireRunner();
    BeamStart.begin();
    Followed followed = new ClusterJobs(run).follow(() -> LoadAction.whatHasLanded(run.again()));
    try (RunService service = RunService.connect(run);
        RunHold hold = RunHold.takeToLand(run)) {
      followed.settle(run);
      RunSummary summary = planAndCarryOut(service, hold);
      return followed.addTo(summary, run).warning(service.warnings());
    }
  }

  private RunSummary planAndCarryOut(RunService service, RunHold hold) throws IOException {
    KnownSeries ledger = run.knownSeries();
    JobPlanner planner = run.planner(service, ledger, scope);
    Job job = run.options().job();
    String origin = planner.requireOrigin(job);
    service.adopt(run, origin);
    PricedPlan plan = planner.plan(job, origin);
    plan.notes().forEach(run.console()::note);
    SpendingCaps caps = new SpendingCaps(run.options().spend(), ledger.monthCap());
    if (plan.plan().isEmpty()) {
      RunSummary summary =
          SummarizeRun.nothingToDo(
              job, plan.plan(), run.target(), ledger.notServed(), ledger.discontinued());
      if (run.options().spend().month().isGiven()) {
        settle(caps);
      }
      new RunRecord(run, plan, hold.waited()).idle(summary);
      return summary;
    }
    SpendLimit limit = limit(caps, plan.price());
    run.console().note(PlanReport.line(plan));
    return carryOut(service, plan, hold, caps, limit);
  }

  /** A runner that cannot do it is told before anything else is done. */
  private void requireRunner() throws IOException {
    RunnerOptions runner = run.options().runner();
    RunnerSettings.requireKnown(runner.beamArgs());
    RunnerSettings.requireSuits(runner, run.options().job());
    if (runner.isRemote()) {
      ClusterLanding.check(runner);
    }
  }

  /** Keeps the monthly cap that was given to a run that buys nothing. */
  private void settle(SpendingCaps caps) throws IOException {
    if (!Database.isThere(run.database())) {
      return;
    }
    try (Database database = Database.open(run.database().toString())) {
      KilledRuns.settle(database, run.options().landing());
      caps.remember(database);
    }
  }

  /** A refused run too keeps the monthly cap that it was given: the next must not go unbounded. */
  private SpendLimit limit(SpendingCaps caps, PlanPricer.Price price) throws IOException {
    try {
      return caps.check(price, run::spentThisMonth, run.clock().instant());
    } catch (RefusedException e) {
      isAboveCap = true;
      if (run.options().spend().month().isGiven()) {
        settleRefused(caps);
      }
      throw e;
    }
  }

  /** Why it was refused is what the person must hear of, whatever comes of this. */
  private void settleRefused(SpendingCaps caps) throws IOException {
    try {
      settle(caps);
    } catch (DatabaseException e) {
      run.console()
          .warn(
              "The monthly cap could not be written into the database, so the next run must be"
                  + " given it again: "
                  + e.getMessage());
    }
  }

  private RunSummary carryOut(
      RunService service, PricedPlan plan, RunHold hold, SpendingCaps caps, SpendLimit limit)
      throws IOException {
    DayConditions conditions = service.conditions(plan);
    hold.beforeLanding();
    RunRecord record = new RunRecord(run, plan, hold.waited());
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      String source = plan.job().source();
      Tables.prepare(database, run.target(), run.console()::note);
      run.landing().claimOrigin(source, plan.origin(), run.began());
      conditions.land(run);
      KeptJob.keep(run.landing(), plan);
      new LedgerLog(database).claimOrigin(source, plan.origin());
      caps.remember(database);
      record.begin(database);
      conditions.remember(database, run.clock().instant());
    }
    isBegun = true;
    describe(conditions);
    hold.begun();
    return record.around(() -> new PlanExecution(run, plan, limit, hold.heart()).landAndLoad());
  }

  private void describe(DayConditions conditions) {
    if (conditions.notable() > 0) {
      run.console()
          .note(
              "The service marks "
                  + SummaryReport.counted(conditions.notable(), "day")
                  + " of the range as degraded, pending or missing; see ops.dataset_condition");
    }
  }
}
