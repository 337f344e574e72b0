package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** The options whose bars have no strike, expiration or type, because no definition tells them. */
final class LackingOptions {
  /**
   * An option.
   *
   * @param day the first UTC day of which it has such a bar
   * @param rows so many such bars
   */
  record Option(String contract, LocalDate day, long rows) {}

  private LackingOptions() {}

  /**
   * Looks for them.
   *
   * @param table of option bars; may not be there
   * @param parents only theirs
   * @return in order of the day and of the contract
   */
  static List<Option> in(Database database, String table, List<String> parents) {
    String sql =
        "SELECT contract_symbol, CAST(min(as_of_date) AS VARCHAR), count(*) FROM "
            + table
            + " WHERE list_contains(string_split(?, ','), parent_symbol)"
            + " AND (strike_price IS NULL OR expiration_date IS NULL OR option_type IS NULL)"
            + " GROUP BY contract_symbol, instrument_id ORDER BY min(as_of_date), contract_symbol";
    try (DuckDBConnection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, String.join(",", parents));
      List<Option> lacking = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          lacking.add(
              new Option(row.getString(1), LocalDate.parse(row.getString(2)), row.getLong(3)));
        }
      }
      return lacking;
    } catch (SQLException e) {
      throw new DatabaseException("Cannot read " + table + ": " + e.getMessage(), e);
    }
  }
}
