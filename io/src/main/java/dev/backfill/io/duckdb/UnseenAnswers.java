package dev.backfill.io.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/** Requests whose answers nobody saw whole: what they had is known once a whole one has come. */
final class UnseenAnswers {
  /** What a whole answer had; where none was as counted, one that came twice. */
  private static final String WHOLE =
      "SELECT chunk_id, coalesce(max(billable_bytes) FILTER (outcome = 'ok'),"
          + " max(billable_bytes)) AS bytes, coalesce(max(cost_estimate_usd) FILTER (outcome ="
          + " 'ok'), max(cost_estimate_usd)) AS usd FROM ops.requests WHERE run_id = ? AND outcome"
          + " IN ('ok', 'miscounted') GROUP BY chunk_id"
          + " HAVING count(*) FILTER (outcome = 'ok') > 0 OR count(*) > 1";

  private static final String BILL =
      "UPDATE ops.requests AS u SET billable_bytes = o.bytes, cost_estimate_usd = o.usd,"
          + " outcome = CASE WHEN u.http_status = 200 THEN 'cut' ELSE u.outcome END FROM ("
          + WHOLE
          + ") AS o WHERE u.chunk_id = o.chunk_id AND u.outcome IN ('unknown', 'cut')"
          + " AND (u.billable_bytes IS DISTINCT FROM o.bytes"
          + " OR (u.outcome = 'unknown' AND u.http_status = 200))";

  private UnseenAnswers() {}

  /** Bills what was not seen whole as the whole answers of a run show it. */
  static void bill(DuckDBConnection connection, String runId) throws SQLException {
    Sql.update(connection, BILL, runId);
  }
}
