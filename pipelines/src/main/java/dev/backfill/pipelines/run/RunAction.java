package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ChunkLander;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.io.databento.LandingOptions;
import dev.backfill.io.databento.RetryPolicy;
import dev.backfill.io.databento.Sleeper;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.DayCondition;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Progress;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.LoadSpec;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans, prices, refuses or runs: the whole of {@code plan} and {@code run}. Nothing is written and
 * nothing is billed before every check has passed; a plan that is empty writes nothing at all.
 */
final class RunAction {
  /** Requests under way at once, and threads that write: a request mostly waits. */
  static final int PARALLELISM = 4;

  private final RunOptions options;
  private final Console console;
  private final Clock clock;
  private final RetryPolicy retries;

  RunAction(RunOptions options, Console console, Clock clock, RetryPolicy retries) {
    this.options = options;
    this.console = console;
    this.clock = clock;
    this.retries = retries;
  }

  /** Says what would be done. */
  int plan() throws IOException {
    Optional<Path> existing = options.database().filter(Files::exists);
    try (HistoricalClient client = HttpHistoricalClient.connect(options.api());
        Opened database = Opened.reading(existing)) {
      JobPlanner planner = planner(client, database.ledger());
      PricedPlan plan =
          planner.plan(options.job(), target(""), planner.requireOrigin(options.job()));
      console.result(
          console.json() ? PlanReport.json(plan).toPrettyString() : PlanReport.text(plan));
      return ExitCodes.OK;
    }
  }

  /** Plans, lands and loads. */
  int run() throws IOException {
    RunSummary summary = execute();
    if (summary != null) {
      SummaryReport report = new SummaryReport(summary);
      console.result(console.json() ? report.json().toPrettyString() : report.text());
      return report.exitCode();
    }
    return ExitCodes.OK;
  }

  /** Runs and says how it ended; null when it stopped after the plan, as it was asked to. */
  @Nullable RunSummary execute() throws IOException {
    Instant began = clock.instant();
    Path file =
        options
            .database()
            .orElseThrow(() -> new IllegalArgumentException("run needs a database: give --db"));
    String runId = RunIds.next(began);
    TargetSpec target = target(runId);
    try (HistoricalClient client = HttpHistoricalClient.connect(options.api());
        Opened existing = Opened.writing(file, databaseOptions())) {
      JobPlanner planner = planner(client, existing.ledger());
      String origin = planner.requireOrigin(options.job());
      if (!options.dryRun()) {
        BackfillPipeline.startLoading();
        adoptOrphans(client, origin, runId);
      }
      PricedPlan plan = planner.plan(options.job(), target, origin);
      plan.notes().forEach(console::note);
      if (options.dryRun()) {
        console.result(
            console.json() ? PlanReport.json(plan).toPrettyString() : PlanReport.text(plan));
        return null;
      }
      if (plan.plan().isEmpty()) {
        if (existing.database().isPresent()) {
          KilledRuns.settle(existing.database().get(), options.landing());
        }
        return SummarizeRun.nothingToDo(
            options.job(), plan.plan(), target, planner.rows(options.job(), target));
      }
      refuseAboveCap(plan);
      console.note(PlanReport.line(plan));
      try (Database database = Database.open(file.toString(), databaseOptions())) {
        Tables.prepare(database, target);
        landing().claimOrigin(options.job().source(), plan.origin(), began);
        new LedgerLog(database).claimOrigin(options.job().source(), plan.origin());
        return new RunRecord(database, plan, target, options, began, clock)
            .around(() -> fetchAndLoad(client, database, plan, target));
      }
    }
  }

