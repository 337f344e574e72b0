package dev.backfill.io.duckdb;

import dev.backfill.io.duckdb.Alerts.Severity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * What the desk's own checks read of a run: its row in ops.ingestion_completion, and its job's
 * alert in ops.alert_history, written within the caller's transaction.
 */
final class Completions {
  private static final String COLUMNS =
      "ingestion_id, source, job_name, run_id, start_date, end_date, row_count, status,"
          + " error_message, started_at, completed_at, duration_seconds";

  /**
   * When a killed run ended is not known; when that was found is. The range of FRED's chunks is
   * none of dates.
   */
  private static final String INTERRUPTED =
      "INSERT OR REPLACE INTO ops.ingestion_completion ("
          + COLUMNS
          + ") SELECT r.run_id, coalesce(c.source, 'databento'), r.job_name, r.run_id,"
          + " CASE WHEN c.source <> 'fred' THEN CAST(c.first AS DATE) END,"
          + " CASE WHEN c.source <> 'fred' THEN CAST(c.last AS DATE) END, r.rows_written,"
          + " CASE WHEN r.rows_written > 0 THEN 'partial' ELSE 'failed' END, ?, r.started_at, ?,"
          + " NULL FROM ops.backfill_runs r LEFT JOIN (SELECT last_run_id, min(source) AS source,"
          + " min(range_start) AS first, max(range_end) AS last FROM ops.backfill_chunks"
          + " GROUP BY last_run_id) c ON c.last_run_id = r.run_id WHERE r.run_id = ?"
          + " RETURNING job_name";

  private Completions() {}

  static void write(DuckDBConnection connection, IngestionRow row, boolean isWell)
      throws SQLException {
    BigDecimal seconds =
        BigDecimal.valueOf(Duration.between(row.startedAt(), row.completedAt()).toMillis())
            .divide(BigDecimal.valueOf(1000), 2, RoundingMode.HALF_UP);
    Sql.update(
        connection,
        "INSERT OR REPLACE INTO ops.ingestion_completion ("
            + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.ingestionId(),
        row.source(),
        row.jobName(),
        row.runId(),
        row.startDate(),
        row.endDate(),
        row.rowCount(),
        row.status(),
        row.error(),
        Sql.timestamp(row.startedAt()),
        Sql.timestamp(row.completedAt()),
        seconds);
    Alerts.Key key = Alerts.Key.ofJob(row.jobName());
    if (!row.status().equals(IngestionRow.SUCCESS) && !row.isForgiven()) {
      String error = row.error();
      Alerts.raise(
          connection,
          key,
          row.status().equals(IngestionRow.PARTIAL) ? Severity.WARNING : Severity.ERROR,
          "Run " + row.runId() + ": " + (error == null ? "no reason was given" : error),
          row.completedAt());
    } else if (isWell) {
      Alerts.resolve(connection, key, row.runId(), row.completedAt());
    }
  }

  /** What is said of runs that did not live to say it. */
  static void writeInterrupted(DuckDBConnection connection, List<String> runs, Instant now)
      throws SQLException {
    String why = "it was stopped before it ended; what it had loaded is kept";
    for (String run : runs) {
      for (String job :
          Sql.query(
              connection, INTERRUPTED, row -> row.getString(1), why, Sql.timestamp(now), run)) {
        Alerts.raise(
            connection, Alerts.Key.ofJob(job), Severity.WARNING, "Run " + run + ": " + why, now);
      }
    }
  }
}
