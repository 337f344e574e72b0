package dev.backfill.emulator.market;

import dev.backfill.io.dbn.StatisticsRecord;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The statistics of some symbols that were received in a range, by ts_recv; at equal times in the
 * order of the symbols. Spreads have none. Not thread-safe; each walk starts anew.
 */
public final class StatisticsQuery {
  private final Revisions revisions;
  private final List<InstrumentDays> parts;
  private final Dataset dataset;
  private final long startNs;
  private final long endNs;

  StatisticsQuery(
      Revisions revisions, Dataset dataset, List<InstrumentDays> parts, long startNs, long endNs) {
    this.revisions = revisions;
    this.parts = parts.stream().filter(p -> !(p.trading() instanceof SpreadMarket)).toList();
    this.dataset = dataset;
    this.startNs = startNs;
    this.endNs = endNs;
  }

  /** Takes a statistic; false for enough. */
  @FunctionalInterface
  public interface Visitor {
    /** One record. */
    boolean record(StatisticsRecord record) throws IOException;
  }

  /** How many records there are. */
  public long count() {
    long[] count = new long[1];
    silently(r -> ++count[0] > 0);
    return count[0];
  }

  /** Whether there is no record at all. */
  public boolean isEmpty() {
    boolean[] any = new boolean[1];
    silently(
        record -> {
          any[0] = true;
          return false;
        });
    return !any[0];
  }

  /** All records in order. */
  public List<StatisticsRecord> toList() {
    List<StatisticsRecord> records = new ArrayList<>();
    silently(records::add);
    return records;
  }

  private void silently(Visitor visitor) {
    try {
      forEach(visitor);
    } catch (IOException e) {
      throw new IllegalStateException("this does no I/O", e);
    }
  }

  /** Visits the records in order until the visitor has enough. */
  public void forEach(Visitor visitor) throws IOException {
    int from = (int) Math.floorDiv(startNs, Life.DAY_NS);
    int to = (int) -Math.floorDiv(-endNs, Life.DAY_NS);
    List<StatisticsMaker> makers = new ArrayList<>(parts.size());
    for (InstrumentDays part : parts) {
      makers.add(new StatisticsMaker(part.trading(), part.contract(), dataset, revisions));
    }
    InstrumentDays.Window window = new InstrumentDays.Window(parts);
    List<StatisticsRecord> today = new ArrayList<>();
    for (int day = from; day < to; day++) {
      List<Integer> there = window.on(day);
      if (!dataset.hasData(day)) {
        continue;
      }
      today.clear();
      LocalDate date = LocalDate.ofEpochDay(day);
      for (int i : there) {
        makers.get(i).on(date, today);
      }
      today.sort(Comparator.comparingLong(StatisticsRecord::tsRecv));
      for (StatisticsRecord record : today) {
        boolean wanted = record.tsRecv() >= startNs && record.tsRecv() < endNs;
        if (wanted && !visitor.record(record)) {
          return;
        }
      }
    }
  }
}
