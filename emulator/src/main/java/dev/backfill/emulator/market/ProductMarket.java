package dev.backfill.emulator.market;

import java.time.LocalDate;

/** One product under one seed: its chain, its price path, and the hours of its contracts. */
final class ProductMarket implements Trading {
  private static final double[] SHARES = {1, 0.24, 0.09, 0.05, 0.03, 0.02};
  private static final double OFF_EXCHANGE_SHARE = 0.03;
  private static final double WOBBLE_DAYS = 140;

  private final Product product;
  private final Chain chain;
  private final PricePath path;
  private final long seed;
  private final int firstDay;
  private final int lastDay;

  ProductMarket(Product product, long marketSeed, Derived derived) {
    this.product = product;
    this.chain = new Chain(product, marketSeed);
    this.path = new PricePath(product, marketSeed, derived);
    this.seed = Hash.of(marketSeed, product.root());
    this.firstDay = (int) product.first().toEpochDay();
    this.lastDay = (int) product.last().toEpochDay();
  }

  @Override
  public Product product() {
    return product;
  }

  @Override
  public long seed() {
    return seed;
  }

  Chain chain() {
    return chain;
  }

  @Override
  public Contract contract(int index) {
    return chain.contracts().get(index);
  }

  @Override
  public boolean isThin() {
    return false;
  }

  /** What a contract costs at a UTC hour, in units of the price, not rounded to ticks. */
  double level(Contract contract, int day, int hour) {
    double[] crash = CrudeCrash.levels(contract, day);
    if (crash != null) {
      return crash[hour];
    }
    LocalDate date = LocalDate.ofEpochDay(day);
    int i = (date.getDayOfYear() - 1) * 24 + hour;
    return path.ofYear(date.getYear())[i] * termFactor(contract, day);
  }

  /** The share of the front contract's volume that a contract of a volume rank has. */
  static double share(int rank) {
    return rank < 0 ? 0 : SHARES[Math.min(rank, SHARES.length - 1)];
  }

  @Override
  public void hours(Series series, int fromDay, int toDay, BarSink sink) {
    int day = Math.max(fromDay, firstDay);
    int end = Math.min(toDay, lastDay + 1);
    while (day < end) {
      LocalDate date = LocalDate.ofEpochDay(day);
      int dayOfYear = date.getDayOfYear() - 1;
      int stop = Math.min(end, day + date.lengthOfYear() - dayOfYear);
      double[] levels = path.ofYear(date.getYear());
      long[] masks = product.session().masksOfYear(date.getYear());
      for (; day < stop; day++, dayOfYear++) {
        Contract contract = series.on(day);
        if (contract != null && !Conditions.isMissing(day)) {
          day(series, contract, day, dayOfYear, levels, masks, sink);
        }
      }
    }
  }

  private void day(
      Series series,
      Contract contract,
      int day,
      int dayOfYear,
      double[] levels,
      long[] masks,
      BarSink sink) {
    int rank = chain.volumeRank(contract, day);
    if (rank < 0) {
      return;
    }
    double share = SHARES[Math.min(rank, SHARES.length - 1)];
    if (series.publisher() > 0) {
      share *= OFF_EXCHANGE_SHARE;
    }
    long key = Hash.of(seed, contract.index() * 8L + series.publisher());
    double busy =
        product.liquidity().at(day) * share * (0.5 + 0.5 * Hash.logNormal(Hash.of(key, -day)));
    double factor = termFactor(contract, day);
    int offset = UsCalendar.chicagoOffset(LocalDate.ofEpochDay(day));
    double[] crash = CrudeCrash.levels(contract, day);
    for (int hour = 0; hour < 24; hour++) {
      int i = dayOfYear * 24 + hour;
      long mask = masks[i];
      if (mask == 0) {
        continue;
      }
      double weight = product.session().weight(Math.floorMod(hour + offset, 24));
      long h = Hash.of(key, day * 24L + hour);
      int volume = volume(busy * weight * Long.bitCount(mask) / 60, h);
      if (volume > 0) {
        double from = crash == null ? levels[i] * factor : crash[hour];
        double to = crash == null ? levels[i + 1] * factor : crash[hour + 1];
        long seconds = (day * 24L + hour) * 3600;
        hour(seconds, mask, contract, from, to, volume, h, crash != null, sink);
      }
    }
  }

  /** Lots of an hour with this mean; 0 means that nobody traded. */
  private static int volume(double mean, long h) {
    double lots = mean * Hash.logNormal(h) + Hash.unit(h * 0x9e3779b97f4a7c15L);
    return (int) Math.min(lots, 1_000_000);
  }

  private void hour(
      long seconds,
      long mask,
      Contract contract,
      double from,
      double to,
      int volume,
      long h,
      boolean crash,
      BarSink sink) {
    double tick = product.tick() * 1e-9;
    int close = (int) Math.rint(to / tick);
    if (volume < Splitter.LOTS_PER_RANGE) {
      sink.bar(seconds, mask, contract, close, close, close, close, volume);
      return;
    }
    int open = (int) Math.rint(from / tick);
    int high = Math.max(open, close);
    int low = Math.min(open, close);
    if (crash) {
      low = CrudeCrash.low(seconds, low);
    } else {
      double spread = from / tick * product.volatility() / PricePath.SQRT_HOURS;
      double up = (h & 0xffff) * 0x1.0p-16;
      double down = ((h >>> 16) & 0xffff) * 0x1.0p-16;
      high += (int) (up * up * spread * 1.3);
      low = Math.max(1, low - (int) (down * down * spread * 1.3));
    }
    sink.bar(seconds, mask, contract, open, high, low, close, volume);
  }

  /**
   * What a contract costs beside the product's level: a slowly moving slope and a seasonal part.
   */
  private double termFactor(Contract contract, int day) {
    double years = (contract.expiry().toEpochDay() - day) / 365.25;
    double phase = Hash.unit(Hash.of(seed, "term")) * 6.28;
    double slope = product.carry() * (0.5 + StrictMath.sin(day / WOBBLE_DAYS + phase));
    double season = Hash.gauss(Hash.of(seed, contract.month().getMonthValue()));
    return StrictMath.exp(slope * years + season * product.volatility() * 0.06);
  }
}
