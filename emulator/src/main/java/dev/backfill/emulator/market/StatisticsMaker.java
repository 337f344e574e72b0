package dev.backfill.emulator.market;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.RecordHeader;
import dev.backfill.io.dbn.StatisticsRecord;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;

/**
 * The statistics of one instrument by the UTC day on which they are received. For a trading date:
 * the opening price and a preliminary settlement on that day, the final settlement (with volatility
 * and delta where they are published) in the night after it, or late the same day before a
 * Saturday, cleared volume and open interest in the morning of the next trading date. Not shared.
 */
final class StatisticsMaker {
  private static final int OPENING = 1;
  private static final int SETTLEMENT = 3;
  private static final int CLEARED_VOLUME = 6;
  private static final int OPEN_INTEREST = 9;
  private static final int VOLATILITY = 14;
  private static final int DELTA = 15;
  private static final int NEW = 1;
  private static final int DELETE = 2;
  private static final int FINAL = 1;
  private static final int ACTUAL = 2;
  private static final int NO_FLAGS = 255;
  private static final long MINUTE_NS = 60_000_000_000L;
  private static final long SENDING_NS = 40_000_000;
  private static final long MOST_SEQUENCE = 1L << 31;

  private final Dataset dataset;
  private final Contract contract;
  private final Revisions revisions;
  private final Quotes quotes;
  private final Product product;
  private final int publisher;
  private final long key;
  private final long firstDay;
  private final long lastDay;
  private long revised;

  StatisticsMaker(Trading trading, Contract contract, Dataset dataset, Revisions revisions) {
    this.dataset = dataset;
    this.revisions = revisions;
    this.contract = contract;
    this.product = trading.product();
    this.quotes = Quotes.of(trading, contract);
    this.publisher = dataset.publishers().get(0).id();
    this.key = Hash.of(Hash.of(trading.seed(), contract.index()), "statistics");
    this.firstDay = Math.max(contract.listed().toEpochDay(), product.first().toEpochDay());
    this.lastDay = Math.min(contract.expiry().toEpochDay(), product.last().toEpochDay());
  }

  /** Whether a date has a settlement: a day on which the product trades until its close. */
  static boolean isTradingDate(LocalDate date) {
    UsCalendar.Day day = UsCalendar.day(date);
    return day == UsCalendar.Day.OPEN || day == UsCalendar.Day.EARLY;
  }

  private boolean settles(LocalDate date) {
    long day = date.toEpochDay();
    return day >= firstDay && day <= lastDay && isTradingDate(date);
  }

  /** Adds what is received on a UTC day, in no order. */
  void on(LocalDate day, List<StatisticsRecord> records) {
    int epochDay = (int) day.toEpochDay();
    revised = product.tick() * revisions.ticks(dataset, product.root(), epochDay);
    LocalDate yesterday = day.minusDays(1);
    if (settles(yesterday) && !finalTheSameDay(yesterday)) {
      finals(yesterday, day, 65, 80, records);
    }
    if (settles(day)) {
      preliminary(day, records);
      if (finalTheSameDay(day)) {
        finals(day, day, 23 * 60 + 5, 15, records);
      }
    }
    if (isTradingDate(day)) {
      LocalDate before = yesterday;
      while (!isTradingDate(before)) {
        before = before.minusDays(1);
      }
      if (settles(before)) {
        morning(before, day, records);
      }
    }
  }

  private static boolean finalTheSameDay(LocalDate date) {
    return date.getDayOfWeek() == DayOfWeek.FRIDAY;
  }

  private void preliminary(LocalDate date, List<StatisticsRecord> records) {
    Quotes.Quote quote = quotes.on((int) date.toEpochDay());
    long h = Hash.of(key, date.toEpochDay());
    if (quote.opening() != DbnMetadata.UNDEFINED) {
      add(records, date, date, 13 * 60 + 30, OPENING, quote.opening(), NEW, NO_FLAGS);
    }
    long off = Hash.unit(h) < 0.12 ? ((h & 2) - 1) * (1 + (h >>> 3 & 1)) * product.tick() : 0;
    long price = price(quote.settlement() + off, Hash.unit(~h) < 0.004);
    int flags = quote.traded() ? ACTUAL : 0;
    add(records, date, date, 19 * 60 + 40, SETTLEMENT, price, NEW, flags);
    if (Hash.unit(Hash.of(h, "withdrawn")) < 0.003) {
      add(records, date, date, 20 * 60 + 20, SETTLEMENT, price, DELETE, flags);
    }
  }

