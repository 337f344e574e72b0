package dev.backfill.transforms;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What raw.fred_series_metadata says of a series that is loaded.
 *
 * @param lastUpdated when FRED had last changed what is loaded; null where nobody knows
 */
public record FredLoaded(@Nullable Instant lastUpdated, boolean isDiscontinued) {
  /** All of them by id; none where there is no such table. */
  public static Map<String, FredLoaded> read(Database database) {
    Map<String, FredLoaded> loaded = new HashMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      if (!isThere(statement)) {
        return loaded;
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT series_id, last_updated, coalesce(contains(title, '(DISCONTINUED)'), false)"
                  + " FROM raw.fred_series_metadata")) {
        while (rows.next()) {
          LocalDateTime updated = rows.getObject(2, LocalDateTime.class);
          loaded.put(
              rows.getString(1),
              new FredLoaded(
                  updated == null ? null : updated.toInstant(ZoneOffset.UTC), rows.getBoolean(3)));
        }
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read raw.fred_series_metadata of " + database.path() + ": " + e.getMessage(), e);
    }
    return loaded;
  }

  private static boolean isThere(Statement statement) throws SQLException {
    try (ResultSet tables =
        statement.executeQuery(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
                + " AND schema_name = 'raw' AND table_name = 'fred_series_metadata'")) {
      return tables.next() && tables.getLong(1) > 0;
    }
  }
}
