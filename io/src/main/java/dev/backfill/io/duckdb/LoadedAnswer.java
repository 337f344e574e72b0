package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An answer that ops.backfill_chunks calls loaded. Immutable.
 *
 * @param symbols as requested
 * @param interval half-open, UTC
 * @param file where it lay when it was loaded, path or URI; its name says when it was asked for.
 *     Empty where there was none
 * @param loadedAt when it was loaded last
 */
public record LoadedAnswer(
    String chunkId,
    List<String> symbols,
    Interval interval,
    Optional<String> file,
    Instant loadedAt) {

  static List<LoadedAnswer> read(
      Connection connection, String source, String dataset, String schema, String stypeIn)
      throws SQLException {
    return Sql.query(
        connection,
        "SELECT chunk_id, symbols, range_start, range_end, raw_file, updated_at"
            + " FROM ops.backfill_chunks WHERE state = 'loaded' AND updated_at IS NOT NULL"
            + " AND source = ? AND dataset = ? AND schema_name = ? AND stype_in = ?",
        row ->
            new LoadedAnswer(
                row.getString("chunk_id"),
                List.of(row.getString("symbols").split(",")),
                new Interval(Sql.nanos(row, "range_start"), Sql.nanos(row, "range_end")),
                Optional.ofNullable(row.getString("raw_file")),
                Sql.instant(row, "updated_at")),
        source,
        dataset,
        schema,
        stypeIn);
  }
}
