package dev.backfill.io.duckdb;

import java.time.Instant;

/**
 * What a table holds under one name.
 *
 * @param table full name
 * @param symbol the name in the table's series column; a parent by its own
 * @param rows how many
 * @param first time of the first row, UTC
 * @param last time of the last row, UTC
 */
public record SymbolStatus(String table, String symbol, long rows, Instant first, Instant last) {}
