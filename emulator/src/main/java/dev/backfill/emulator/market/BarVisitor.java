package dev.backfill.emulator.market;

import java.io.IOException;

/** Takes the bars of a query in order of time. */
@FunctionalInterface
public interface BarVisitor {
  /**
   * One bar; prices in units of 1e-9, time in UTC ns.
   *
   * @return whether to go on
   */
  boolean bar(
      long tsEvent,
      int publisherId,
      int instrumentId,
      long open,
      long high,
      long low,
      long close,
      long volume)
      throws IOException;
}
