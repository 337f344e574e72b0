package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import org.duckdb.DuckDBConnection;

/** Requests whose answers nobody saw, because the run was killed. */
final class UnseenAnswers {
  private static final String BILL =
      "UPDATE ops.requests AS u SET billable_bytes = o.bytes, cost_estimate_usd = o.usd"
          + " FROM (SELECT chunk_id, max(billable_bytes) AS bytes, max(cost_estimate_usd) AS usd"
          + " FROM ops.requests WHERE run_id = ? AND outcome = 'ok' GROUP BY chunk_id) AS o"
          + " WHERE u.chunk_id = o.chunk_id AND u.outcome = 'unknown'"
          + " AND u.billable_bytes IS DISTINCT FROM o.bytes RETURNING u.run_id";

  private static final String SUM =
      "UPDATE ops.backfill_runs AS r SET"
          + " bytes_billable = (SELECT CAST(sum(q.billable_bytes) AS BIGINT) FROM ops.requests q"
          + " WHERE q.run_id = r.run_id),"
          + " cost_estimate_usd = (SELECT CAST(sum(q.cost_estimate_usd) AS DECIMAL(12,6))"
          + " FROM ops.requests q WHERE q.run_id = r.run_id)"
          + " WHERE r.run_id = ? AND r.status = 'interrupted'";

  private UnseenAnswers() {}

  /** Bills what earlier runs did not see as the whole answers of a run show it, and sums it up. */
  static void bill(DuckDBConnection connection, String runId) throws SQLException {
    Set<String> runs = new HashSet<>(Sql.query(connection, BILL, row -> row.getString(1), runId));
    for (String billed : runs) {
      Sql.update(connection, SUM, billed);
    }
  }
}
