package dev.backfill.emulator.market;

import java.util.List;

/**
 * What a market derives and keeps for a while, beside its bars: however much is asked for, it holds
 * so many values and no more. Thread-safe.
 *
 * @param levels hourly price levels, a year of a product each: 70 kB
 * @param options the options of one month of a root each: 20 to 60 kB
 */
record Derived(Recent<Of, double[]> levels, Recent<Of, List<Option>> options) {
  private static final int YEARS = 512;
  private static final int MONTHS = 512;

  /**
   * The year of a product, or the month of a root.
   *
   * @param number the year, or the month's place in its chain
   */
  record Of(String root, int number) {}

  /** As much as a run of many symbols over many years has under way at once. */
  static Derived usual() {
    return of(YEARS, MONTHS);
  }

  static Derived of(int years, int months) {
    return new Derived(new Recent<>(years), new Recent<>(months));
  }
}
