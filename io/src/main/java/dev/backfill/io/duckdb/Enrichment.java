package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import org.duckdb.DuckDBConnection;

/**
 * The statements of a table's SQL file that fill columns from other tables, or other tables from
 * this one. Whoever replaces or deletes rows runs them, in the same transaction.
 */
final class Enrichment {
  /** The ranges that were replaced, by which the statements find what they touch. */
  static final String PIECES = "batch_pieces";

  private Enrichment() {}

  /**
   * Runs them over the staged pieces.
   *
   * @param hasSegments whether batch_segments is staged too; statements that read it are left out
   *     where it is not
   */
  static void run(DuckDBConnection connection, TableSql table, boolean hasSegments, Instant now)
      throws SQLException {
    for (String statement : table.enrichments()) {
      if (hasSegments || !statement.contains(Segments.TABLE)) {
        Sql.execute(connection, RowInsert.at(now, statement));
      }
    }
  }

  /** Whether all tables are there that the statements read or fill: an older database has fewer. */
  static boolean isPossible(DuckDBConnection connection, TableSql table) throws SQLException {
    for (String companion : table.companions()) {
      if (!Sql.exists(connection, companion)) {
        return false;
      }
    }
    return true;
  }
}
