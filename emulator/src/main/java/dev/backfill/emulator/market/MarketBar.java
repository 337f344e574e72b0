package dev.backfill.emulator.market;

/**
 * One bar of the market.
 *
 * @param tsEvent inclusive start, UTC ns
 * @param instrumentId the contract's id
 * @param publisherId the publisher that reports it
 * @param rawSymbol the contract's own name
 * @param open in units of 1e-9, as high, low and close
 * @param volume lots
 */
public record MarketBar(
    long tsEvent,
    long instrumentId,
    int publisherId,
    String rawSymbol,
    long open,
    long high,
    long low,
    long close,
    long volume) {}
