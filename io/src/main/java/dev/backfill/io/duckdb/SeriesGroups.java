package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/** What the database itself knows of the groups of a table's names. */
public final class SeriesGroups {
  private static final String METADATA = "raw.fred_series_metadata";

  private SeriesGroups() {}

  /**
   * By name: of an option's parent the future's root, of an economic series its group. Empty where
   * the names say it.
   */
  public static Map<String, String> of(Database database, String table) {
    return switch (TableSql.of(table).seriesColumn()) {
      case "contract_symbol" ->
          read(database, table, "SELECT DISTINCT parent_symbol, symbol FROM " + Sql.table(table));
      case "series_id" ->
          read(database, METADATA, "SELECT series_id, series_group FROM " + METADATA);
      default -> Map.of();
    };
  }

  private static Map<String, String> read(Database database, String table, String query) {
    Map<String, String> groups = new HashMap<>();
    try (DuckDBConnection connection = database.connect()) {
      if (Sql.exists(connection, table)) {
        for (String[] pair :
            Sql.query(
                connection, query, row -> new String[] {row.getString(1), row.getString(2)})) {
          if (pair[0] != null && pair[1] != null) {
            groups.put(pair[0], pair[1]);
          }
        }
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read " + table + " of " + database.path() + ": " + e.getMessage(), e);
    }
    return groups;
  }
}
