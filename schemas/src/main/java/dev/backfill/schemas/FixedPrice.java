package dev.backfill.schemas;

import java.math.BigDecimal;

/** Prices as Databento sends them: a signed 64-bit integer in units of 1e-9. Source: DBN format. */
public final class FixedPrice {
  /** Digits after the point. */
  public static final int SCALE = 9;

  /** Stands for "no price"; becomes NULL. */
  public static final long UNDEFINED = Long.MAX_VALUE;

  /** {@code DECIMAL(18,9)} holds prices whose raw value is nearer to zero than this. */
  public static final long LIMIT = 1_000_000_000_000_000_000L;

  private FixedPrice() {}

  /** Whether the raw price is one that {@code DECIMAL(18,9)} can hold, or undefined. */
  public static boolean fits(long raw) {
    return (raw > -LIMIT && raw < LIMIT) || raw == UNDEFINED;
  }

  /** The exact decimal, with nine digits after the point; the undefined price is refused. */
  public static BigDecimal decimal(long raw) {
    if (raw == UNDEFINED) {
      throw new IllegalArgumentException("The undefined price has no value");
    }
    return BigDecimal.valueOf(raw, SCALE);
  }
}
