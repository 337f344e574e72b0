package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.io.databento.RetryPolicy;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order of a run, and of a plan: who answers, what is missing in the chosen {@link PlanScope},
 * what it costs, whether the {@link SpendingCaps} let it pass, then {@link PlanExecution} between
 * the two rows of {@link RunRecord}. Nothing is written and nothing is billed before every check
 * has passed; a plan that is empty writes nothing at all.
 */
final class RunAction {
  private final RunContext run;
  private final PlanScope scope;

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
    Optional<Path> existing = run.options().database().filter(Files::exists);
    try (HistoricalClient client = HttpHistoricalClient.connect(run.options().api());
        Opened database = Opened.reading(existing)) {
      JobPlanner planner = run.planner(client, database.ledger(), scope);
      Job job = run.options().job();
      show(planner.plan(job, run.target(), planner.requireOrigin(job)));
      return ExitCodes.OK;
    }
  }

  /** Plans, lands and loads. */
  int run() throws IOException {
    RunSummary summary = execute();
    if (summary != null) {
      SummaryReport report = new SummaryReport(summary);
      run.console().result(run.console().json() ? report.json().toPrettyString() : report.text());
      return report.exitCode();
    }
    return ExitCodes.OK;
  }

  /** Runs and says how it ended; null when it stopped after the plan, as it was asked to. */
  @Nullable RunSummary execute() throws IOException {
    Job job = run.options().job();
    TargetSpec target = run.target();
    try (HistoricalClient client = HttpHistoricalClient.connect(run.options().api());
        Opened existing = Opened.writing(run.database(), run.databaseOptions())) {
      JobPlanner planner = run.planner(client, existing.ledger(), scope);
      String origin = planner.requireOrigin(job);
      if (!run.options().dryRun()) {
        BackfillPipeline.startLoading();
        OrphanedAnswers.adopt(run, client, origin);
      }
      PricedPlan plan = planner.plan(job, target, origin);
      plan.notes().forEach(run.console()::note);
      if (run.options().dryRun()) {
        show(plan);
        return null;
      }
      if (plan.plan().isEmpty()) {
        if (existing.database().isPresent()) {
          KilledRuns.settle(existing.database().get(), run.options().landing());
        }
        return SummarizeRun.nothingToDo(job, plan.plan(), target, planner.rows(job, target));
      }
      new SpendingCaps(run.options()).check(plan);
      run.console().note(PlanReport.line(plan));
      return carryOut(client, plan);
    }
  }

  private RunSummary carryOut(HistoricalClient client, PricedPlan plan) throws IOException {
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      String source = plan.job().source();
      Tables.prepare(database, run.target(), run.console()::note);
      run.landing().claimOrigin(source, plan.origin(), run.began());
      new LedgerLog(database).claimOrigin(source, plan.origin());
      return new RunRecord(database, plan, run)
          .around(
              () -> {
                rememberConditions(client, database, plan);
                new PlanExecution(run, database, plan).landAndLoad();
              });
    }
  }

  private void rememberConditions(HistoricalClient client, Database database, PricedPlan plan)
      throws IOException {
    DayConditions conditions = DayConditions.ask(client, plan);
    conditions.remember(database, run.clock().instant());
    if (conditions.notable() > 0) {
      run.console()
          .note(
              "The service marks "
                  + SummaryReport.counted(conditions.notable(), "day")
                  + " of the range as degraded, pending or missing; see ops.dataset_condition");
    }
  }

  private void show(PricedPlan plan) {
    run.console()
        .result(
            run.console().json() ? PlanReport.json(plan).toPrettyString() : PlanReport.text(plan));
  }
}