  private void fetchAndLoad(
      HistoricalClient client, Database database, PricedPlan plan, TargetSpec target)
      throws IOException {
    rememberConditions(client, database, plan);
    LandingOptions landingOptions =
        LandingOptions.of(
                options.landing().toString(), options.api(), plan.origin(), target.runId())
            .withRetries(retries);
    LoadSpec load = new LoadSpec(target, options.landing().toString(), plan.availableEndNs());
    RunProgress progress = new RunProgress(landing(), new Ledger(database), target.runId(), plan);
    Progress shown = Progress.show(console, progress::line);
    try (shown) {
      List<Waves.Wave> waves = Waves.of(plan.plan());
      int slots = options.parallelism().orElse(PARALLELISM);
      int each = waves.size() == 1 ? slots : Math.max(1, slots / Waves.AT_ONCE);
      Waves.run(
          waves,
          wave -> BackfillPipeline.execute(wave, landingOptions, load, each, options.beamArgs()));
    } finally {
      new LedgerLog(database)
          .requests(JournalRows.of(options.landing().toString(), target.runId()));
    }
  }

  /** Gives answers that are whole the sidecar that a killed run did not come to write. */
  private void adoptOrphans(HistoricalClient client, String origin, String runId)
      throws IOException {
    String dataset = options.job().dataset();
    String schema = options.job().schema();
    LandingArea landing = landing();
    if (landing.orphans(options.job().source(), dataset, schema).isEmpty()) {
      return;
    }
    try (RequestJournal journal = landing.journal()) {
      int adopted =
          new ChunkLander(client, landing, journal, origin, retries, Sleeper.SYSTEM, clock)
              .adoptOrphans(dataset, schema, runId)
              .size();
      if (adopted > 0) {
        console.note(
            SummaryReport.counted(adopted, "answer") + " of a run that was stopped will be used");
      }
    }
  }

  /** Keeps the service's word on the days that are asked for. */
  private void rememberConditions(HistoricalClient client, Database database, PricedPlan plan)
      throws IOException {
    List<Chunk> asked = plan.plan().toAsk();
    if (asked.isEmpty()) {
      return;
    }
    LocalDate first = Times.date(asked.stream().mapToLong(Chunk::getStartNs).min().getAsLong());
    LocalDate last = Times.date(asked.stream().mapToLong(Chunk::getEndNs).max().getAsLong() - 1);
    String dataset = options.job().dataset();
    List<DayCondition> days =
        client.datasetCondition(dataset, first, last).stream()
            .map(d -> new DayCondition(dataset, d.date(), d.condition(), d.lastModified()))
            .toList();
    new LedgerLog(database).conditions(dataset, first, last, days, clock.instant());
    long notable = days.stream().filter(d -> !d.condition().equals("available")).count();
    if (notable > 0) {
      console.note(
          "The service marks "
              + SummaryReport.counted(notable, "day")
              + " of the range as degraded, pending or missing; see ops.dataset_condition");
    }
  }

  private void refuseAboveCap(PricedPlan plan) {
    if (options.maxCostUsd().isPresent()) {
      BigDecimal cap = options.maxCostUsd().get();
      if (BigDecimal.valueOf(plan.price().usd()).compareTo(cap) > 0) {
        throw new RefusedException(
            String.format(
                Locale.ROOT,
                "The plan costs $%.2f, above --max-cost-usd %s. Nothing was spent. Raise the cap,"
                    + " or narrow --from, --to or --symbols",
                plan.price().usd(),
                cap.toPlainString()));
      }
    }
  }

  private JobPlanner planner(HistoricalClient client, Optional<Ledger> ledger) {
    return new JobPlanner(
        client, landing(), ledger, options.parallelism().orElse(PARALLELISM), clock.instant());
  }

  private LandingArea landing() {
    return LandingArea.at(options.landing().toString());
  }

  private TargetSpec target(String runId) {
    return new TargetSpec(
        options.database().map(Path::toString).orElse(""),
        options.job().table(),
        options.job().publishers(),
        options.job().primaryKey(),
        runId);
  }

  private DatabaseOptions databaseOptions() {
    return options
        .storageVersion()
        .map(DatabaseOptions.DEFAULT::withStorageVersion)
        .orElse(DatabaseOptions.DEFAULT);
  }
}
