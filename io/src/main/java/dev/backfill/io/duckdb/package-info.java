/** DuckDB: the batching writer, the ledger, the tables and the lock (door: DuckDbIO). */
@NullMarked
package dev.backfill.io.duckdb;

import org.jspecify.annotations.NullMarked;
