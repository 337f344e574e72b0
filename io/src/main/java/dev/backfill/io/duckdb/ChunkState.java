package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How a chunk last ended, from ops.backfill_chunks.
 *
 * @param chunkId the chunk
 * @param dataset asked
 * @param schema asked
 * @param stypeIn asked
 * @param symbols asked, joined by commas
 * @param interval asked
 * @param state loaded, failed or skipped
 * @param error why, where it failed
 * @param runId the run that said so
 */
public record ChunkState(
    String chunkId,
    @Nullable String dataset,
    @Nullable String schema,
    @Nullable String stypeIn,
    String symbols,
    Interval interval,
    String state,
    @Nullable String error,
    @Nullable String runId) {}
