package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import org.jspecify.annotations.Nullable;

/**
 * One stretch of one series that a source speaks of.
 *
 * @param source who speaks
 * @param series as requested
 * @param tableSymbol what stands in the series column; null for a parent
 * @param interval half-open, UTC
 * @param resolved whether the symbol existed then
 * @param covered whether the source proves the stretch complete
 */
record Claim(
    OpenSource source,
    Series series,
    @Nullable String tableSymbol,
    Interval interval,
    boolean resolved,
    boolean covered) {

  Piece piece() {
    return new Piece(rowName(), tableSymbol == null, interval);
  }

  String rowName() {
    return tableSymbol == null ? series.symbol() : tableSymbol;
  }
}
