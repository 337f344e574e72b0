package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/** What the ledger knows of the jobs that have loaded a table's series. */
public final class SeriesJobs {
  private SeriesJobs() {}

  /**
   * By the name that a series has in the table, and by the symbol it is asked for, the job that has
   * loaded it last. Of what was merged because it is old nothing is known any more.
   */
  public static Map<String, String> of(Database database, String table) {
    Map<String, String> jobs = new HashMap<>();
    try (DuckDBConnection connection = database.connect()) {
      if (Sql.exists(connection, CoverageTable.NAME)
          && Sql.exists(connection, "ops.backfill_runs")) {
        Sql.query(
            connection,
            "SELECT name, arg_max(r.job_name, c.loaded_at) FROM (SELECT *,"
                + " unnest([symbol, coalesce(table_symbol, symbol)]) AS name FROM ops.coverage"
                + " WHERE target_table = ?) c JOIN ops.backfill_runs r ON r.run_id = c.run_id"
                + " GROUP BY name",
            row -> jobs.put(row.getString(1), row.getString(2)),
            table);
      }
      return jobs;
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
