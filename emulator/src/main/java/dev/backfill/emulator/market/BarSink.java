package dev.backfill.emulator.market;

/** Takes bars in time order; prices in ticks of the product. */
interface BarSink {
  /**
   * One bar.
   *
   * @param seconds start of the bar, seconds since 1970 UTC
   * @param minutes for an hour the minutes that can trade, as bits; else all
   */
  void bar(
      long seconds,
      long minutes,
      Contract contract,
      int open,
      int high,
      int low,
      int close,
      int volume);
}
