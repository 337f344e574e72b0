package dev.backfill.io.duckdb;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of ops.backfill_runs.
 *
 * @param runId names the run for ever
 * @param jobName the job's name
 * @param configHash of the job as it was run
 * @param runner direct or flink
 * @param startedAt when it began
 * @param finishedAt null while it runs
 * @param status running, success, partial, failed or interrupted
 * @param chunksTotal planned
 * @param chunksDone loaded
 * @param chunksFailed without an answer or not loadable
 * @param chunksSkipped not wanted any more, or no right to them
 * @param rowsWritten in committed transactions
 * @param bytesBillable of its requests
 * @param costEstimateUsd of its plan, in dollars
 * @param costCapUsd the cap it ran under
 * @param note for people
 */
public record RunRow(
    String runId,
    String jobName,
    @Nullable String configHash,
    @Nullable String runner,
    Instant startedAt,
    @Nullable Instant finishedAt,
    String status,
    @Nullable Integer chunksTotal,
    @Nullable Integer chunksDone,
    @Nullable Integer chunksFailed,
    @Nullable Integer chunksSkipped,
    @Nullable Long rowsWritten,
    @Nullable Long bytesBillable,
    @Nullable BigDecimal costEstimateUsd,
    @Nullable BigDecimal costCapUsd,
    @Nullable String note) {

  /** What {@link #status} says from the first second to the last. */
  public static final String RUNNING = "running";

  static final String COLUMNS =
      "run_id, job_name, config_hash, runner, started_at, finished_at, status, chunks_total,"
          + " chunks_done, chunks_failed, chunks_skipped, rows_written, bytes_billable,"
          + " cost_estimate_usd, cost_cap_usd, note";

  /** A run that begins. */
  public static RunRow begun(
      String runId, String jobName, String configHash, String runner, Instant startedAt) {
    return new RunRow(
        runId,
        jobName,
        configHash,
        runner,
        startedAt,
        null,
        RUNNING,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  @Nullable Object[] values() {
    return new @Nullable Object[] {
      runId,
      jobName,
      configHash,
      runner,
      Sql.timestamp(startedAt),
      Sql.timestampOrNull(finishedAt),
      status,
      chunksTotal,
      chunksDone,
      chunksFailed,
      chunksSkipped,
      rowsWritten,
      bytesBillable,
      costEstimateUsd,
      costCapUsd,
      note
    };
  }

  /** The note that says how many rows a run has changed; see {@link Ledger#rowsDiffering}. */
  public static String differing(long rows) {
    return RunNote.text(rows);
  }
}
