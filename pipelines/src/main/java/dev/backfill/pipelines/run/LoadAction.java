package dev.backfill.pipelines.run;

import dev.backfill.io.databento.SpendLimit;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.transforms.ChunkPlanner;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.Plan;
import dev.backfill.transforms.PlanInput;
import dev.backfill.transforms.PlanInput.Again;
import dev.backfill.transforms.PlanInput.Known;
import dev.backfill.transforms.PlanPricer;
import dev.backfill.transforms.RunSummary;
import dev.backfill.transforms.SummarizeRun;
import dev.backfill.transforms.WantedRange;
import dev.backfill.transforms.WithdrawnSeries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The second half of a run: what has landed is loaded. Asks nothing, so it needs neither service
 * nor key; how far the data went, and what the service said of its days, is in the landing too. A
 * database that was lost is made again by it.
 */
final class LoadAction {
  private static final Set<LandedState> TO_LOAD =
      Set.of(LandedState.LANDED, LandedState.UNRESOLVED, LandedState.NOT_ENTITLED);

  private final RunContext run;
  private final Optional<String> asOf;

  /**
   * An action.
   *
   * @param asOf only what this run, or one that began before it, has landed
   */
  LoadAction(RunContext run, Optional<String> asOf) {
    this.run = run;
    this.asOf = asOf;
  }

  int run() throws IOException {
    return SummaryReport.ofLoad(execute()).to(run.console());
  }

  /** Whether the landing has anything of a job's dataset, schema and stype. */
  static boolean hasLanded(RunContext run) throws IOException {
    Job job = run.options().job();
    return run.landing().list(job.source(), job.dataset(), job.schema(), job.stypeIn()).stream()
        .anyMatch(one -> TO_LOAD.contains(one.getState()));
  }

  /** Loads what has landed and is not loaded; empty if there is none. */
  static Optional<RunSummary> whatHasLanded(RunContext run) throws IOException {
    return hasLanded(run)
        ? Optional.of(new LoadAction(run, Optional.empty()).execute(false))
            .filter(summary -> !summary.nothingToDo())
        : Optional.empty();
  }

  /** Loads it, and says how it ended. */
  RunSummary execute() throws IOException {
    return execute(true);
  }

  /** What another run only looks whether there is has no row of its own while there is none. */
  private RunSummary execute(boolean isRun) throws IOException {
    Job job = run.options().job();
    LandingArea landing = run.landing();
    String origin =
        landing
            .origin(job.source())
            .orElseThrow(
                () ->
                    new UsageException(
                        "There is nothing in the landing "
                            + landing.uri()
                            + " yet: land or run fetches into it, or give the right --landing"));
    try (RunHold hold = RunHold.take(run)) {
      OrphanedAnswers.quarantine(run);
      List<LandedChunk> landed = landed(landing, job);
      KnownSeries ledger = run.knownSeries();
      Plan plan = plan(job, landed, ledger);
      if (asOf.isEmpty() && isOlderLoaded(plan)) {
        run.console()
            .note(
                "Of some ranges an older state is loaded than the newest in the landing, which takes"
                    + " its place");
        plan =
            keeping(
                ledger,
                new ChunkPlanner(job, run.slots()).plan(replacing(input(job, landed, ledger))));
      }
      PricedPlan priced =
          new PricedPlan(
              job,
              plan,
              List.of(),
              PlanPricer.Price.NOTHING,
              origin,
              GroupWriter.DATA_END_UNKNOWN,
              asOf.map(id -> "load as of " + id).orElse("load"));
      if (plan.isEmpty()) {
        RunSummary summary =
            SummarizeRun.nothingToDo(job, plan, run.target(), ledger.rows(), ledger.discontinued());
        if (isRun) {
          new RunRecord(run, priced, hold.waited()).idle(summary);
        }
        return summary;
      }
      return carryOut(priced, hold);
    }
  }

  private List<LandedChunk> landed(LandingArea landing, Job job) throws IOException {
    List<LandedChunk> all = landing.list(job.source(), job.dataset(), job.schema(), job.stypeIn());
    // The names of runs begin with the time at which they began.
    List<LandedChunk> known =
        all.stream()
            .filter(one -> asOf.isEmpty() || one.getRunId().compareTo(asOf.get()) <= 0)
            .filter(one -> TO_LOAD.contains(one.getState()))
            .toList();
    if (known.isEmpty()) {
      throw new UsageException(
          "Of "
              + job.name()
              + " nothing "
              + asOf.map(id -> "that run " + id + " or one before it has landed ").orElse("")
              + "is in the landing "
              + landing.uri()
              + ": land or run fetches it");
    }
    return known;
  }

