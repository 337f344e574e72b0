package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** Reads ops.requests: every attempt of every data request that the ledger knows. Thread-safe. */
public final class RequestTable {
  private final Database database;

  /** The requests in an open database. */
  public RequestTable(Database database) {
    this.database = database;
  }

  /** Those that were sent at a time or later, in the order in which they were sent. */
  public List<RequestRow> since(Instant from) {
    try (DuckDBConnection connection = database.connect()) {
      if (!Sql.exists(connection, "ops.requests")) {
        return List.of();
      }
      return Sql.query(
          connection,
          "SELECT "
              + RequestRow.COLUMNS
              + " FROM ops.requests WHERE started_at >= ? ORDER BY started_at, request_no",
          row ->
              new RequestRow(
                  row.getString("request_no"),
                  row.getString("run_id"),
                  row.getString("chunk_id"),
                  row.getString("api_origin"),
                  row.getString("method"),
                  row.getInt("attempt"),
                  Sql.instant(row, "started_at"),
                  (Double) row.getObject("seconds"),
                  (Integer) row.getObject("http_status"),
                  row.getString("outcome"),
                  row.getString("request_id"),
                  (Long) row.getObject("bytes_received"),
                  (Long) row.getObject("billable_bytes"),
                  // DECIMAL(12,6) in the table.
                  row.getObject("cost_estimate_usd") == null
                      ? null
                      : (Double) row.getDouble("cost_estimate_usd")),
          Sql.timestamp(from));
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the requests of " + database.path() + ": " + e.getMessage(), e);
    }
  }
}
