package dev.backfill.transforms;

import dev.backfill.schemas.FixedPrice;
import org.jspecify.annotations.Nullable;

/**
 * What makes a bar wrong. Pure. Sign and zero are no test of a price: spreads and WTI in April 2020
 * traded below zero. An undefined price is no fault; it becomes NULL.
 */
final class BarChecks {
  private static final long UNDEFINED = FixedPrice.UNDEFINED;

  private BarChecks() {}

  /** Whether nothing is wrong and nothing undefined, as with nearly every bar. */
  static boolean isPlain(long open, long high, long low, long close, long volume) {
    return low <= open
        && open <= high
        && low <= close
        && close <= high
        && low > -FixedPrice.LIMIT
        && high < FixedPrice.LIMIT
        && volume >= 0;
  }

  /**
   * Whether the four prices can stand together.
   *
   * @return the first thing that is wrong, or null
   */
  static @Nullable String problem(long open, long high, long low, long close, long volume) {
    if (isPlain(open, high, low, close, volume)) {
      return null;
    }
    if (!FixedPrice.fits(open)
        || !FixedPrice.fits(high)
        || !FixedPrice.fits(low)
        || !FixedPrice.fits(close)) {
      return "a price does not fit DECIMAL(18,9)";
    }
    if (volume < 0) {
      return "the volume does not fit BIGINT";
    }
    if (low != UNDEFINED && high != UNDEFINED && low > high) {
      return "low is above high";
    }
    if (outside(open, low, high)) {
      return "open is not between low and high";
    }
    if (outside(close, low, high)) {
      return "close is not between low and high";
    }
    return null;
  }

  /** Whether any of the four is the undefined price. */
  static boolean anyUndefined(long open, long high, long low, long close) {
    return open == UNDEFINED || high == UNDEFINED || low == UNDEFINED || close == UNDEFINED;
  }

  private static boolean outside(long price, long low, long high) {
    return price != UNDEFINED
        && ((low != UNDEFINED && price < low) || (high != UNDEFINED && price > high));
  }
}
