package dev.backfill.io.duckdb;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One row of ops.ingestion_completion: what the desk's own checks read.
 *
 * @param ingestionId names it for ever
 * @param source databento or fred
 * @param jobName the job's name
 * @param runId the run
 * @param startDate the wanted range's first day, inclusive; of FRED the first observation's date
 * @param endDate its last, exclusive; of FRED the last observation's date
 * @param rowCount rows written
 * @param status {@link #SUCCESS}, {@link #PARTIAL} or {@link #FAILED}
 * @param error why, where it is not success
 * @param isForgiven whether nobody is to be alarmed although it is not success: what is missing is
 *     optional, and this key has no right to it; not a column
 * @param startedAt when the run began
 * @param completedAt when it ended
 */
public record IngestionRow(
    String ingestionId,
    String source,
    String jobName,
    String runId,
    @Nullable LocalDate startDate,
    @Nullable LocalDate endDate,
    long rowCount,
    String status,
    @Nullable String error,
    boolean isForgiven,
    Instant startedAt,
    Instant completedAt) {
  /** One that is not forgiven. */
  public IngestionRow(
      String ingestionId,
      String source,
      String jobName,
      String runId,
      @Nullable LocalDate startDate,
      @Nullable LocalDate endDate,
      long rowCount,
      String status,
      @Nullable String error,
      Instant startedAt,
      Instant completedAt) {
    this(
        ingestionId,
        source,
        jobName,
        runId,
        startDate,
        endDate,
        rowCount,
        status,
        error,
        false,
        startedAt,
        completedAt);
  }

  /** All that was wanted is covered. */
  public static final String SUCCESS = "success";

  /** Some rows were written, and something that was wanted is not covered. */
  public static final String PARTIAL = "partial";

  /** No row was written, and something that was wanted is not covered. */
  public static final String FAILED = "failed";
}
