package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One row of ops.coverage: what is known of one interval of one series. Immutable.
 *
 * @param series as requested
 * @param tableSymbol what stands in the table's series column; null for a parent
 * @param publishers the filter, {@code *} for all
 * @param interval half-open, UTC
 * @param state what is known
 * @param rowCount rows of the table in the interval
 * @param verified false when the service's own count disagreed twice with the same bytes
 * @param recheckAfter when it is worth another look; null when it is final
 * @param sourceModified the newest change that the service had told of when it was fetched
 * @param chunkId the chunk it came in; null when merged
 * @param runId the run that wrote it; null when merged
 * @param loadedAt when it was written
 */
public record CoverageRow(
    Series series,
    @Nullable String tableSymbol,
    String publishers,
    Interval interval,
    CoverageState state,
    long rowCount,
    boolean verified,
    @Nullable Instant recheckAfter,
    @Nullable LocalDate sourceModified,
    @Nullable String chunkId,
    @Nullable String runId,
    Instant loadedAt) {

  /**
   * Whether this still answers for its interval: what was served or did not exist always does, a
   * refusal only until it is time to look again. Rows that are due for a recheck are not asked
   * here.
   */
  public boolean standsAt(Instant now) {
    return state != CoverageState.NOT_ENTITLED
        || (recheckAfter != null && now.isBefore(recheckAfter));
  }

  /** The name under which the table's rows of this series are found. */
  String rowName() {
    return tableSymbol == null ? series.symbol() : tableSymbol;
  }

  CoverageRow within(Interval other) {
    return with(other, state, rowCount, recheckAfter, sourceModified);
  }

  /** With its count; loaded and empty follow from it. */
  CoverageRow counted(long rows) {
    boolean served = state == CoverageState.LOADED || state == CoverageState.EMPTY;
    CoverageState now = rows > 0 ? CoverageState.LOADED : CoverageState.EMPTY;
    return with(interval, served ? now : state, rows, recheckAfter, sourceModified);
  }

  CoverageRow recheckedAfter(@Nullable Instant time) {
    return with(interval, state, rowCount, time, sourceModified);
  }

  CoverageRow modified(@Nullable LocalDate newest) {
    return with(interval, state, rowCount, recheckAfter, newest);
  }

  private CoverageRow with(
      Interval other,
      CoverageState newState,
      long rows,
      @Nullable Instant recheck,
      @Nullable LocalDate modified) {
    return new CoverageRow(
        series,
        tableSymbol,
        publishers,
        other,
        newState,
        rows,
        verified,
        recheck,
        modified,
        chunkId,
        runId,
        loadedAt);
  }
}
