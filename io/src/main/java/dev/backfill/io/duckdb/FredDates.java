package dev.backfill.io.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The dates of what a run loaded of FRED. The range of its chunks says nothing: a series is always
 * asked for whole, from FRED's earliest date to one that is far off.
 *
 * @param first of the first observation; null where none was loaded
 * @param last of the last observation, inclusive; null where none was loaded
 */
public record FredDates(@Nullable LocalDate first, @Nullable LocalDate last) {
  private static final FredDates NONE = new FredDates(null, null);

  /**
   * Reads the dates of the series that a run has loaded.
   *
   * @param table full name, with the columns series_id and date
   */
  public static FredDates read(Database database, String table, String runId) {
    try (Connection connection = database.connect()) {
      if (!Sql.exists(connection, table)) {
        return NONE;
      }
      List<FredDates> found =
          Sql.query(
              connection,
              "SELECT min(date), max(date) FROM "
                  + table
                  + " WHERE series_id IN (SELECT unnest(string_split(symbols, ','))"
                  + " FROM ops.backfill_chunks WHERE last_run_id = ? AND state = 'loaded')",
              row ->
                  new FredDates(
                      row.getObject(1, LocalDate.class), row.getObject(2, LocalDate.class)),
              runId);
      return found.get(0);
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read " + table + " of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
