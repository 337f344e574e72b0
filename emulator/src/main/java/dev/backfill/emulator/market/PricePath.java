package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product's price level at each UTC hour: the anchors times a mean-reverting random walk that
 * moves while the product trades. Grown year by year from the product's first year, so it is the
 * same whatever is asked first. Where the walk stood at the start of each year is kept; the levels
 * of a year are made again when they were forgotten. Thread-safe.
 */
final class PricePath {
  /** Half a year of hours: the walk stays within some fifteen percent of the anchors. */
  private static final double REVERSION = 1.0 / 4400;

  /** Square root of the trading hours of a year: from yearly to hourly volatility. */
  static final double SQRT_HOURS = 74;

  private static final double CLOSED_SCALE = 0.1;

  private final Product product;
  private final long seed;
  private final int firstYear;
  private final Recent<Derived.Of, double[]> recent;
  private final List<Double> starts = new ArrayList<>();
  private volatile @Nullable Year last;

  /** The year that was asked for last, which is mostly the next one as well. */
  private static final class Year {
    final int year;
    final double[] levels;

    Year(int year, double[] levels) {
      this.year = year;
      this.levels = levels;
    }
  }

  PricePath(Product product, long marketSeed, Derived derived) {
    this.product = product;
    this.recent = derived.levels();
    this.seed = Hash.of(Hash.of(marketSeed, product.root()), "path");
    this.firstYear = product.first().getYear();
    this.starts.add(Hash.gauss(Hash.of(seed, -1)) * product.volatility() * 0.3);
  }

  /**
   * The levels of a year, in units of the price: index {@code dayOfYear0 * 24 + hour}, and one more
   * for the end of the year.
   */
  double[] ofYear(int year) {
    Year before = last;
    if (before != null && before.year == year) {
      return before.levels;
    }
    if (year < firstYear) {
      throw new IllegalArgumentException(product.root() + " has no price in " + year);
    }
    double[] levels = levels(year);
    last = new Year(year, levels);
    return levels;
  }

  private synchronized double[] levels(int year) {
    Derived.Of key = new Derived.Of(product.root(), year);
    double[] known = recent.find(key);
    if (known != null) {
      return known;
    }
    while (starts.size() <= year - firstYear) {
      make(firstYear + starts.size() - 1);
    }
    double[] made = make(year);
    recent.keep(key, made);
    return made;
  }

  /** The levels of a year whose start is known; then that of the next is known as well. */
  private double[] make(int year) {
    double walk = starts.get(year - firstYear);
    LocalDate start = LocalDate.of(year, 1, 1);
    long day0 = start.toEpochDay();
    int days = start.lengthOfYear();
    long[] masks = product.session().masksOfYear(year);
    double[] result = new double[days * 24 + 1];
    double step = product.volatility() / SQRT_HOURS;
    for (int d = 0; d < days; d++) {
      double log = product.price().logAt((double) (day0 + d));
      double slope = (product.price().logAt((double) (day0 + d + 1)) - log) / 24;
      int offset = UsCalendar.chicagoOffset(start.plusDays(d));
      for (int hour = 0; hour < 24; hour++) {
        int i = d * 24 + hour;
        result[i] = StrictMath.exp(log + slope * hour + walk);
        double scale =
            masks[i] == 0
                ? CLOSED_SCALE
                : Math.sqrt(product.session().weight(Math.floorMod(hour + offset, 24)));
        long h = Hash.of(seed, (day0 + d) * 24 + hour);
        walk += step * scale * Hash.gauss(h) - REVERSION * walk;
      }
    }
    result[days * 24] = StrictMath.exp(product.price().logAt((double) (day0 + days)) + walk);
    if (starts.size() == year - firstYear + 1) {
      starts.add(walk);
    }
    return result;
  }
}
