package dev.backfill.io.databento;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.MetricNames;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Lands chunks. Each instance has a client and a journal file of its own, opened with its first
 * chunk; the clients of a process share their connections and rate limits.
 */
final class LandFn extends DoFn<Chunk, LandedChunk> {
  private static final long serialVersionUID = 1L;

  /** How each ended. */
  static final TupleTag<LandedChunk> OUTCOMES =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  /** Parts that are to be landed by other workers. */
  static final TupleTag<Chunk> PARTS =
      new TupleTag<>() {
        private static final long serialVersionUID = 1L;
      };

  /** A run that is stopped waits no longer for what is on its way. */
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);

  private final LandingOptions options;
  private final boolean wholeOnly;
  private final boolean isLast;
  private final Counter landed = counter(MetricNames.CHUNKS_LANDED);
  private final Counter failed = counter(MetricNames.CHUNKS_FAILED);
  private final Counter split = counter(MetricNames.CHUNKS_SPLIT);
  private final Counter requests = counter(MetricNames.DATA_REQUESTS);
  private final Counter bytes = counter(MetricNames.BYTES_RECEIVED);
  private final Distribution millis =
      Metrics.distribution(MetricNames.DATABENTO_IO, MetricNames.LANDING_MILLIS);
  private transient @Nullable Session session;

  /**
   * A function for one step.
   *
   * @param wholeOnly fail where only a part of a chunk may be had
   * @param isLast no step follows that would land the parts of chunks that are split
   */
  LandFn(LandingOptions options, boolean wholeOnly, boolean isLast) {
    this.options = options;
    this.wholeOnly = wholeOnly;
    this.isLast = isLast;
  }

  private static Counter counter(String name) {
    return Metrics.counter(MetricNames.DATABENTO_IO, name);
  }

  /** What is opened on the worker. */
  private record Session(
      HistoricalClient client, RequestJournal journal, RunGuard guard, ChunkLander lander) {}

  private Session session() {
    Session open = session;
    if (open == null) {
      HistoricalClient client = options.clients().apply(options.api());
      RequestJournal journal = options.landing().journal();
      RunGuard guard = RunGuard.of(options.landing().uri(), options.runId(), options.spendLimit());
      ChunkLander lander =
          new ChunkLander(
                  client,
                  options.landing(),
                  journal,
                  options.apiOrigin(),
                  options.retries(),
                  Sleeper.SYSTEM,
                  options.clock())
              .withListener(this::count)
              .withGuard(guard);
      open = new Session(client, journal, guard, lander);
      session = open;
    }
    return open;
  }

  private void count(RequestEntry request) {
    requests.inc();
    Long received = request.bytesReceived();
    bytes.inc(received == null ? 0 : received);
  }

  /** Lands one chunk, or finds out how its parts can be landed. */
  @ProcessElement
  public void processElement(@Element Chunk chunk, MultiOutputReceiver out) throws IOException {
    if (!LandingGate.admits(options.gate(), chunk)) {
      return;
    }
    RunGuard guard = session().guard();
    try {
      guard.begin();
      try {
        land(chunk, out);
      } finally {
        guard.end();
      }
    } catch (DatabentoApiException e) {
      // A runner gives up its other threads at once, and with them answers that are billed.
      guard.awaitOthers(LONGEST_ANSWER);
      throw new RunStoppedException(e);
    }
  }

  private void land(Chunk chunk, MultiOutputReceiver out) throws IOException {
    long since = System.nanoTime();
    OutputReceiver<LandedChunk> outcomes = out.get(OUTCOMES);
    Consumer<Chunk> later = isLast ? null : out.get(PARTS)::output;
    session()
        .lander()
        .landInParts(
            chunk,
            options.runId(),
            options.newGeneration(),
            (asked, outcome) -> {
              requireWhole(asked, outcome);
              if (!outcome.getChunk().getChunkId().equals(asked.getChunkId())) {
                ShortenedChunks.add(options.runId(), asked.getChunkId());
              }
              count(outcome, since);
              outcomes.output(outcome);
            },
            later);
  }

  private void requireWhole(Chunk asked, LandedChunk outcome) throws IOException {
    if (wholeOnly && !outcome.getChunk().getChunkId().equals(asked.getChunkId())) {
      throw new IOException(
          Outcomes.about(asked)
              + " cannot be had whole: "
              + outcome.getWarnings()
              + ". Ask for an earlier end, or use DatabentoIO.land() to go on with its part");
    }
  }

  private void count(LandedChunk outcome, long since) {
    switch (outcome.getState()) {
      case LANDED -> {
        landed.inc();
        millis.update(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
      }
      case SPLIT -> split.inc();
      case UNRESOLVED, NOT_ENTITLED, FAILED -> failed.inc();
    }
  }

  /** Closes what this instance has opened. */
  @Teardown
  public void teardown() throws IOException {
    Session open = session;
    session = null;
    if (open != null) {
      open.client().close();
      open.journal().close();
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("landing", options.landing().uri()))
        .add(DisplayData.item("api", options.api().url()))
        .add(DisplayData.item("run", options.runId()));
  }
}
