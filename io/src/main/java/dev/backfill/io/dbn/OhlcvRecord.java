package dev.backfill.io.dbn;

/**
 * A bar. Prices are in units of 1e-9 and may be zero or negative.
 *
 * @param header its {@code tsEvent} is the inclusive start of the bar's interval
 * @param open first price
 * @param high highest price
 * @param low lowest price
 * @param close last price
 * @param volume contracts traded, unsigned
 */
public record OhlcvRecord(
    RecordHeader header, long open, long high, long low, long close, long volume)
    implements DbnRecord {}
