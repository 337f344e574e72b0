package dev.backfill.emulator.market;

import java.time.LocalDate;

/**
 * The times of an instrument's definitions: when it is listed, when it expires, and for a few when
 * the venue corrects an expiration that it first published a day or two off.
 *
 * @param listedNs UTC ns, as all others
 * @param expiresNs last time to trade
 * @param changedNs when the expiration was corrected; {@link Long#MAX_VALUE} where it never was
 * @param firstExpiresNs the expiration that was published before
 */
record Life(long listedNs, long expiresNs, long changedNs, long firstExpiresNs) {
  static final long DAY_NS = 86_400_000_000_000L;
  static final long HOUR_NS = 3_600_000_000_000L;
  private static final int CHANGED = 25;
  private static final int LAST_HOUR = 16;

  static Life of(Trading trading, Contract contract) {
    long h = Hash.of(Hash.of(trading.seed(), contract.index()), "life");
    boolean option = trading instanceof OptionMarket;
    int lastHour = option ? OptionMarket.LAST_HOUR : LAST_HOUR;
    long expires = expiry(contract.expiry(), lastHour);
    long listed =
        trading instanceof OptionMarket options
            ? options.chain().option(contract.index()).listedNs()
            : listed(trading.product(), contract, h);
    Life life = new Life(listed, expires, Long.MAX_VALUE, expires);
    return Math.floorMod(h, CHANGED) == 0 ? life.changed(contract, lastHour, h) : life;
  }

  private static long expiry(LocalDate day, int chicagoHour) {
    return day.toEpochDay() * DAY_NS + (chicagoHour - UsCalendar.chicagoOffset(day)) * HOUR_NS;
  }

  /** With its product, before any trade of that day, or on a day of its own after noon. */
  private static long listed(Product product, Contract contract, long h) {
    LocalDate start = Dataset.of(product.dataset()).orElseThrow().first();
    if (product.mapFrom().isAfter(start) && contract.listed().isBefore(product.mapFrom())) {
      return product.mapFrom().toEpochDay() * DAY_NS + Math.floorMod(h, 1_000_000_000L);
    }
    return contract.listed().toEpochDay() * DAY_NS + 13 * HOUR_NS + Math.floorMod(h, 7 * HOUR_NS);
  }

  private Life changed(Contract contract, int lastHour, long h) {
    LocalDate other = contract.expiry().plusDays((h & 256) == 0 ? 1 : -2);
    while (!UsCalendar.isBusinessDay(other)) {
      other = other.plusDays((h & 256) == 0 ? 1 : -1);
    }
    long first = expiry(other, lastHour);
    long part = (long) ((expiresNs - listedNs) * (0.3 + 0.5 * Hash.unit(h)));
    LocalDate day = LocalDate.ofEpochDay((listedNs + part) / DAY_NS + 1);
    while (!UsCalendar.isBusinessDay(day)) {
      day = day.plusDays(1);
    }
    long change = day.toEpochDay() * DAY_NS + 14 * HOUR_NS + Math.floorMod(h, 5 * HOUR_NS);
    return change < Math.min(first, expiresNs) - DAY_NS
        ? new Life(listedNs, expiresNs, change, first)
        : this;
  }

  /** The expiration that is known at a time. */
  long expirationAt(long ns) {
    return ns >= changedNs ? expiresNs : firstExpiresNs;
  }

  /** Whether it is in the snapshot of a midnight. */
  boolean coversMidnight(long ns) {
    return listedNs < ns && ns <= expiresNs;
  }
}
