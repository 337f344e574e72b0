package dev.backfill.emulator.market;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What definitions say of a product beside its prices, a row of specs.csv.
 *
 * @param exchange for example {@code XCBT}
 * @param group the venue's security group
 * @param unit unit of measure
 * @param size how many of it a contract is, 1e-9
 * @param multiplier as the venue gives it; null where it does not
 * @param factor display factor, 1e-9; null where the venue gives none
 */
record Spec(
    String exchange,
    String currency,
    String group,
    String unit,
    long size,
    @Nullable Integer multiplier,
    @Nullable Long factor) {
  private static final String RESOURCE = "/market/specs.csv";
  private static final int FIELDS = 8;
  private static final Map<String, Spec> BY_ROOT = load();

  /** The specification of a futures root. */
  static Spec of(String root) {
    Spec spec = BY_ROOT.get(root);
    if (spec == null) {
      throw new IllegalStateException(RESOURCE + " has no line for " + root);
    }
    return spec;
  }

  private static Map<String, Spec> load() {
    Map<String, Spec> specs = new HashMap<>();
    for (String line : Products.lines(RESOURCE)) {
      String[] f = line.split(",", -1);
      if (f.length != FIELDS) {
        throw new IllegalStateException(RESOURCE + ": " + FIELDS + " fields expected: " + line);
      }
      specs.put(
          f[0],
          new Spec(
              f[1],
              f[2],
              f[3],
              f[4],
              Products.fixed(f[5]),
              f[6].isEmpty() ? null : Integer.valueOf(f[6]),
              f[7].isEmpty() ? null : Long.valueOf(Products.fixed(f[7]))));
    }
    return Map.copyOf(specs);
  }
}
