/**
 * The emulated market: bars as a pure function of (seed, product, time).
 *
 * <p>Nothing here knows HTTP. The way of a bar: {@link dev.backfill.emulator.market.PricePath}
 * gives the product's level at each UTC hour, {@code HourModel} makes a contract's hour of it,
 * {@code Splitter} cuts an hour into minutes and a minute into seconds, {@code BlockStore} keeps
 * what was made, {@link dev.backfill.emulator.market.Market} is the door.
 */
@org.jspecify.annotations.NullMarked
package dev.backfill.emulator.market;
