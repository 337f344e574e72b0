package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.BarBatch;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the files of one landed answer into {@link BarBatch} records: each bar mapped from its
 * instrument to its symbol and contract by date, checked, and packed. A bar that fails a check is
 * kept as a reject; time that goes backwards refuses the file. Streaming: one batch is in memory.
 *
 * <p>Not thread-safe, but may be handed from thread to thread.
 */
public final class BarNormalizer implements NormalizedRows {
  /** Opens a landed file by its name. */
  @FunctionalInterface
  public interface FileOpener {
    /** Opens the file for one pass. */
    InputStream open(String file) throws IOException;
  }

  /**
   * Within a mapping's state: until when its segment holds, and the segment or why there is none.
   */
  private static final int UNTIL = 0;

  private static final int SEGMENT = 1;

  /** Time and publisher of the mapping's last bar. */
  private static final int LAST_TIME = 2;

  private static final int LAST_PUBLISHER = 3;
  private static final int STATE_BITS = 2;

  private final LandedChunk landed;
  private final List<String> files;
  private final List<WantedPiece> pieces;
  private final Set<Integer> publishers;
  private final boolean hasFilter;
  private final FileOpener opener;
  private final ContractNames names;
  private final Series series;
  private final BarSize size;
  private final BarColumns columns = new BarColumns();
  private List<Reject> rejects = new ArrayList<>();

  private @Nullable SymbolTimeline timeline;
  private @Nullable SegmentTable segments;
  private @Nullable DbnReader reader;
  private int nextFile;
  private long startNs;
  private long endNs;
  private long lastTime = Long.MIN_VALUE;
  private long timeMicros;
  private @Nullable String timeProblem;

  /** For each mapping together, as they are used together: see the constants. */
  private long[] states = {};

  private final Set<Long> several = new HashSet<>();
  private long severalAt = Long.MIN_VALUE;
  private int day;
  private long dayStartNs = Long.MIN_VALUE;
  private long leftOut;

  BarNormalizer(NormalizerInput input) {
    this(
        input.landed(),
        input.files(),
        input.pieces(),
        List.copyOf(input.publishers()),
        input.opener()::open,
        input.names());
  }

