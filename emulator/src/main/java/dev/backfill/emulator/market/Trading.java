package dev.backfill.emulator.market;

/**
 * Instruments of one kind under one root, with what they trade at: a product's futures, the spreads
 * between them, or the options on them. Thread-safe.
 */
sealed interface Trading permits ProductMarket, SpreadMarket, OptionMarket {
  /** What all of them have in common; its root tells one trading from any other. */
  Product product();

  /** The hash from which everything of it is drawn. */
  long seed();

  /** The instrument of an index. */
  Contract contract(int index);

  /** Makes the hourly bars of a series on the UTC days [fromDay, toDay), in order. */
  void hours(Series series, int fromDay, int toDay, BarSink sink);

  /** Whether an instrument trades in a few hours of a year only. */
  default boolean isThin() {
    return true;
  }
}
