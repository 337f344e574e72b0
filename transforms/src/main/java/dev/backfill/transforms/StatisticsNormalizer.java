package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.StatisticsBatch;
import dev.backfill.schemas.StatisticsSegment;
import dev.backfill.schemas.Times;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns the statistics of one landed answer into {@link StatisticsBatch} records: settlement
 * prices, cleared volume, open interest, volatility and delta. All other kinds, most of an answer,
 * are left out and counted.
 */
public final class StatisticsNormalizer extends RecordNormalizer {
  private static final long NO_TIME = Long.MAX_VALUE;

  private @Nullable SymbolTimeline timeline;
  private @Nullable SegmentTable segments;

  /** For each mapping until when its segment holds, and the segment or why there is none. */
  private long[] states = {};

  StatisticsNormalizer(NormalizerInput input) {
    super(input, new PackedColumns(4, 4, 8, 8, 8, 4, 4, 8, 8, 4, 4, 8));
  }

  @Override
  int rtype() {
    return RType.STATISTICS;
  }

  @Override
  List<? extends IndexedRecord> begin(DbnMetadata metadata, SymbolTimeline mappings) {
    timeline = mappings;
    segments = SegmentTable.build(mappings, input().names(), series(), input().pieces());
    states = new long[mappings.all().size() * 2];
    Arrays.fill(states, Long.MIN_VALUE);
    return segments.segments().stream()
        .map(
            s ->
                new StatisticsSegment(
                    s.getSymbol(),
                    s.getInstrumentId(),
                    s.getContractSymbol(),
                    s.getRoot(),
                    s.getParentSymbol(),
                    s.getDataset(),
                    s.getRequestedSymbol(),
                    s.getStypeIn(),
                    s.getFirstDay(),
                    s.getEndDay()))
        .toList();
  }

  @Override
  void take(DbnReader reader) {
    if (!StatisticsKind.isKept(reader.statType())) {
      leaveOut();
      return;
    }
    long time = reader.tsRecv();
    SymbolTimeline mappings = Objects.requireNonNull(timeline, "open() comes first");
    int mapping = mappings.lookup(reader.instrumentId(), Times.epochDay(time));
    if (mapping < 0) {
      reject(reader, "no symbol is mapped to the instrument on that day");
      return;
    }
    StatisticsRecord statistic = (StatisticsRecord) reader.record();
    String problem = StatisticsKind.problem(statistic);
    if (problem != null) {
      reject(reader, problem);
      return;
    }
    for (; mapping >= 0; mapping = mappings.nextSame(mapping)) {
      int segment = segment(mapping, time);
      if (segment >= 0) {
        add(segment, statistic);
      } else if (segment == SegmentTable.NOT_OUTRIGHT) {
        leaveOut();
      }
    }
  }

  private int segment(int mapping, long time) {
    int state = mapping * 2;
    if (time >= states[state]) {
      Objects.requireNonNull(segments, "open() comes first").find(mapping, time, states, state);
    }
    return (int) states[state + 1];
  }

  private void add(int segment, StatisticsRecord statistic) {
    columns()
        .add(
            segment,
            statistic.header().publisherId(),
            statistic.tsRecv() / 1_000,
            micros(statistic.header().tsEvent()),
            micros(statistic.tsRef()),
            StatisticsKind.tradingDay(statistic),
            statistic.statType(),
            statistic.price(),
            statistic.quantity(),
            StatisticsKind.settlementFinal(statistic, series().dataset()),
            statistic.updateAction(),
            statistic.sequence());
  }

  private static long micros(long nanos) {
    return StatisticsKind.isSaid(nanos) ? nanos / 1_000 : NO_TIME;
  }

  @Override
  IndexedRecord batch(PackedColumns packed) {
    return new StatisticsBatch(
        packed.rows(),
        true,
        packed.column(0),
        packed.column(1),
        packed.column(2),
        packed.column(3),
        packed.column(4),
        packed.column(5),
        packed.column(6),
        packed.column(7),
        packed.column(8),
        packed.column(9),
        packed.column(10),
        packed.column(11));
  }

  @Override
  void release() {
    timeline = null;
    segments = null;
    states = new long[0];
  }
}
