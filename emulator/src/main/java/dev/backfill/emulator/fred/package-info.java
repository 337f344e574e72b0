/**
 * The economic series that the emulated FRED serves: for each series of the catalogue when it was
 * published and revised, and the values that were known on any day, all a pure function of seed,
 * series, date and day. A test computes from it what must come out.
 */
@org.jspecify.annotations.NullMarked
package dev.backfill.emulator.fred;
