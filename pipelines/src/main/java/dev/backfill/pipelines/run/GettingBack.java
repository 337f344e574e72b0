package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.databento.Dollars;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HttpHistoricalClient;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.ChunkPlanner;
import dev.backfill.transforms.Plan;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What it takes to have some ranges of a job again: what the landing holds of them costs nothing,
 * the rest has a price, the service's own where it answers, else what the ledger says was paid.
 *
 * @param job with the symbols in question
 * @param plan what to load from the landing and what to ask for
 * @param usd of what must be asked for
 * @param priced who says so
 */
record GettingBack(Job job, Plan plan, double usd, Priced priced) {
  private static final int SECONDS_TO_ANSWER = 20;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** Whose price it is. */
  enum Priced {
    /** There is nothing to ask for. */
    NOTHING("nothing has to be bought"),
    /** The service said so now. */
    SERVICE("by the service's price"),
    /** FRED gives away what it has. */
    FREE("FRED is free"),
    /** The service was not asked or did not answer. */
    LEDGER("by what the ledger says it cost; the service was not reached");

    private final String words;

    Priced(String words) {
      this.words = words;
    }
  }

  /**
   * Plans it.
   *
   * @param job whose table, dataset and schema are meant
   * @param missing what is to be had again, by requested symbol; not empty
   * @param states of the database that paid for it
   */
  static GettingBack of(
      Job job,
      Map<String, Coverage> missing,
      LandingArea landing,
      Optional<ApiOptions> api,
      LedgerStates states)
      throws IOException {
    Job narrowed = job.withSymbols(List.copyOf(missing.keySet()));
    Plan plan = plan(narrowed, missing, landing);
    if (plan.toAsk().isEmpty()) {
      return new GettingBack(narrowed, plan, 0, Priced.NOTHING);
    }
    if (Fred.isSourceOf(job)) {
      return new GettingBack(narrowed, plan, 0, Priced.FREE);
    }
    Optional<Double> asked = api.flatMap(options -> ask(options, job, landing, plan.toAsk()));
    if (asked.isPresent()) {
      return new GettingBack(narrowed, plan, asked.get(), Priced.SERVICE);
    }
    double paid =
        states.paid(job.source(), job.dataset(), job.schema(), job.stypeIn(), toAsk(plan));
    return new GettingBack(narrowed, plan, paid, Priced.LEDGER);
  }

  /** Plans to have again what the landing holds. */
  static GettingBack free(Job job, Map<String, Coverage> held, LandingArea landing)
      throws IOException {
    return new GettingBack(job, plan(job, held, landing), 0, Priced.NOTHING);
  }

  private static Plan plan(Job job, Map<String, Coverage> missing, LandingArea landing)
      throws IOException {
    Interval span = span(missing);
    Map<String, Coverage> covered = new HashMap<>();
    missing.forEach((symbol, of) -> covered.put(symbol, Coverage.of(span).minus(of)));
    return new ChunkPlanner(job, 1)
        .plan(
            span, covered, landing.list(job.source(), job.dataset(), job.schema(), job.stypeIn()));
  }

  /** The service's price; empty if it does not answer in time, or is another than the data's. */
  private static Optional<Double> ask(
      ApiOptions api, Job job, LandingArea landing, List<Chunk> chunks) {
    ExecutorService beside =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "price");
              thread.setDaemon(true);
              return thread;
            });
    Future<Optional<Double>> answer =
        beside.submit(
            () -> {
              try (HistoricalClient client =
                  HttpHistoricalClient.connect(api, GettingBack::briefly, Clock.systemUTC())) {
                Optional<String> filledBy = landing.origin(job.source());
                boolean same = filledBy.map(client.origin().origin()::equals).orElse(true);
                return same
                    ? Optional.of(new PlanPricer(client).price(chunks).usd())
                    : Optional.empty();
              }
            });
    try {
      return answer.get(SECONDS_TO_ANSWER, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } finally {
      beside.shutdownNow();
    }
  }

  /** A price that is nice to know is not worth a long wait. */
  private static void briefly(Duration wait) throws InterruptedException {
    if (wait.compareTo(LONGEST_WAIT) > 0) {
      throw new InterruptedException("The service does not answer at once");
    }
    Sleeper.SYSTEM.sleep(wait);
  }

  private static Map<String, Coverage> toAsk(Plan plan) {
    Map<String, Coverage> asked = new HashMap<>();
    for (Chunk chunk : plan.toAsk()) {
      Coverage range = Coverage.of(new Interval(chunk.getStartNs(), chunk.getEndNs()));
      chunk.getSymbols().forEach(symbol -> asked.merge(symbol, range, Coverage::union));
    }
    return asked;
  }

  private static Interval span(Map<String, Coverage> missing) {
    List<Interval> all = missing.values().stream().flatMap(c -> c.intervals().stream()).toList();
    return new Interval(
        all.stream().mapToLong(Interval::startNs).min().orElseThrow(),
        all.stream().mapToLong(Interval::endNs).max().orElseThrow());
  }

  /** Whether something of it must be bought. */
  boolean mustBuy() {
    return !plan.toAsk().isEmpty();
  }

  /** Two halves of a sentence. */
  String text() {
    String free =
        plan.toLoad().isEmpty()
            ? "the landing holds nothing of it"
            : "the landing holds "
                + SummaryReport.counted(plan.toLoad().size(), "answer")
                + " of it, to be loaded for nothing";
    if (priced == Priced.FREE) {
      return free + "; the rest is asked for again: " + priced.words;
    }
    return mustBuy()
        ? free + "; the rest costs about " + Dollars.text(usd) + ", " + priced.words
        : free + "; " + priced.words;
  }

  void json(ObjectNode node) {
    node.put("answers_in_landing", plan.toLoad().size())
        .put("chunks_to_buy", plan.toAsk().size())
        .put("cost_usd", usd)
        .put("priced_by", priced.name().toLowerCase(Locale.ROOT));
  }
}
