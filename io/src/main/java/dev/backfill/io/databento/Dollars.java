package dev.backfill.io.databento;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** US dollars for people. */
public final class Dollars {
  private static final double CENT = 0.01;

  /** Two digits of what is below a cent. */
  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_UP);

  private Dollars() {}

  /**
   * An amount to the cent; one below a cent, which is not nothing, with two significant digits:
   * {@code $2.18}, {@code $0.0049}, {@code $0.00}.
   */
  public static String text(double usd) {
    return usd == 0 || Math.abs(usd) >= CENT
        ? String.format(Locale.ROOT, "$%.2f", usd)
        : "$" + BigDecimal.valueOf(usd).round(TWO_DIGITS).toPlainString();
  }
}
