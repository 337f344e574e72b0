package dev.backfill.io.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
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
  private static final String TABLE = "raw.fred_series_metadata";

  /** All of them by id; none where there is no such table. */
  public static Map<String, FredLoaded> read(Database database) {
    Map<String, FredLoaded> loaded = new HashMap<>();
    try (Connection connection = database.connect()) {
      if (Sql.exists(connection, TABLE)) {
        Sql.query(
            connection,
            "SELECT series_id, last_updated, coalesce(contains(title, '(DISCONTINUED)'), false)"
                + " FROM "
                + TABLE,
            row -> {
              LocalDateTime updated = row.getObject(2, LocalDateTime.class);
              return loaded.put(
                  row.getString(1),
                  new FredLoaded(
                      updated == null ? null : updated.toInstant(ZoneOffset.UTC),
                      row.getBoolean(3)));
            });
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read " + TABLE + " of " + database.path() + ": " + e.getMessage(), e);
    }
    return loaded;
  }
}
