package dev.backfill.io.fred;

import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import java.io.Serializable;

/**
 * What landing needs on a worker. Holds no secret: the key is read there, by {@link FredOptions}.
 *
 * @param landing which all workers must see
 * @param apiOrigin who is there, as {@link FredClient#origin} says, for the journal
 * @param runId names the run
 * @param retries how often a request is made again when it fails
 * @param newGeneration whether to fetch what is in the landing already, once for a run
 * @param gate names the {@link dev.backfill.io.landing.LandingGate} that lets chunks through; empty
 *     for none
 * @param pageSize observations asked for at once
 */
public record FredLanding(
    LandingArea landing,
    FredOptions fred,
    String apiOrigin,
    String runId,
    RetryPolicy retries,
    boolean newGeneration,
    String gate,
    int pageSize)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Lands what is not in the landing yet, in pages as large as the service gives them. */
  public static FredLanding of(
      LandingArea landing, FredOptions fred, String apiOrigin, String runId, RetryPolicy retries) {
    return new FredLanding(landing, fred, apiOrigin, runId, retries, false, "", FredClient.PAGE);
  }

  /** The same, but what is in the landing already is fetched again, beside it. */
  public FredLanding withNewGeneration(boolean again) {
    return new FredLanding(landing, fred, apiOrigin, runId, retries, again, gate, pageSize);
  }

  /** The same, but only what a gate lets through is landed. */
  public FredLanding withGate(String id) {
    return new FredLanding(landing, fred, apiOrigin, runId, retries, newGeneration, id, pageSize);
  }

  /** The same with smaller pages; for tests. */
  public FredLanding withPageSize(int observations) {
    return new FredLanding(
        landing, fred, apiOrigin, runId, retries, newGeneration, gate, observations);
  }
}
