package dev.backfill.emulator.market;

/**
 * One option.
 *
 * @param contract its name, id and days
 * @param call or a put
 * @param strike in units of 1e-9
 * @param underlying the future that it is on
 * @param listedNs when it was listed, UTC ns, on the contract's first day
 */
record Option(Contract contract, boolean call, long strike, Contract underlying, long listedNs) {
  private static final long HOUR_NS = 3_600_000_000_000L;

  /** The hour of its first day from which it trades. */
  int listedHour() {
    return (int) (Math.floorMod(listedNs, 24 * HOUR_NS) / HOUR_NS) + 1;
  }
}
