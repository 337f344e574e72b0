package dev.backfill.io.duckdb;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/** The options whose bars have no strike, expiration or type, because no definition tells them. */
public final class LackingOptions {
  /**
   * An option.
   *
   * @param day the first UTC day of which it has such a bar
   * @param rows so many such bars
   */
  public record Option(String contract, LocalDate day, long rows) {}

  private LackingOptions() {}

  /**
   * Looks for them.
   *
   * @param table of option bars, which is there
   * @param parents only theirs
   * @return in order of the day and of the contract
   */
  public static List<Option> in(Database database, String table, List<String> parents) {
    try (Connection connection = database.connect()) {
      return Sql.query(
          connection,
          "SELECT contract_symbol, CAST(min(as_of_date) AS VARCHAR), count(*) FROM "
              + Sql.table(table)
              + " WHERE list_contains(string_split(?, ','), parent_symbol)"
              + " AND (strike_price IS NULL OR expiration_date IS NULL OR option_type IS NULL)"
              + " GROUP BY contract_symbol, instrument_id"
              + " ORDER BY min(as_of_date), contract_symbol",
          row -> new Option(row.getString(1), LocalDate.parse(row.getString(2)), row.getLong(3)),
          String.join(",", parents));
    } catch (SQLException e) {
      throw new DatabaseException("Cannot read " + table + ": " + e.getMessage(), e);
    }
  }
}
