package dev.backfill.emulator.market;

import dev.backfill.io.dbn.DbnMetadata;
import org.jspecify.annotations.Nullable;

/** What one instrument is worth and how much of it there is on a trading date. Not shared. */
interface Quotes {
  /** The UTC hour at whose beginning everything is settled. */
  int SETTLEMENT_HOUR = 19;

  /**
   * A trading date's figures; prices in 1e-9, undefined ones as DBN has them.
   *
   * @param opening undefined where nothing traded
   * @param volatility yearly, 1e-9; undefined where the venue publishes none, as delta
   * @param traded whether the settlement is an actual price
   */
  record Quote(
      long opening,
      long settlement,
      long volatility,
      long delta,
      long volume,
      long openInterest,
      boolean traded) {}

  /** The figures of an epoch day on which the instrument is listed. */
  Quote on(int day);

  /** The quotes of a future or an option; spreads have none. */
  static Quotes of(Trading trading, Contract contract) {
    if (trading instanceof OptionMarket options) {
      return new Latest(new OfOption(options, options.chain().option(contract.index())));
    }
    return new Latest(new OfFuture((ProductMarket) trading, contract));
  }

  /** Remembers two days, since each is asked for on the days around it. */
  final class Latest implements Quotes {
    private final Quotes quotes;
    private final int[] days = {Integer.MIN_VALUE, Integer.MIN_VALUE};
    private final @Nullable Quote[] known = new Quote[2];

    Latest(Quotes quotes) {
      this.quotes = quotes;
    }

    @Override
    public Quote on(int day) {
      for (int i = 0; i < days.length; i++) {
        Quote quote = known[i];
        if (days[i] == day && quote != null) {
          return quote;
        }
      }
      Quote quote = quotes.on(day);
      int older = days[0] < days[1] ? 0 : 1;
      days[older] = day;
      known[older] = quote;
      return quote;
    }
  }

  /** A number of lots that every version of DBN can hold. */
  private static long lots(double lots) {
    return Math.min(Integer.MAX_VALUE - 1, (long) lots);
  }

  /** A future's. */
  final class OfFuture implements Quotes {
    private static final double HOURS = 16;
    private final ProductMarket market;
    private final Contract contract;
    private final long key;

    OfFuture(ProductMarket market, Contract contract) {
      this.market = market;
      this.contract = contract;
      this.key = Hash.of(Hash.of(market.seed(), contract.index()), "lots");
    }

    @Override
    public Quote on(int day) {
      long h = Hash.of(key, day);
      int rank = market.chain().volumeRank(contract, day);
      double liquidity = market.product().liquidity().at(day);
      double left = Math.max(0, contract.expiry().toEpochDay() - day);
      double ramp = Math.min(1, (left + 1) / 15) * StrictMath.exp(-left / 400);
      double busy = liquidity * HOURS * ProductMarket.share(rank) * (0.6 + 0.8 * Hash.unit(h));
      return new Quote(
          rank < 0 ? DbnMetadata.UNDEFINED : price(day, 14),
          price(day, SETTLEMENT_HOUR),
          DbnMetadata.UNDEFINED,
          DbnMetadata.UNDEFINED,
          lots(busy),
          lots(liquidity * 60 * ramp * (0.9 + 0.2 * Hash.unit(~h))),
          rank >= 0);
    }

    private long price(int day, int hour) {
      long tick = market.product().tick();
      return Math.round(market.level(contract, day, hour) / (tick * 1e-9)) * tick;
    }
  }

  /** An option's. */
  final class OfOption implements Quotes {
    private final OptionMarket market;
    private final Option option;
    private final long key;

    OfOption(OptionMarket market, Option option) {
      this.market = market;
      this.option = option;
      this.key = Hash.of(Hash.of(market.seed(), option.contract().index()), "lots");
    }

    @Override
    public Quote on(int day) {
      OptionSpec spec = market.spec();
      long h = Hash.of(key, day);
      double interest = market.interest(option, day);
      double volatility = market.volatility(option, day);
      boolean traded = Hash.unit(h) < spec.busy() * interest;
      long tick = spec.tick();
      double delta =
          Pricing.delta(
              option.call(),
              market.future(option, day, SETTLEMENT_HOUR),
              option.strike() * 1e-9,
              OptionMarket.years(option, day, SETTLEMENT_HOUR),
              volatility);
      double age = day - option.contract().listed().toEpochDay();
      double open = spec.lots() * 12 * interest * Math.min(1, age / 40) * (0.9 + 0.2 * unit(h));
      return new Quote(
          DbnMetadata.UNDEFINED,
          market.premium(option, day, SETTLEMENT_HOUR, volatility) * tick,
          spec.greeks() ? Math.round(volatility * 1e6) * 1000 : DbnMetadata.UNDEFINED,
          spec.greeks() ? Math.round(delta * 1e4) * 100_000 : DbnMetadata.UNDEFINED,
          traded ? lots(1 + spec.lots() * interest * unit(h)) : 0,
          lots(open),
          traded);
    }

    private static double unit(long h) {
      return Hash.unit(~h);
    }
  }
}
