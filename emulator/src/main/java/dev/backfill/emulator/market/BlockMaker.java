package dev.backfill.emulator.market;

import dev.backfill.schemas.BarSize;
import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Makes the blocks of a series: a year of days or hours, a month of minutes, a day of seconds. Days
 * are gathered from hours; minutes are cut out of hours and seconds out of minutes.
 */
final class BlockMaker {
  private BlockMaker() {}

  /** Number of the block that holds a UTC day. */
  static int blockOf(BarSize size, int epochDay) {
    if (size == BarSize.SECOND) {
      return epochDay;
    }
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    return size == BarSize.MINUTE ? date.getYear() * 12 + date.getMonthValue() - 1 : date.getYear();
  }

  /** First UTC day of a block. */
  static int firstDay(BarSize size, int block) {
    return switch (size) {
      case SECOND -> block;
      case MINUTE ->
          (int)
              YearMonth.of(Math.floorDiv(block, 12), Math.floorMod(block, 12) + 1)
                  .atDay(1)
                  .toEpochDay();
      default -> (int) LocalDate.of(block, 1, 1).toEpochDay();
    };
  }

  static Block make(Series series, BarSize size, int block) {
    int from = firstDay(size, block);
    int to = firstDay(size, block + 1);
    int expected = series.trading().isThin() ? 0 : expected(size);
    Block.Builder builder = new Block.Builder(from * 86_400L, expected);
    switch (size) {
      case HOUR -> series.trading().hours(series, from, to, builder);
      case DAY -> {
        DayGatherer days = new DayGatherer(builder);
        series.trading().hours(series, from, to, days);
        days.finish();
      }
      case MINUTE -> series.trading().hours(series, from, to, new Cutter(series, 60, builder));
      case SECOND ->
          series
              .trading()
              .hours(series, from, to, new Cutter(series, 60, new Cutter(series, 1, builder)));
    }
    return builder.build();
  }

  private static int expected(BarSize size) {
    return switch (size) {
      case SECOND -> 4096;
      case MINUTE -> 32_768;
      case HOUR -> 6_200;
      case DAY -> 320;
    };
  }

  /** Cuts each bar into its sixty parts. */
  private static final class Cutter implements BarSink {
    private final Splitter splitter = new Splitter();
    private final long key;
    private final int partSeconds;
    private final BarSink next;

    Cutter(Series series, int partSeconds, BarSink next) {
      this.key = Hash.of(series.trading().seed(), partSeconds * 8L + series.publisher());
      this.partSeconds = partSeconds;
      this.next = next;
    }

    @Override
    public void bar(
        long seconds, long minutes, Contract c, int open, int high, int low, int close, int vol) {
      long barKey = Hash.of(Hash.of(key, c.index()), seconds);
      int parts = splitter.split(minutes, open, high, low, close, vol, barKey);
      for (int i = 0; i < parts; i++) {
        next.bar(
            seconds + (long) splitter.slot[i] * partSeconds,
            0,
            c,
            splitter.open[i],
            splitter.high[i],
            splitter.low[i],
            splitter.close[i],
            splitter.volume[i]);
      }
    }
  }

  /** Gathers the hours of a UTC day into its bar. */
  private static final class DayGatherer implements BarSink {
    private static final long DAY = 86_400;
    private final BarSink next;
    private long start = Long.MIN_VALUE;
    private @org.jspecify.annotations.Nullable Contract contract;
    private int open;
    private int high;
    private int low;
    private int close;
    private int volume;

    DayGatherer(BarSink next) {
      this.next = next;
    }

    @Override
    public void bar(long seconds, long minutes, Contract c, int o, int h, int l, int cl, int vol) {
      long day = seconds - Math.floorMod(seconds, DAY);
      if (day != start) {
        finish();
        start = day;
        contract = c;
        open = o;
        high = h;
        low = l;
        volume = 0;
      }
      high = Math.max(high, h);
      low = Math.min(low, l);
      close = cl;
      volume += vol;
    }

    void finish() {
      if (contract != null) {
        next.bar(start, 0, contract, open, high, low, close, volume);
        contract = null;
      }
    }
  }
}
