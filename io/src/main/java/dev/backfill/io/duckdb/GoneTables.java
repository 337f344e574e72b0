package dev.backfill.io.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * Tables of which rows are loaded, by the ledger, and which are not there: whoever plans by the
 * ledger takes them for complete. Thread-safe.
 */
public final class GoneTables {
  private final Database database;

  GoneTables(Database database) {
    this.database = database;
  }

  /**
   * Refuses such a table.
   *
   * @throws TableGoneException naming the command that mends it
   */
  public void refuse(String table) {
    long rows = rows(table);
    if (rows > 0) {
      throw new TableGoneException(database.path(), table, rows);
    }
  }

  /** How many rows the ledger has of a table that is not there; 0 of one that is. */
  public long rows(String table) {
    try (DuckDBConnection connection = database.connect()) {
      return Sql.exists(connection, table) || !Sql.exists(connection, CoverageTable.NAME)
          ? 0
          : Sql.queryLong(
              connection,
              "SELECT CAST(coalesce(sum(row_count), 0) AS BIGINT) FROM ops.coverage"
                  + " WHERE target_table = ?",
              table);
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
