package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.duckdb.FredLoaded;
import dev.backfill.io.fred.FredApiException;
import dev.backfill.io.fred.FredClient;
import dev.backfill.io.fred.FredSeries;
import dev.backfill.io.http.Retrier;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Progress;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput.Again;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * FRED, as a run asks it: one question for each series, which tells whether it exists, whether it
 * has ended, and when it was last updated. A series is asked for anew exactly when that is later
 * than what has landed, or what is loaded where the landing does not know. One that the service has
 * withdrawn is kept. All of it is free.
 */
final class FredService implements RunService {
  private static final Duration A_DAY = Duration.ofDays(1);

  /** So many series in a row without an answer are the service's failure, not theirs. */
  private static final int DOWN = 5;

  private final RunContext run;
  private final FredClient client;
  private final Retrier retrier;
  private final Map<String, FredSeries> known = new LinkedHashMap<>();
  private List<String> warnings = List.of();

  FredService(RunContext run) {
    this.run = run;
    this.client = FredClient.connect(run.options().fred());
    this.retrier = new Retrier(run.retries(), Sleeper.SYSTEM, Clock.systemUTC());
  }

  @Override
  public String origin() throws IOException {
    return retrier.run("GET /fred/", attempt -> client.origin());
  }

  @Override
  public Interval available(Job job) {
    return Fred.WHOLE;
  }

  @Override
  public PlanScope.Choice choose(PlanScope scope, PlanScope.Facts facts) throws IOException {
    PlanScope.Choice choice = scope.onlyChanged() ? facts.missing() : scope.choose(facts);
    Map<String, Coverage> wantedOf = new HashMap<>(choice.input().wantedOf());
    FredChanges changes = new FredChanges(facts, loaded());
    List<String> asked = new ArrayList<>();
    for (String id : facts.job().symbols()) {
      if (!wantedOf.getOrDefault(id, Coverage.of(Fred.WHOLE)).isEmpty()) {
        asked.add(id);
      }
    }
    askAll(asked, changes);
    Map<String, List<Again>> again = new HashMap<>(choice.input().again());
    for (String id : changes.changed()) {
      again.putIfAbsent(id, List.of(new Again(Fred.WHOLE, Times.nanos(facts.now()))));
    }
    // Asked for anew, it would be found unknown, and that replaces what nobody can fetch again.
    changes.withdrawn().forEach(again::remove);
    if (scope.onlyChanged()) {
      asked.forEach(id -> wantedOf.put(id, Coverage.NONE));
      changes.changed().forEach(id -> wantedOf.put(id, Coverage.of(Fred.WHOLE)));
    }
    warnings = changes.saidOfWithdrawn().map(List::of).orElse(List.of());
    List<String> notes = new ArrayList<>(choice.notes());
    notes.add(changes.said());
    return new PlanScope.Choice(choice.input().withAgain(again).withWantedOf(wantedOf), notes);
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  private void askAll(List<String> ids, FredChanges changes) throws IOException {
    int failures = 0;
    AtomicInteger asked = new AtomicInteger();
    Progress shown = Progress.show(run.console(), () -> asking(asked.get(), ids.size()));
    try (shown) {
      for (String id : ids) {
        try {
          changes.add(id, ask(id));
          failures = 0;
        } catch (IOException e) {
          failures++;
          if (failures == DOWN || !isOfOneSeries(e)) {
            throw e;
          }
          changes.addUnanswered(id);
        }
        asked.incrementAndGet();
      }
    }
  }

  /** So many requests a minute are allowed, and a job may have hundreds of series. */
  private static String asking(int asked, int all) {
    return "planning: asked FRED for " + asked + " of " + SummaryReport.counted(all, "id");
  }

  /** Whether the next series may well be answered for. */
  private static boolean isOfOneSeries(IOException failure) {
    return failure instanceof ServiceConnectionException || RetryPolicy.isRetryable(failure);
  }

  /** What the service says of a series; empty where it does not know it. */
  private Optional<FredSeries> ask(String id) throws IOException {
    try {
      FredSeries series =
          retrier.run("fred/series of " + id, attempt -> client.series(id)).series();
      known.put(id, series);
      return Optional.of(series);
    } catch (FredApiException e) {
      if (e.isUnknownSeries()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Map<String, FredLoaded> loaded() {
    if (!run.options().job().table().equals(Fred.TABLE)) {
      return Map.of();
    }
    try (Opened opened = Opened.reading(run.options().database(), run.options().patience())) {
      return opened.database().map(FredLoaded::read).orElse(Map.of());
    }
  }

  @Override
  public List<HistoricalClient.DayCondition> changes(
      String dataset, LocalDate first, LocalDate last) {
    return List.of();
  }

  /** Free, and how much it will be only by the span of each series. */
  @Override
  public PlanPricer.Price price(List<Chunk> toAsk) {
    List<Chunk> chunks = new ArrayList<>();
    long records = 0;
    for (Chunk chunk : toAsk) {
      FredSeries series = known.get(chunk.getSymbols().get(0));
      long estimate = series == null ? 0 : series.estimatedObservations();
      records += estimate;
      chunks.add(Chunk.newBuilder(chunk).setEstimatedRecords(estimate).build());
    }
    return new PlanPricer.Price(records, 0, 0, false, chunks);
  }

  @Override
  public DayConditions conditions(PricedPlan plan) {
    return new DayConditions(plan.job().dataset(), null, null, List.of());
  }

  /** What has no sidecar is asked for again, for nothing, and makes way for that. */
  @Override
  public void adopt(RunContext context, String origin) throws IOException {
    OrphanedAnswers.quarantine(context);
    Job job = context.options().job();
    LandingArea landing = context.landing();
    // By the real clock, as files are: the injected one may stand still.
    Instant yesterday = Instant.now().minus(A_DAY);
    landing.deleteTemporaries(job.source(), job.dataset(), job.schema(), yesterday);
    for (LandingArea.Orphan orphan : landing.orphans(job.source(), job.dataset(), job.schema())) {
      LandingArea.setAside(orphan, "a run that was stopped has left it without a sidecar");
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
