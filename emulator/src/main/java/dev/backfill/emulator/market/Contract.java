package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * One delivery month of a product. Two are equal when they are the same month of the same root.
 *
 * @param index its place in the product's chain, by expiry
 * @param id the instrument id, used again seven years later
 * @param rawSymbol the name with a one-digit year, used again ten years later
 * @param listed first UTC day, inclusive
 * @param expiry last UTC day, inclusive
 */
record Contract(
    Product product,
    int index,
    YearMonth month,
    int id,
    String rawSymbol,
    LocalDate listed,
    LocalDate expiry) {

  boolean livesOn(int epochDay) {
    return epochDay >= listed.toEpochDay() && epochDay <= expiry.toEpochDay();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Contract c
        && index == c.index
        && product.root().equals(c.product.root());
  }

  @Override
  public int hashCode() {
    return 31 * index + product.root().hashCode();
  }
}