  /**
   * A normalizer for one answer.
   *
   * @param files the answer's files in the order of their bars; usually one
   * @param pieces what is wanted from them
   * @param publishers only these; empty means all
   * @param names the contract behind each instrument, where the answer itself does not say
   * @throws IllegalArgumentException if the schema is not one of bars
   */
  public BarNormalizer(
      LandedChunk landed,
      List<String> files,
      List<WantedPiece> pieces,
      List<Integer> publishers,
      FileOpener opener,
      ContractNames names) {
    this.landed = landed;
    this.files = List.copyOf(files);
    this.pieces = List.copyOf(pieces);
    this.publishers = Set.copyOf(publishers);
    this.hasFilter = !publishers.isEmpty();
    this.opener = opener;
    this.names = names;
    Chunk chunk = landed.getChunk();
    this.series =
        new Series(
            chunk.getSource(),
            chunk.getDataset(),
            chunk.getSchemaName(),
            chunk.getStypeIn(),
            chunk.getSymbols().isEmpty() ? "" : chunk.getSymbols().get(0));
    this.size =
        BarSize.ofSchema(chunk.getSchemaName())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Not a schema of bars: "
                            + chunk.getSchemaName()
                            + "; allowed: ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d"));
  }

  @Override
  public LandedChunk landed() {
    return landed;
  }

  /** Also begins again: a group may be written once more without a source that was broken. */
  @Override
  public Opening open() throws IOException {
    close();
    rejects = new ArrayList<>();
    nextFile = 0;
    lastTime = Long.MIN_VALUE;
    severalAt = Long.MIN_VALUE;
    leftOut = 0;
    if (landed.getState() != LandedState.LANDED) {
      return new Opening(List.of(), Stretches.unresolved(series, pieces));
    }
    try (DbnReader head = DbnReader.open(opener.open(files.get(0)))) {
      DbnMetadata metadata = head.metadata();
      LandedAgreement.checkRequest(landed, metadata);
      timeline = SymbolTimeline.of(metadata);
      segments = SegmentTable.build(timeline, names, series, pieces);
      states = new long[timeline.all().size() << STATE_BITS];
      Arrays.fill(states, Long.MIN_VALUE);
      startNs = metadata.startNs();
      endNs = metadata.endNs();
      return new Opening(segments.segments(), Stretches.of(metadata, series, pieces));
    }
  }

  /** The next batch; one without bars where very many bars in a row were rejected. */
  @Override
  public @Nullable BarBatch nextBatch() throws IOException {
    if (landed.getState() != LandedState.LANDED) {
      return null;
    }
    int enough = rejects.size() + BarColumns.ROWS;
    while (!columns.isFull() && rejects.size() < enough) {
      DbnReader from = reader;
      if (from == null) {
        if (nextFile == files.size()) {
          break;
        }
        reader = DbnReader.open(opener.open(files.get(nextFile++)));
      } else if (from.next()) {
        take(from);
      } else {
        if (files.size() == 1) {
          LandedAgreement.checkCount(landed, from.recordIndex() + 1);
        }
        from.close();
        reader = null;
      }
    }
    boolean atEnd = reader == null && nextFile == files.size();
    return atEnd && columns.isEmpty() ? null : columns.take();
  }

  @Override
  public List<Reject> takeRejects() {
    List<Reject> taken = rejects;
    rejects = new ArrayList<>();
    return taken;
  }

  /** Bars that were passed over because of the publishers' filter, or as spreads under a parent. */
  @Override
  public long leftOut() {
    return leftOut;
  }

  /** Also lets go of what only its bars need: a group may have very many answers. */
  @Override
  public void close() throws IOException {
    columns.release();
    timeline = null;
    segments = null;
    states = new long[0];
    several.clear();
    if (reader != null) {
      reader.close();
      reader = null;
    }
  }

  /** Places the reader's current record. */
  private void take(DbnReader bar) throws IOException {
    if (bar.rtype() != size.rtype()) {
      reject(bar, "the record is not of schema " + size.schema());
      return;
    }
    long time = bar.tsEvent();
    if (time < lastTime) {
      throw new IOException(
          "Time goes backwards in "
              + files.get(nextFile - 1)
              + " at record "
              + bar.recordIndex()
              + ": "
              + Times.instant(time)
              + " after "
              + Times.instant(lastTime)
              + ". The file is not an answer of the service as it was sent; fetch it again");
    }
    if (time != lastTime) {
      enter(time);
    }
    int publisher = bar.publisherId();
    if (hasFilter && !publishers.contains(publisher)) {
      leftOut++;
      return;
    }
    SymbolTimeline mappings = Objects.requireNonNull(timeline, "open() comes first");
    int mapping = mappings.lookup(bar.instrumentId(), day);
    if (mapping < 0) {
      reject(bar, "no symbol is mapped to the instrument on that day");
      return;
    }
    // Read once: the compiler cannot know that what is written in between is not the buffer.
    long open = bar.openPrice();
    long high = bar.highPrice();
    long low = bar.lowPrice();
    long close = bar.closePrice();
    long volume = bar.volume();
    boolean anyUndefined = false;
    if (timeProblem != null || !BarChecks.isPlain(open, high, low, close, volume)) {
      String problem =
          timeProblem != null ? timeProblem : BarChecks.problem(open, high, low, close, volume);
      if (problem != null) {
        reject(bar, problem);
        return;
      }
      anyUndefined = BarChecks.anyUndefined(open, high, low, close);
    }
    for (; mapping >= 0; mapping = mappings.nextSame(mapping)) {
      int segment = segment(bar, mapping, publisher, time);
      if (segment >= 0) {
        columns.add(segment, timeMicros, open, high, low, close, volume, publisher, anyUndefined);
      }
    }
  }

  /** Looks at a time once for all the bars that have it. */
  private void enter(long time) {
    lastTime = time;
    timeMicros = time / 1_000;
    if (time < dayStartNs || time >= dayStartNs + Times.DAY_NS) {
      day = Times.epochDay(time);
      dayStartNs = day * Times.DAY_NS;
    }
    if (time < startNs || Long.compareUnsigned(time, endNs) >= 0) {
      timeProblem = "the time is outside of what was asked";
    } else if (time % size.lengthNs() != 0) {
      timeProblem = "the time is not the start of a bar of schema " + size.schema();
    } else {
      timeProblem = null;
    }
  }

  /** Where a bar belongs under one of its symbols; negative when nowhere. */
  private int segment(DbnReader bar, int mapping, int publisher, long time) {
    int state = mapping << STATE_BITS;
    if (time >= states[state + UNTIL]) {
      Objects.requireNonNull(segments, "open() comes first").find(mapping, time, states, state);
    }
    int segment = (int) states[state + SEGMENT];
    if (segment < 0) {
      leftOut += segment == SegmentTable.NOT_OUTRIGHT ? 1 : 0;
      return segment;
    }
    if (isRepeated(publisher, mapping, time)) {
      reject(bar, "the same bar comes twice");
      return SegmentTable.NOT_WANTED;
    }
    return segment;
  }

  /** Several publishers may report one symbol and time; the same publisher may not. */
  private boolean isRepeated(int publisher, int mapping, long time) {
    int state = mapping << STATE_BITS;
    if (states[state + LAST_TIME] != time) {
      states[state + LAST_TIME] = time;
      states[state + LAST_PUBLISHER] = publisher;
      return false;
    }
    long lastPublisher = states[state + LAST_PUBLISHER];
    if (lastPublisher == publisher) {
      return true;
    }
    if (severalAt != time) {
      severalAt = time;
      several.clear();
    }
    several.add(((long) mapping << 32) | lastPublisher);
    return !several.add(((long) mapping << 32) | publisher);
  }

  private void reject(DbnReader bar, String reason) {
    rejects.add(new Reject(reason, bar.record().toString()));
  }
}
