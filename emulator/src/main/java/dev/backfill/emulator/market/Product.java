package dev.backfill.emulator.market;

import java.time.LocalDate;

/**
 * One product of the market, a row of products.csv.
 *
 * @param root the product's code, for example {@code ZL}
 * @param ordinal its place in the file, from 0; contract ids are made from it
 * @param tick the price step in units of 1e-9
 * @param cycle letters of the listed months
 * @param active letters of the months that carry volume
 * @param rollDays calendar days before expiry on which the front by volume changes
 * @param depth how many contracts trade
 * @param volatility yearly
 * @param carry yearly slope of the term structure
 * @param flip probability that another contract is the busiest of a day
 * @param first first day with a bar
 * @param last last day with a bar, inclusive
 * @param mapFrom first day on which its symbols resolve
 * @param mapTo last day on which they do, inclusive
 * @param price level over time
 * @param liquidity lots in an average hour of the front contract
 * @param continuous whether {@code ROOT.rule.rank} resolves
 */
record Product(
    String root,
    int ordinal,
    String dataset,
    Session session,
    long tick,
    String cycle,
    String active,
    ExpiryRule expiry,
    int rollDays,
    int depth,
    double volatility,
    double carry,
    double flip,
    LocalDate first,
    LocalDate last,
    LocalDate mapFrom,
    LocalDate mapTo,
    Anchors price,
    Anchors liquidity,
    boolean continuous) {

  static final String MONTH_CODES = "FGHJKMNQUVXZ";

  /** The same under another root. */
  Product withRoot(String other) {
    return new Product(
        other,
        ordinal,
        dataset,
        session,
        tick,
        cycle,
        active,
        expiry,
        rollDays,
        depth,
        volatility,
        carry,
        flip,
        first,
        last,
        mapFrom,
        mapTo,
        price,
        liquidity,
        continuous);
  }
}
