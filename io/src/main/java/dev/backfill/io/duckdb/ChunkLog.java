package dev.backfill.io.duckdb;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** ops.backfill_chunks and ops.rejected_records: how each chunk of a group ended. */
final class ChunkLog {
  private static final String COLUMNS =
      "chunk_id, source, dataset, schema_name, stype_in, symbols, range_start, range_end, state,"
          + " attempts, last_run_id, last_error, http_status, rows_fetched, rows_written,"
          + " raw_file, raw_sha256, cost_estimate_usd, not_found, updated_at";

  private ChunkLog() {}

  /** One chunk's row. */
  static @Nullable Object[] row(
      LandedChunk landed,
      String state,
      @Nullable String error,
      @Nullable Long rowsWritten,
      List<String> notFound,
      TargetSpec target,
      Instant now) {
    Chunk chunk = landed.getChunk();
    boolean hasFile = landed.getState() == LandedState.LANDED;
    return new @Nullable Object[] {
      chunk.getChunkId(),
      chunk.getSource(),
      chunk.getDataset(),
      chunk.getSchemaName(),
      chunk.getStypeIn(),
      String.join(",", chunk.getSymbols()),
      Sql.timestamp(chunk.getStartNs()),
      Sql.timestamp(chunk.getEndNs()),
      state,
      landed.getAttempts(),
      target.runId(),
      error,
      landed.getHttpStatus() == 0 ? null : landed.getHttpStatus(),
      hasFile ? landed.getRecordCount() : null,
      rowsWritten,
      hasFile ? landed.getFile() : null,
      hasFile ? landed.getSha256() : null,
      BigDecimal.valueOf(landed.getCostEstimateUsd()).setScale(6, RoundingMode.HALF_UP),
      notFound.isEmpty() ? null : String.join(",", notFound),
      Sql.timestamp(now)
    };
  }

  static void write(Connection connection, List<@Nullable Object[]> rows) throws SQLException {
    Sql.insert(connection, "INSERT OR REPLACE", "ops.backfill_chunks", COLUMNS, rows);
  }

  /**
   * Keeps rejects, each once however often its chunk is loaded. What was said of those that were
   * not kept one by one is said anew.
   */
  static void reject(
      DuckDBConnection connection, TargetSpec target, String chunkId, Rejects rejects, Instant now)
      throws SQLException {
    if (rejects.count() == 0) {
      return;
    }
    Sql.update(
        connection,
        "DELETE FROM ops.rejected_records WHERE chunk_id = ? AND target = ?"
            + " AND starts_with(reason, ?)",
        chunkId,
        target.table(),
        Rejects.MORE);
    Sql.execute(
        connection, "CREATE OR REPLACE TEMP TABLE batch_rejects (reason VARCHAR, record VARCHAR)");
    try (DuckDBAppender rows = connection.createAppender("temp", "main", "batch_rejects")) {
      for (RowSource.Reject reject : rejects.rows()) {
        rows.beginRow().append(reject.reason()).append(reject.record()).endRow();
      }
      rows.flush();
    }
    Sql.update(
        connection,
        "INSERT INTO ops.rejected_records (run_id, chunk_id, target, reason, record, rejected_at)"
            + " SELECT ?, ?, ?, r.reason, r.record, ? FROM batch_rejects r WHERE NOT EXISTS"
            + " (SELECT 1 FROM ops.rejected_records o WHERE o.chunk_id = ? AND o.target = ?"
            + " AND o.reason = r.reason AND o.record = r.record)",
        target.runId(),
        chunkId,
        target.table(),
        Sql.timestamp(now),
        chunkId,
        target.table());
  }
}
