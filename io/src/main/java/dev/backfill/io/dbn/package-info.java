/**
 * Reader and writer of the Databento Binary Encoding (DBN), versions 1 to 3, raw or inside zstd.
 *
 * <p>The package turns bytes into records and records into bytes, and knows nothing else: no
 * sockets, no pipeline, no database. {@link dev.backfill.io.dbn.DbnReader} and {@link
 * dev.backfill.io.dbn.DbnWriter} are its two doors; {@link dev.backfill.io.dbn.SymbolTimeline}
 * gives the symbol of an instrument on a date.
 *
 * <p>Everywhere: prices are {@code long}s in units of 1e-9; times are nanoseconds since 1970 UTC,
 * held in a {@code long} (the undefined time, 2^64-1, reads as -1); dates are UTC, the start
 * inclusive and the end exclusive.
 */
@org.jspecify.annotations.NullMarked
package dev.backfill.io.dbn;