  private static long price(long price, boolean undefined) {
    return undefined ? DbnMetadata.UNDEFINED : price;
  }

  /** The night's: now and then the final settlement comes again, or is taken back for good. */
  private void finals(
      LocalDate date, LocalDate day, int minute, int pause, List<StatisticsRecord> records) {
    Quotes.Quote quote = quotes.on((int) date.toEpochDay());
    long h = Hash.of(Hash.of(key, date.toEpochDay()), "final");
    boolean unknown = !quote.traded() && Hash.unit(h) < 0.005;
    long price = price(quote.settlement(), unknown);
    int flags = FINAL | (quote.traded() ? ACTUAL : 0);
    boolean again = !unknown && Hash.unit(~h) < 0.004;
    long first = again ? price + product.tick() : price;
    add(records, date, day, minute, SETTLEMENT, first, NEW, flags);
    if (again) {
      add(records, date, day, minute + pause, SETTLEMENT, price, NEW, flags);
    }
    if (Hash.unit(Hash.of(h, "withdrawn")) < 0.0015) {
      add(records, date, day, minute + 2 * pause, SETTLEMENT, price, DELETE, flags);
    }
    if (quote.volatility() != DbnMetadata.UNDEFINED) {
      boolean lost = Hash.unit(Hash.of(h, "greeks")) < 0.006;
      long volatility = price(quote.volatility(), lost);
      add(records, date, day, minute, VOLATILITY, volatility, NEW, NO_FLAGS);
      add(records, date, day, minute, DELTA, price(quote.delta(), lost), NEW, NO_FLAGS);
    }
  }

  private void morning(LocalDate date, LocalDate day, List<StatisticsRecord> records) {
    Quotes.Quote quote = quotes.on((int) date.toEpochDay());
    long h = Hash.of(Hash.of(key, date.toEpochDay()), "interest");
    if (quote.volume() > 0) {
      quantity(records, date, day, 11 * 60 + 30, CLEARED_VOLUME, quote.volume());
    }
    boolean again = Hash.unit(h) < 0.03;
    long interest = quote.openInterest();
    if (interest > 0 || again) {
      quantity(records, date, day, 11 * 60 + 30, OPEN_INTEREST, again ? interest + 1 : interest);
    }
    if (again) {
      quantity(records, date, day, 15 * 60, OPEN_INTEREST, interest);
    }
  }

  private void quantity(
      List<StatisticsRecord> records,
      LocalDate date,
      LocalDate day,
      int minute,
      int type,
      long quantity) {
    record(records, date, day, minute, type, DbnMetadata.UNDEFINED, quantity, NEW, NO_FLAGS);
  }

  private void add(
      List<StatisticsRecord> records,
      LocalDate date,
      LocalDate day,
      int minute,
      int type,
      long price,
      int action,
      int flags) {
    boolean moves = price != DbnMetadata.UNDEFINED && (type == OPENING || type == SETTLEMENT);
    long now = moves ? price + revised : price;
    record(records, date, day, minute, type, now, DbnMetadata.UNDEFINED, action, flags);
  }

  /** Each instrument's come within ten minutes, a moment apart. */
  private void record(
      List<StatisticsRecord> records,
      LocalDate date,
      LocalDate day,
      int minute,
      int type,
      long price,
      long quantity,
      int action,
      int flags) {
    long moment = Math.floorMod(Hash.of(key, minute), 10 * MINUTE_NS) + type * 1_000L;
    long tsRecv = day.toEpochDay() * Life.DAY_NS + minute * MINUTE_NS + moment;
    long tsRef = type == OPENING ? DbnMetadata.UNDEFINED_NS : date.toEpochDay() * Life.DAY_NS;
    records.add(
        new StatisticsRecord(
            new RecordHeader(RType.STATISTICS, publisher, contract.id(), tsRecv - SENDING_NS),
            tsRecv,
            tsRef,
            price,
            quantity,
            Math.floorMod(Hash.of(key, tsRecv), MOST_SEQUENCE),
            22_850,
            type,
            0,
            action,
            flags));
  }
}
