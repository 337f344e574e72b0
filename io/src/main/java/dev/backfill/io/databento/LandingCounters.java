package dev.backfill.io.databento;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.MetricNames;
import java.io.Serializable;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;

/** What a step that lands tells Beam. For the runner's thread: in others, Beam counts nothing. */
final class LandingCounters implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Counter landed = counter(MetricNames.CHUNKS_LANDED);
  private final Counter failed = counter(MetricNames.CHUNKS_FAILED);
  private final Counter split = counter(MetricNames.CHUNKS_SPLIT);
  private final Counter requests = counter(MetricNames.DATA_REQUESTS);
  private final Counter bytes = counter(MetricNames.BYTES_RECEIVED);
  private final Distribution millis =
      Metrics.distribution(MetricNames.DATABENTO_IO, MetricNames.LANDING_MILLIS);

  private static Counter counter(String name) {
    return Metrics.counter(MetricNames.DATABENTO_IO, name);
  }

  void count(RequestEntry request) {
    requests.inc();
    Long received = request.bytesReceived();
    bytes.inc(received == null ? 0 : received);
  }

  /**
   * Counts an outcome.
   *
   * @param tookMillis since its chunk was begun with
   */
  void count(LandedChunk outcome, long tookMillis) {
    switch (outcome.getState()) {
      case LANDED -> {
        landed.inc();
        millis.update(tookMillis);
      }
      case SPLIT -> split.inc();
      case UNRESOLVED, NOT_ENTITLED, FAILED -> failed.inc();
    }
  }
}
