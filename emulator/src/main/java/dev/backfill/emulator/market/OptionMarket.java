package dev.backfill.emulator.market;

import java.time.LocalDate;

/** The options of one root under one seed: their chain, and the hours in which they trade. */
final class OptionMarket implements Trading {
  /** An option stops trading at this hour of Chicago on its last day. */
  static final int LAST_HOUR = 13;

  private static final int QUOTE_HOUR = 14;
  private static final double SKEW = 0.35;
  private static final double NANO = 1e-9;

  private final OptionSpec spec;
  private final ProductMarket futures;
  private final Product product;
  private final OptionChain chain;
  private final long seed;

  OptionMarket(OptionSpec spec, ProductMarket futures, long marketSeed, Derived derived) {
    this.spec = spec;
    this.futures = futures;
    this.product = product(spec, futures.product());
    this.seed = Hash.of(marketSeed, product.root());
    this.chain = new OptionChain(spec, product, futures, seed, derived);
  }

  private static Product product(OptionSpec spec, Product future) {
    LocalDate own = spec.first();
    LocalDate first = own == null ? future.first() : own;
    return new Product(
        spec.root() + ".OPT",
        spec.ordinal(),
        future.dataset(),
        future.session(),
        spec.tick(),
        spec.cycle(),
        spec.cycle(),
        spec.expiry(),
        0,
        1,
        future.volatility(),
        0,
        0,
        first,
        future.last(),
        first,
        future.mapTo(),
        future.price(),
        future.liquidity(),
        false);
  }

  OptionSpec spec() {
    return spec;
  }

  OptionChain chain() {
    return chain;
  }

  ProductMarket futures() {
    return futures;
  }

  @Override
  public Product product() {
    return product;
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public Contract contract(int index) {
    return chain.option(index).contract();
  }

  /**
   * Yearly volatility that an option is priced with on a day, to six digits: a smile that moves.
   */
  double volatility(Option option, int day) {
    double wobble = 1 + 0.06 * Hash.gauss(Hash.of(seed, day));
    double money = StrictMath.log(option.strike() * NANO / future(option, day, QUOTE_HOUR));
    double smile = SKEW * Math.min(0.5, money * money / product.volatility());
    double volatility = product.volatility() * (1 + smile) * wobble;
    return Math.rint(volatility * 1e6) / 1e6;
  }

  double future(Option option, int day, int hour) {
    return futures.level(option.underlying(), day, hour);
  }

  /** Years from a UTC hour to the end of an option. */
  static double years(Option option, int day, int hour) {
    double days = option.contract().expiry().toEpochDay() - day + (19.0 - hour) / 24;
    return days / 365.25;
  }

  /** The premium at a UTC hour in whole ticks, at least one. */
  int premium(Option option, int day, int hour, double volatility) {
    double premium =
        Pricing.premium(
            option.call(),
            future(option, day, hour),
            option.strike() * NANO,
            years(option, day, hour),
            volatility);
    return (int) Math.max(1, Math.rint(premium / (spec.tick() * NANO)));
  }

  /**
   * How busy an option is on a day: 0 to 1, by its distance from the money in deviations and by the
   * time that it has left.
   */
  double interest(Option option, int day) {
    double years = Math.max(years(option, day, QUOTE_HOUR), 0.01);
    double distance =
        StrictMath.log(option.strike() * NANO / future(option, day, QUOTE_HOUR))
            / (product.volatility() * Math.sqrt(years));
    double nearness = 1 / (1 + 3 * years);
    return StrictMath.exp(-0.9 * distance * distance) * nearness;
  }

  @Override
  public void hours(Series series, int fromDay, int toDay, BarSink sink) {
    Contract contract = series.contract();
    if (contract == null || series.publisher() > 0) {
      return;
    }
    Option option = chain.option(contract.index());
    int first = Math.max(fromDay, (int) Math.max(contract.listed().toEpochDay(), opening()));
    int end = (int) Math.min(toDay, Math.min(contract.expiry().toEpochDay(), closing()) + 1);
    long key = Hash.of(seed, contract.index());
    for (int day = first; day < end; day++) {
      long h = Hash.of(key, day);
      if (Hash.unit(h) < spec.busy() && !Conditions.isMissing(day)) {
        double interest = interest(option, day);
        if (Hash.unit(h) < spec.busy() * interest) {
          day(option, day, interest, h, sink);
        }
      }
    }
  }

  private int opening() {
    return (int) product.first().toEpochDay();
  }

  private int closing() {
    return (int) product.last().toEpochDay();
  }

  private void day(Option option, int day, double interest, long h, BarSink sink) {
    LocalDate date = LocalDate.ofEpochDay(day);
    long[] masks = product.session().masksOfYear(date.getYear());
    int offset = UsCalendar.chicagoOffset(date);
    int listed = day == option.contract().listed().toEpochDay() ? option.listedHour() : 0;
    boolean last = day == option.contract().expiry().toEpochDay();
    int end = last ? LAST_HOUR - offset : 24;
    double volatility = volatility(option, day);
    for (int hour = listed; hour < end; hour++) {
      long mask = masks[(date.getDayOfYear() - 1) * 24 + hour];
      double weight = product.session().weight(Math.floorMod(hour + offset, 24));
      long draw = Hash.of(h, hour);
      if (mask == 0 || Hash.unit(draw) >= 0.05 + 0.28 * weight * interest) {
        continue;
      }
      double lots = spec.lots() * interest * weight / 12 * Hash.logNormal(draw);
      int volume = (int) Math.min(1_000_000, 1 + lots);
      hour(option, day, hour, mask, volume, volatility, draw, sink);
    }
  }

  private void hour(
      Option option,
      int day,
      int hour,
      long mask,
      int volume,
      double volatility,
      long draw,
      BarSink sink) {
    long seconds = (day * 24L + hour) * 3600;
    boolean midnight = hour == 23;
    int close = premium(option, midnight ? day + 1 : day, midnight ? 0 : hour + 1, volatility);
    if (volume < Splitter.LOTS_PER_RANGE) {
      sink.bar(seconds, mask, option.contract(), close, close, close, close, volume);
      return;
    }
    int open = premium(option, day, hour, volatility);
    int high = Math.max(open, close) + (int) (draw & 3);
    int low = Math.max(1, Math.min(open, close) - (int) ((draw >>> 2) & 3));
    sink.bar(seconds, mask, option.contract(), open, high, low, close, volume);
  }
}
