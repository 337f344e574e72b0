package dev.backfill.io.databento;

import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has open while it lands: a client, a journal file, a lander, and where the options
 * ask for it the run's folder. The clients of a process share their connections and rate limits.
 * For one thread.
 */
final class LandingSession implements Closeable {
  /** A run that is stopped waits no longer for what is on its way. */
  static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);

  private final LandingOptions options;
  private final boolean wholeOnly;
  private final boolean isLast;
  private final HistoricalClient client;
  private final RequestJournal journal;
  private final RunGuard guard;
  private final ChunkLander lander;
  private @Nullable Sink sink;

  /** Takes what comes of a chunk, in the thread that lands it. */
  interface Sink {
    void requested(RequestEntry request);

    /** Is told after the run's folder. */
    void ended(LandedChunk outcome, long tookMillis) throws IOException;

    /** A part that is to be landed by another worker. */
    void part(Chunk part);
  }

  /**
   * Opens a session; nothing is asked.
   *
   * @param wholeOnly fail where only a part of a chunk may be had
   * @param isLast no step follows that would land the parts of chunks that are split
   * @throws RunStoppedException if the run was stopped, by whichever worker
   * @throws IOException if this worker does not see the landing of the launcher
   */
  static LandingSession open(LandingOptions options, boolean wholeOnly, boolean isLast)
      throws IOException {
    if (options.runFolder()) {
      RunFolder folder = folder(options);
      folder.requireRun();
      Optional<RunFolder.Stop> stop = folder.stopped();
      if (stop.isPresent()) {
        throw new RunStoppedException(stop.get());
      }
      // A worker that takes the place of another may be given what that one has just landed.
      options.landing().lookAnew();
    }
    return new LandingSession(options, wholeOnly, isLast);
  }

  private LandingSession(LandingOptions options, boolean wholeOnly, boolean isLast) {
    this.options = options;
    this.wholeOnly = wholeOnly;
    this.isLast = isLast;
    this.client = options.clients().apply(options.api());
    this.journal = options.landing().journal();
    this.guard = guard(options);
    this.lander =
        new ChunkLander(
                client,
                options.landing(),
                journal,
                options.apiOrigin(),
                options.retries(),
                Sleeper.SYSTEM,
                options.clock())
            .withListener(this::requested)
            .withGuard(guard);
  }

  private static RunGuard guard(LandingOptions options) {
    return RunGuard.of(options.landing().uri(), options.runId(), options.spendLimit());
  }

  private static RunFolder folder(LandingOptions options) {
    return options.landing().runFolder(options.runId());
  }

  private void requested(RequestEntry request) {
    if (sink != null) {
      sink.requested(request);
    }
  }

  /**
   * Lands one chunk, or finds out how its parts can be landed.
   *
   * @throws DatabentoApiException if the run is stopped: then nothing more is asked in it, even by
   *     workers that are started again, see {@link #stopped}
   * @throws IOException if the landing cannot be written, or the thread is interrupted
   */
  void land(Chunk chunk, Sink into) throws IOException {
    sink = into;
    long since = System.nanoTime();
    Consumer<Chunk> later = isLast ? null : into::part;
    guard.begin();
    try {
      lander.landInParts(
          chunk,
          options.runId(),
          options.newGeneration(),
          (asked, outcome) -> {
            note(asked, outcome);
            into.ended(outcome, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since));
          },
          later);
    } catch (DatabentoApiException e) {
      noteStop(e);
      throw e;
    } finally {
      guard.end();
      sink = null;
    }
  }

  private void note(Chunk asked, LandedChunk outcome) throws IOException {
    boolean isWhole = outcome.getChunk().getChunkId().equals(asked.getChunkId());
    if (wholeOnly && !isWhole) {
      throw new IOException(
          Outcomes.about(asked)
              + " cannot be had whole: "
              + outcome.getWarnings()
              + ". Ask for an earlier end, or use DatabentoIO.land() to go on with its part");
    }
    if (!isWhole) {
      ShortenedChunks.add(options.runId(), asked.getChunkId());
    }
    if (options.runFolder()) {
      folder(options).outcome(asked.getChunkId(), outcome);
    }
  }

  private void noteStop(DatabentoApiException refusal) {
    if (options.runFolder()) {
      try {
        folder(options).stop(String.valueOf(refusal.getMessage()), refusal.status());
      } catch (IOException e) {
        // The run is stopped all the same; what is started again will ask once more.
        refusal.addSuppressed(e);
      }
    }
  }

  /**
   * What a runner is told when the run is stopped, once all other threads of this process have
   * ended that land for it: a runner gives up its other threads at once, and with them answers that
   * are billed.
   *
   * @throws IOException if the thread was interrupted
   */
  static RunStoppedException stopped(LandingOptions options, DatabentoApiException refusal)
      throws IOException {
    guard(options).awaitOthers(LONGEST_ANSWER);
    return new RunStoppedException(refusal);
  }

  /**
   * The same where the landing cannot be written: nothing more is asked by this process for a
   * while, and what is on its way may find room.
   *
   * @throws IOException if the thread was interrupted
   */
  static IOException unwritable(LandingOptions options, IOException failure) throws IOException {
    guard(options).stop(failure);
    guard(options).awaitOthers(LONGEST_ANSWER);
    return failure;
  }

  @Override
  public void close() throws IOException {
    client.close();
    journal.close();
  }
}
