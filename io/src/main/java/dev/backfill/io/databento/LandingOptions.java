package dev.backfill.io.databento;

import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.LandingGate;
import java.io.Serializable;
import java.time.Clock;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * What landing needs on a worker. Holds no secret: the key is read there, by {@link ApiOptions}.
 *
 * @param landing the folder or URI, which all workers must see
 * @param api how to reach the service
 * @param apiOrigin who is there, as {@link HistoricalClient#origin} says, for the journal
 * @param runId names the run: letters, digits, dots, hyphens and underscores
 * @param retries how often an answer is bought again when it fails
 * @param newGeneration whether to buy what is in the landing already, once for a run
 * @param spendLimit what all requests of the run may come to, in each process
 * @param gate names the {@link LandingGate} that lets chunks through; empty for none
 * @param clients makes the client, on the worker
 * @param clock tells when something is asked; serializable, as the JDK's own are
 * @param requestsPerWorker how many chunks one worker lands at once
 * @param runFolder whether the launcher and the workers tell each other of the run, see {@link
 *     dev.backfill.io.landing.RunFolder}
 */
public record LandingOptions(
    LandingArea landing,
    ApiOptions api,
    String apiOrigin,
    String runId,
    RetryPolicy retries,
    boolean newGeneration,
    SpendLimit spendLimit,
    String gate,
    SerializableFunction<ApiOptions, HistoricalClient> clients,
    Clock clock,
    int requestsPerWorker,
    boolean runFolder)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Checks the number of requests. */
  public LandingOptions {
    if (requestsPerWorker < 1) {
      throw new IllegalArgumentException(
          "requestsPerWorker must be at least 1, but is " + requestsPerWorker);
    }
  }

  /** Lands with the usual retries what is not in the landing yet, over HTTP. */
  public static LandingOptions of(String landing, ApiOptions api, String apiOrigin, String runId) {
    return new LandingOptions(
        LandingArea.at(landing),
        api,
        apiOrigin,
        runId,
        RetryPolicy.forData(),
        false,
        SpendLimit.NONE,
        "",
        HttpHistoricalClient::connect,
        Clock.systemUTC(),
        1,
        false);
  }

  /** The same of another service, or with other limits. */
  public LandingOptions withApi(ApiOptions other) {
    return with(copy -> copy.api = other);
  }

  /** The same with other retries. */
  public LandingOptions withRetries(RetryPolicy policy) {
    return with(copy -> copy.retries = policy);
  }

  /**
   * The same, but what is in the landing already is bought again, beside it; for answers that the
   * service has corrected since.
   */
  public LandingOptions withNewGeneration(boolean again) {
    return with(copy -> copy.newGeneration = again);
  }

  /** The same under a limit on what its requests may come to. */
  public LandingOptions withSpendLimit(SpendLimit limit) {
    return with(copy -> copy.spendLimit = limit);
  }

  /** The same, but only what a gate lets through is landed. */
  public LandingOptions withGate(LandingGate opened) {
    return with(copy -> copy.gate = opened.id());
  }

  /** The same with clients made in another way; for tests of pipelines without a network. */
  public LandingOptions withClients(SerializableFunction<ApiOptions, HistoricalClient> factory) {
    return with(copy -> copy.clients = factory);
  }

  /** The same by another clock; for tests of pipelines, whose files then have names they know. */
  public LandingOptions withClock(Clock other) {
    return with(copy -> copy.clock = other);
  }

  /**
   * The same, but each worker lands so many chunks at once, on threads of its own; for runners
   * whose workers have long bundles, like Flink's. With 1, which is usual, a worker lands in the
   * runner's thread.
   *
   * @param number at least 1; the service's limits on a process hold for all of them together
   */
  public LandingOptions withRequestsPerWorker(int number) {
    return with(copy -> copy.requestsPerWorker = number);
  }

  /**
   * The same, for workers that are processes elsewhere: each reads in the run's folder whether it
   * sees the launcher's landing and whether the run was stopped, before it asks anything, and
   * writes there how each chunk has ended.
   */
  public LandingOptions withRunFolder(boolean used) {
    return with(copy -> copy.runFolder = used);
  }

  private LandingOptions with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.options();
  }

  /** A change of one of a dozen, two of them of one type, is safer by name than by place. */
  private static final class Copy {
    private LandingArea landing;
    private ApiOptions api;
    private String apiOrigin;
    private String runId;
    private RetryPolicy retries;
    private boolean newGeneration;
    private SpendLimit spendLimit;
    private String gate;
    private SerializableFunction<ApiOptions, HistoricalClient> clients;
    private Clock clock;
    private int requestsPerWorker;
    private boolean runFolder;

    Copy(LandingOptions from) {
      this.landing = from.landing;
      this.api = from.api;
      this.apiOrigin = from.apiOrigin;
      this.runId = from.runId;
      this.retries = from.retries;
      this.newGeneration = from.newGeneration;
      this.spendLimit = from.spendLimit;
      this.gate = from.gate;
      this.clients = from.clients;
      this.clock = from.clock;
      this.requestsPerWorker = from.requestsPerWorker;
      this.runFolder = from.runFolder;
    }

    LandingOptions options() {
      return new LandingOptions(
          landing,
          api,
          apiOrigin,
          runId,
          retries,
          newGeneration,
          spendLimit,
          gate,
          clients,
          clock,
          requestsPerWorker,
          runFolder);
    }
  }
}
