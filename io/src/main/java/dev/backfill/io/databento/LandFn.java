package dev.backfill.io.databento;

import dev.backfill.io.landing.LandingGate;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Lands chunks one by one in the runner's thread. Each instance has a {@link LandingSession},
 * opened with its first chunk.
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

  private final LandingOptions options;
  private final boolean wholeOnly;
  private final boolean isLast;
  private final LandingCounters counters = new LandingCounters();
  private transient @Nullable LandingSession session;

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

  private LandingSession session() throws IOException {
    LandingSession open = session;
    if (open == null) {
      open = LandingSession.open(options, wholeOnly, isLast);
      session = open;
    }
    return open;
  }

  /** Lands one chunk, or finds out how its parts can be landed. */
  @ProcessElement
  public void processElement(@Element Chunk chunk, MultiOutputReceiver out) throws IOException {
    if (!LandingGate.admits(options.gate(), chunk)) {
      return;
    }
    try {
      session().land(chunk, new Emitter(out));
    } catch (DatabentoApiException e) {
      throw LandingSession.stopped(options, e);
    } catch (IOException e) {
      throw LandingSession.unwritable(options, e);
    }
  }

  /** Gives the runner everything at once. */
  private final class Emitter implements LandingSession.Sink {
    private final MultiOutputReceiver out;

    Emitter(MultiOutputReceiver out) {
      this.out = out;
    }

    @Override
    public void requested(RequestEntry request) {
      counters.count(request);
    }

    @Override
    public void ended(LandedChunk outcome, long tookMillis) {
      counters.count(outcome, tookMillis);
      out.get(OUTCOMES).output(outcome);
    }

    @Override
    public void part(Chunk part) {
      out.get(PARTS).output(part);
    }
  }

  /** Closes what this instance has opened. */
  @Teardown
  public void teardown() throws IOException {
    LandingSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    describe(options, builder);
  }

  static void describe(LandingOptions options, DisplayData.Builder builder) {
    builder
        .add(DisplayData.item("landing", options.landing().uri()))
        .add(DisplayData.item("api", options.api().url()))
        .add(DisplayData.item("run", options.runId()))
        .add(DisplayData.item("requestsPerWorker", options.requestsPerWorker()));
  }
}
