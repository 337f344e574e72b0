package dev.backfill.io.databento;

import dev.backfill.io.landing.LandingArea;
import java.io.Serializable;
import java.time.Clock;
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
    Clock clock)
    implements Serializable {
  private static final long serialVersionUID = 1L;

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
        Clock.systemUTC());
  }

  /** The same with other retries. */
  public LandingOptions withRetries(RetryPolicy policy) {
    return new LandingOptions(
        landing, api, apiOrigin, runId, policy, newGeneration, spendLimit, gate, clients, clock);
  }

  /**
   * The same, but what is in the landing already is bought again, beside it; for answers that the
   * service has corrected since.
   */
  public LandingOptions withNewGeneration(boolean again) {
    return new LandingOptions(
        landing, api, apiOrigin, runId, retries, again, spendLimit, gate, clients, clock);
  }

  /** The same under a limit on what its requests may come to. */
  public LandingOptions withSpendLimit(SpendLimit limit) {
    return new LandingOptions(
        landing, api, apiOrigin, runId, retries, newGeneration, limit, gate, clients, clock);
  }

  /** The same, but only what a gate lets through is landed. */
  public LandingOptions withGate(LandingGate opened) {
    return new LandingOptions(
        landing,
        api,
        apiOrigin,
        runId,
        retries,
        newGeneration,
        spendLimit,
        opened.id(),
        clients,
        clock);
  }

  /** The same with clients made in another way; for tests of pipelines without a network. */
  public LandingOptions withClients(SerializableFunction<ApiOptions, HistoricalClient> factory) {
    return new LandingOptions(
        landing, api, apiOrigin, runId, retries, newGeneration, spendLimit, gate, factory, clock);
  }

  /** The same by another clock; for tests of pipelines, whose files then have names they know. */
  public LandingOptions withClock(Clock other) {
    return new LandingOptions(
        landing, api, apiOrigin, runId, retries, newGeneration, spendLimit, gate, clients, other);
  }
}
