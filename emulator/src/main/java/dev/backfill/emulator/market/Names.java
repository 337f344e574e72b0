package dev.backfill.emulator.market;

import java.time.YearMonth;
import java.util.Locale;

/**
 * Raw symbols as the venues write them: CME with one year digit ({@code ZLF6}, {@code ZLF6-ZLH6},
 * {@code ZL:BF F6-H6-K6}, {@code OZLH4 C550}), ICE fixed in width ({@code KC FMZ0026!}, the root
 * padded to four), Cboe with a stroke ({@code VX/M6}). How ICE and Cboe name spreads is not known;
 * here they are outright symbols joined.
 */
final class Names {
  private Names() {}

  static char code(YearMonth month) {
    return Product.MONTH_CODES.charAt(month.getMonthValue() - 1);
  }

  private static String monthAndDigit(YearMonth month) {
    return code(month) + Integer.toString(month.getYear() % 10);
  }

  private static String ice(YearMonth month) {
    return String.format(Locale.ROOT, "FM%s00%02d", code(month), month.getYear() % 100);
  }

  static String future(Product product, YearMonth month) {
    return switch (product.dataset()) {
      case "IFUS.IMPACT" -> String.format("%-4s", product.root()) + ice(month) + "!";
      case "XCBF.PITCH" -> product.root() + "/" + monthAndDigit(month);
      default -> product.root() + monthAndDigit(month);
    };
  }

  static String calendar(Product product, YearMonth near, YearMonth far) {
    if (product.dataset().equals("IFUS.IMPACT")) {
      return String.format("%-4s", product.root()) + ice(near) + "-" + ice(far) + "!";
    }
    return future(product, near) + "-" + future(product, far);
  }

  static String butterfly(Product product, YearMonth near, YearMonth middle, YearMonth far) {
    return product.root()
        + ":BF "
        + monthAndDigit(near)
        + "-"
        + monthAndDigit(middle)
        + "-"
        + monthAndDigit(far);
  }

  /** What the symbols of a month's options begin with. */
  static String optionMonth(String root, YearMonth month) {
    return root + monthAndDigit(month) + " ";
  }

  /** An option's: its root, month and digit, then C or P with the strike in its digits. */
  static String option(String root, YearMonth month, boolean call, long strike, long digit) {
    return optionMonth(root, month) + (call ? "C" : "P") + strike / digit;
  }
}
