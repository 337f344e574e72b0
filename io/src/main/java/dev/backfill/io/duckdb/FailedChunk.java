package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A chunk whose last outcome is failed and which is not covered since.
 *
 * @param chunkId the chunk
 * @param table the table that holds others of its dataset and schema; empty where none does yet
 * @param dataset asked
 * @param schema asked
 * @param symbols those that are not covered, joined by commas
 * @param interval asked
 * @param reason why it failed
 * @param httpStatus the service's last answer; null where there was none
 * @param attempts how often it was asked for
 * @param runId the run that failed
 */
public record FailedChunk(
    String chunkId,
    String table,
    @Nullable String dataset,
    @Nullable String schema,
    String symbols,
    Interval interval,
    String reason,
    @Nullable Integer httpStatus,
    int attempts,
    @Nullable String runId) {}