  private Plan plan(Job job, List<LandedChunk> landed, KnownSeries ledger) {
    PlanInput input = input(job, landed, ledger);
    return keeping(
        ledger,
        new ChunkPlanner(job, run.slots())
            .plan(asOf.isPresent() ? replacing(forgettingWhen(input)) : input));
  }

  /** A series that is loaded and not known any more stays: nobody can fetch it again. */
  private static Plan keeping(KnownSeries ledger, Plan plan) {
    return plan.onlyToLoad(WithdrawnSeries.without(plan.toLoad(), ledger::served));
  }

  /** Whether something is to be loaded where something is loaded. */
  private static boolean isOlderLoaded(Plan plan) {
    return plan.toLoad().stream()
        .flatMap(landed -> landed.getPieces().stream())
        .anyMatch(
            piece ->
                !Coverage.of(new Interval(piece.getStartNs(), piece.getEndNs()))
                    .intersect(plan.covered().getOrDefault(piece.getSymbol(), Coverage.NONE))
                    .isEmpty());
  }

  private PlanInput input(Job job, List<LandedChunk> landed, KnownSeries ledger) {
    Map<String, Coverage> held = new HashMap<>();
    job.symbols().forEach(symbol -> held.put(symbol, Coverage.NONE));
    Coverage all = Coverage.NONE;
    for (LandedChunk one : landed) {
      Coverage range =
          Coverage.of(new Interval(one.getChunk().getStartNs(), one.getChunk().getEndNs()));
      all = all.union(range);
      for (String symbol : one.getChunk().getSymbols()) {
        held.computeIfPresent(symbol, (s, before) -> before.union(range));
      }
    }
    List<Interval> ranges = all.intervals();
    Interval hull = new Interval(ranges.get(0).startNs(), ranges.get(ranges.size() - 1).endNs());
    Interval wanted = WantedRange.of(job, hull).range();
    return PlanInput.missing(wanted, known(landed, ledger), landed)
        .withWantedOf(held)
        .withoutService();
  }

  /** What is covered, by when it was asked for: so it is seen which answers are newer. */
  private Map<String, List<Known>> known(List<LandedChunk> landed, KnownSeries ledger) {
    AskedTimes times = new AskedTimes(ledger.answers(), landed);
    Map<String, List<Known>> known = new HashMap<>();
    KnownIntervals.rows(ledger.notServed(), run.clock().instant())
        .forEach((symbol, rows) -> known.put(symbol, new ArrayList<>(rows)));
    ledger
        .served()
        .forEach(
            (symbol, rows) -> {
              List<Known> all = known.computeIfAbsent(symbol, s -> new ArrayList<>());
              rows.stream()
                  .flatMap(row -> times.of(row, row.interval()).stream())
                  .forEach(asked -> all.add(new Known(asked.interval(), asked.atNs())));
            });
    known.values().forEach(rows -> rows.sort(Comparator.comparing(Known::interval)));
    return known;
  }

  /** What is loaded counts as older than anything, so that an older answer takes its place. */
  private static PlanInput forgettingWhen(PlanInput input) {
    Map<String, List<Known>> known = new HashMap<>();
    input
        .known()
        .forEach(
            (symbol, rows) ->
                known.put(
                    symbol,
                    rows.stream().map(row -> new Known(row.interval(), Long.MIN_VALUE)).toList()));
    return input.withKnown(known);
  }

  /** The same as a plan that replaces rows, so that those that differ are counted. */
  private static PlanInput replacing(PlanInput input) {
    Interval wanted = input.wanted();
    Map<String, List<Again>> again = new HashMap<>();
    if (wanted != null) {
      for (String symbol : input.known().keySet()) {
        again.put(symbol, List.of(new Again(wanted, Long.MIN_VALUE)));
      }
    }
    return input.withAgain(again);
  }

  private RunSummary carryOut(PricedPlan plan, RunHold hold) throws IOException {
    String source = plan.job().source();
    run.console().note(PlanReport.line(plan));
    hold.beforeLanding();
    RunRecord record = new RunRecord(run, plan, hold.waited());
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      Tables.prepare(database, run.target(), run.console()::note);
      LedgerLog log = new LedgerLog(database);
      log.claimOrigin(source, plan.origin());
      record.begin(database);
      DayConditions.restore(database, run, plan.job());
      log.requests(JournalRows.all(run.options().landing().toString()));
    }
    keepJob(plan);
    hold.begun();
    return record.around(
        () -> new PlanExecution(run, plan, SpendLimit.NONE, hold.heart()).landAndLoad());
  }

  /** A landing that may only be read can be loaded from all the same. */
  private void keepJob(PricedPlan plan) {
    try {
      KeptJob.keep(run.landing(), plan);
    } catch (IOException e) {
      run.console()
          .note(
              "The job could not be kept in the landing ("
                  + e.getMessage()
                  + "); a repair of a lost database would not know its table");
    }
  }
}
