package dev.backfill.emulator.market;

/**
 * What options are worth: Black's formula without interest. Only {@link StrictMath}, so that the
 * market is the same on every machine.
 */
final class Pricing {
  private static final double LEAST_YEARS = 1.0 / (365.25 * 24);

  private Pricing() {}

  /**
   * The premium, at least the intrinsic value.
   *
   * @param future price of the underlying, as the strike
   * @param years to expiry
   * @param volatility yearly
   */
  static double premium(
      boolean call, double future, double strike, double years, double volatility) {
    double deviation = volatility * Math.sqrt(Math.max(years, LEAST_YEARS));
    double d1 = StrictMath.log(future / strike) / deviation + deviation / 2;
    double value = future * normal(d1) - strike * normal(d1 - deviation);
    double premium = call ? value : value - future + strike;
    return Math.max(premium, Math.max(0, call ? future - strike : strike - future));
  }

  /** How the premium moves with the future: 0 to 1 for a call, -1 to 0 for a put. */
  static double delta(boolean call, double future, double strike, double years, double volatility) {
    double deviation = volatility * Math.sqrt(Math.max(years, LEAST_YEARS));
    double d1 = StrictMath.log(future / strike) / deviation + deviation / 2;
    return call ? normal(d1) : normal(d1) - 1;
  }

  /** The cumulative normal distribution, to seven digits (Abramowitz and Stegun 26.2.17). */
  static double normal(double x) {
    double size = Math.abs(x);
    if (size > 8) {
      return x > 0 ? 1 : 0;
    }
    double t = 1 / (1 + 0.2316419 * size);
    double polynomial =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    double tail = 0.3989422804014327 * StrictMath.exp(-size * size / 2) * polynomial;
    return x > 0 ? 1 - tail : tail;
  }
}
