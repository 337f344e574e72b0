package dev.backfill.io.databento;

import dev.backfill.io.landing.LandingGate;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.PaneInfo;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Lands several chunks at once on threads of its own, for runners whose bundles are long. What came
 * of a chunk is given to the runner in its own thread, with the chunk's timestamp and windows:
 * while later chunks come, and at the bundle's end. A bundle that fails, is cancelled or superseded
 * has landed what it has landed: nothing here is true only if the bundle succeeds.
 */
final class LandInSlotsFn extends DoFn<Chunk, LandedChunk> {
  private static final long serialVersionUID = 1L;

  /** A worker that is stopped waits no longer for what is on its way. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final LandingOptions options;
  private final boolean wholeOnly;
  private final boolean isLast;
  private final LandingCounters counters = new LandingCounters();
  private transient @Nullable LandingSlots<Place> slots;
  private transient @Nullable Output output;

  /** Where in the runner's collection a chunk was. */
  private record Place(
      Instant timestamp, Collection<? extends BoundedWindow> windows, PaneInfo pane) {}

  /** Gives the runner one value; a bundle's elements and its end do so in different ways. */
  private interface Output {
    <T> void give(TupleTag<T> tag, T value, Place place);
  }

  /** A function for one step; see {@link LandFn}. */
  LandInSlotsFn(LandingOptions options, boolean wholeOnly, boolean isLast) {
    this.options = options;
    this.wholeOnly = wholeOnly;
    this.isLast = isLast;
  }

  private LandingSlots<Place> slots() {
    LandingSlots<Place> open = slots;
    if (open == null) {
      open = new LandingSlots<>(options.requestsPerWorker(), PATIENCE, this::slot, this::emit);
      slots = open;
    }
    return open;
  }

  private LandingSlots.Slot slot() throws IOException {
    return new Slot(LandingSession.open(options, wholeOnly, isLast));
  }

  /** A session behind the gate: what waits for a thread has not been begun with. */
  private final class Slot implements LandingSlots.Slot {
    private final LandingSession session;

    Slot(LandingSession session) {
      this.session = session;
    }

    @Override
    public void land(Chunk chunk, LandingSession.Sink into) throws IOException {
      if (LandingGate.admits(options.gate(), chunk)) {
        session.land(chunk, into);
      }
    }

    @Override
    public void close() throws IOException {
      session.close();
    }
  }

  /**
   * What came of earlier chunks is given to the runner later, and with it their earlier timestamps.
   * No watermark passes them, because their bundle has not ended.
   */
  @Override
  @SuppressWarnings("deprecation")
  public org.joda.time.Duration getAllowedTimestampSkew() {
    return org.joda.time.Duration.millis(Long.MAX_VALUE);
  }

  /** Begins to land one chunk. */
  @ProcessElement
  public void processElement(
      @Element Chunk chunk, @Timestamp Instant timestamp, PaneInfo pane, MultiOutputReceiver out)
      throws IOException {
    // A step that asks for its window is called once for each, and would land as often.
    Collection<? extends BoundedWindow> windows = out.get(LandFn.PARTS).builder(chunk).getWindows();
    output =
        new Output() {
          @Override
          public <T> void give(TupleTag<T> tag, T value, Place place) {
            out.get(tag)
                .outputWindowedValue(value, place.timestamp(), place.windows(), place.pane());
          }
        };
    Place place = new Place(timestamp, List.copyOf(windows), pane);
    run(open -> open.accept(place, chunk));
  }

  /** Ends what is under way. */
  @FinishBundle
  public void finishBundle(FinishBundleContext context) throws IOException {
    output =
        new Output() {
          @Override
          public <T> void give(TupleTag<T> tag, T value, Place place) {
            for (BoundedWindow window : place.windows()) {
              context.output(tag, value, place.timestamp(), window);
            }
          }
        };
    if (slots != null) {
      run(LandingSlots::finish);
    }
  }

  /** A use of the slots in the runner's thread. */
  @FunctionalInterface
  private interface Use {
    void of(LandingSlots<Place> open) throws IOException;
  }

  private void run(Use use) throws IOException {
    boolean isDone = false;
    try {
      use.of(slots());
      isDone = true;
    } catch (DatabentoApiException e) {
      throw LandingSession.stopped(options, e);
    } catch (IOException e) {
      throw LandingSession.unwritable(options, e);
    } finally {
      output = null;
      if (!isDone) {
        // What they have not given back belongs to a bundle that has failed.
        teardown();
      }
    }
  }

  private void emit(Landed<Place> landed) {
    Output to = output;
    if (to == null) {
      throw new IllegalStateException("outcomes are given to the runner while it waits for them");
    }
    for (RequestEntry request : landed.requests()) {
      counters.count(request);
    }
    for (Landed.Ended ended : landed.outcomes()) {
      counters.count(ended.outcome(), ended.tookMillis());
      to.give(LandFn.OUTCOMES, ended.outcome(), landed.place());
    }
    for (Chunk part : landed.parts()) {
      to.give(LandFn.PARTS, part, landed.place());
    }
  }

  /** Ends the threads, with what is under way where no bundle has waited for it. */
  @Teardown
  public void teardown() {
    LandingSlots<Place> open = slots;
    slots = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    LandFn.describe(options, builder);
  }
}
