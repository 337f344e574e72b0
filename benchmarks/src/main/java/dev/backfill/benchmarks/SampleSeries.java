package dev.backfill.benchmarks;

import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.ContractNames;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One continuous symbol with made-up hourly bars: a random walk in ticks with thin and busy hours,
 * behind it a contract that changes every quarter. The same number gives the same bars. Not
 * thread-safe: the walk goes on from bar to bar.
 */
final class SampleSeries {
  private static final int PUBLISHER = 1;
  private static final int ROLL_DAY = 10;
  private static final String QUARTERS = "HMUZ";

  /** Instruments of one series are numbered from its own thousand on. */
  static final int IDS = 1_000;

  private final int number;
  private final String root;
  private final SplittableRandom random;
  private final double density;
  private final long tick;
  private final int range;
  private final double busy;
  private long ticks;

  private SampleSeries(int number) {
    this.number = number;
    this.root = "" + (char) ('A' + number / 26) + (char) ('A' + number % 26);
    this.random = new SplittableRandom(4_711L + number);
    this.density = 0.22 + 0.77 * random.nextDouble();
    long[] sizes = {500, 5_000, 100_000, 1_000_000, 10_000_000, 15_625_000, 250_000_000};
    this.tick = sizes[random.nextInt(sizes.length)];
    this.range = 2 + random.nextInt(24);
    this.busy = Math.exp(2 + 6 * random.nextDouble());
    this.ticks = 3_000L + random.nextInt(20_000);
  }

  /** So many series, each with its own root. */
  static List<SampleSeries> many(int count) {
    List<SampleSeries> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new SampleSeries(i));
    }
    return all;
  }

  /** What is asked for: {@code AB.v.0}. */
  String symbol() {
    return root + ".v.0";
  }

  /** The thousand in which the numbers of its instruments are. */
  long thousand() {
    return number + 1L;
  }

  /** The instruments behind the symbol from day to day. */
  SymbolMapping mapping(LocalDate from, LocalDate to) {
    List<MappingInterval> intervals = new ArrayList<>();
    for (LocalDate day = from; day.isBefore(to); ) {
      LocalDate roll = nextRoll(day);
      LocalDate end = roll.isBefore(to) ? roll : to;
      intervals.add(new MappingInterval(day, end, Long.toString(instrument(day))));
      day = end;
    }
    return new SymbolMapping(symbol(), intervals);
  }

  /** The contract behind an instrument of this series. */
  List<ContractNames.Named> names(long instrumentId) {
    int quarter = (int) (instrumentId % IDS);
    LocalDate roll = LocalDate.of(2000 + quarter / 4, quarter % 4 * 3 + 3, ROLL_DAY);
    String contract = root + QUARTERS.charAt(quarter % 4) + quarter / 4 % 10;
    return List.of(
        new ContractNames.Named(
            (int) roll.minusMonths(3).toEpochDay(), (int) roll.toEpochDay(), contract));
  }

  /** The instrument of the quarter whose roll comes next after a day. */
  long instrument(LocalDate day) {
    LocalDate roll = nextRoll(day);
    return thousand() * IDS + (roll.getYear() - 2000) * 4L + (roll.getMonthValue() / 3 - 1);
  }

  private static LocalDate nextRoll(LocalDate day) {
    LocalDate roll = day.withDayOfMonth(ROLL_DAY);
    roll = roll.isAfter(day) ? roll : roll.plusMonths(1);
    return roll.plusMonths((3 - roll.getMonthValue() % 3) % 3);
  }

  /**
   * Writes the bar of an hour, where there is trade in it.
   *
   * @param startNs of the hour, UTC nanoseconds
   * @return whether there was
   */
  boolean write(DbnWriter out, long instrumentId, long startNs) throws IOException {
    if (random.nextDouble() >= density) {
      return false;
    }
    long open = ticks + step(range / 3 + 1);
    long close = open + step(range);
    long high = Math.max(open, close) + random.nextInt(range);
    long low = Math.min(open, close) - random.nextInt(range);
    long hour = startNs / (3_600 * Times.SECOND_NS) % 24;
    double level = busy * (hour >= 13 && hour < 20 ? 6 : 1);
    long volume = 1 + (long) (-Math.log(1 - random.nextDouble()) * level);
    ticks = close < 200 ? close + range : close;
    out.ohlcv(
        RType.OHLCV_1H,
        PUBLISHER,
        instrumentId,
        startNs,
        open * tick,
        high * tick,
        low * tick,
        close * tick,
        volume);
    return true;
  }

  private long step(int most) {
    return random.nextLong(2L * most + 1) - most;
  }
}
