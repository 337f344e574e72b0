package dev.backfill.io.duckdb;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The number of the ledger's shape, in ops.settings. A database without one was not made by this
 * program, or not by it alone; one with an older number is brought up to date by {@link
 * Tables#prepare}; one with a newer number is left alone.
 */
final class SchemaVersion {
  /** What this program writes. */
  static final int CURRENT = 1;

  /** A database that says nothing of it. */
  static final int NONE = 0;

  private static final String SETTING = "schema_version";

  private SchemaVersion() {}

  /**
   * Refuses a database of a newer program, before anything is read from it or written to it.
   *
   * @throws DatabaseException in one sentence
   */
  static void requireKnown(Connection connection, Path path) throws SQLException {
    int version = of(connection);
    if (version > CURRENT) {
      throw new DatabaseException(
          "The database "
              + path
              + " was written by a newer backfill (schema version "
              + version
              + "; this one knows versions up to "
              + CURRENT
              + "). Nothing was changed. Use that newer one, or give --db another file");
    }
  }

  /** The number, or {@link #NONE}. */
  static int of(Connection connection) throws SQLException {
    try {
      return Sql.query(
              connection,
              "SELECT CAST(value AS INTEGER) FROM ops.settings WHERE name = ?",
              row -> row.getInt(1),
              SETTING)
          .stream()
          .findFirst()
          .orElse(NONE);
    } catch (SQLException e) {
      // Of another's making: no such table, or none that has these columns.
      String text = String.valueOf(e.getMessage());
      if (text.contains("Catalog Error") || text.contains("Binder Error")) {
        return NONE;
      }
      throw e;
    }
  }

  static void write(Connection connection) throws SQLException {
    Sql.update(
        connection,
        "INSERT OR REPLACE INTO ops.settings (name, value, set_at)"
            + " VALUES (?, ?, now()::TIMESTAMP)",
        SETTING,
        Integer.toString(CURRENT));
  }
}
