package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What options are listed on one product, a row of options.csv.
 *
 * @param root the options' own root, for example {@code OZL}
 * @param ordinal its place in the file, from 0; ids are made from it
 * @param future root of the product that they are on
 * @param tick step of the premium in units of 1e-9
 * @param step between strikes, 1e-9; half of it near expiry
 * @param digit what one unit of the number in a raw symbol is worth, 1e-9
 * @param cycle letters of the listed months
 * @param width strikes on each side of the money at listing
 * @param listedMonths months from listing to expiry
 * @param busy part of the days on which a contract at the money trades
 * @param lots in such a day
 * @param greeks whether the venue publishes volatility and delta
 * @param first day before which nothing is listed; null for the product's own
 */
record OptionSpec(
    String root,
    int ordinal,
    String future,
    long tick,
    long step,
    long digit,
    String cycle,
    ExpiryRule expiry,
    int width,
    int listedMonths,
    double busy,
    double lots,
    boolean greeks,
    @Nullable LocalDate first) {
  private static final String RESOURCE = "/market/options.csv";
  private static final int FIELDS = 13;

  static List<OptionSpec> load() {
    List<OptionSpec> specs = new ArrayList<>();
    for (String line : Products.lines(RESOURCE)) {
      String[] f = line.split(",", -1);
      if (f.length != FIELDS) {
        throw new IllegalStateException(RESOURCE + ": " + FIELDS + " fields expected: " + line);
      }
      specs.add(
          new OptionSpec(
              f[0],
              specs.size(),
              f[1],
              Products.fixed(f[2]),
              Products.fixed(f[3]),
              Products.fixed(f[4]),
              f[5],
              ExpiryRule.parse(f[6]),
              Integer.parseInt(f[7]),
              Integer.parseInt(f[8]),
              Double.parseDouble(f[9]),
              Double.parseDouble(f[10]),
              f[11].equals("1"),
              f[12].isEmpty() ? null : LocalDate.parse(f[12])));
    }
    return List.copyOf(specs);
  }
}
