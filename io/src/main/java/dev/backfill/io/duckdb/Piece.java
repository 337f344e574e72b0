package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;

/**
 * The rows of one name in one stretch of time.
 *
 * @param name what stands in the series column, or in the parent column
 * @param byParent in which of the two
 * @param interval half-open, UTC
 */
record Piece(String name, boolean byParent, Interval interval) {}
