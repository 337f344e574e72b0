package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adjacent intervals of one series of which the ledger says the same, taken together by SQL (gaps
 * and islands): when they are read, so that planning does not depend on how often a job was run,
 * and for good when they are old, so that the ledger stays small.
 */
final class CoverageIslands {
  /** An interval that was loaded so long ago may lose its run and its chunk. */
  static final Duration OLD = Duration.ofDays(30);

  private static final String KEY = "target_table, source, dataset, schema_name, stype_in, symbol";

  private static final String SAME =
      KEY + ", table_symbol, publishers, state, verified, recheck_after, source_modified";

  /** What must be alike for rows to become one for good; {@code again} is when to look again. */
  private static final String ALIKE = KEY + ", table_symbol, publishers, state, verified, again";

  /** A refusal is told to people with its chunk: the newest of those that are taken together. */
  private static final String REFUSED =
      "CASE WHEN state = 'not_entitled' THEN arg_max(%1$s, loaded_at) END AS %1$s";

  /** What a refusal or a doubt came with is told to people, so these keep run and chunk. */
  private static final String SAYER =
      "CASE WHEN state = 'not_entitled' OR NOT verified THEN %s END";

  private static final String OF_SERIES =
      "target_table = ? AND source = ? AND dataset = ? AND schema_name = ? AND stype_in = ?";

  private CoverageIslands() {}

  /** Numbers the islands of a relation; those of one number touch and say the same. */
  private static String numbered(String relation, String same) {
    return "SELECT *, sum(is_first) OVER (PARTITION BY "
        + same
        + " ORDER BY range_start ROWS UNBOUNDED PRECEDING) AS island FROM (SELECT *, CASE WHEN"
        + " lag(range_end) OVER (PARTITION BY "
        + same
        + " ORDER BY range_start) = range_start THEN 0 ELSE 1 END AS is_first FROM "
        + relation
        + ")";
  }

  /**
   * What is known of the series of one dataset, schema and stype, adjacent intervals that were
   * loaded at once as one, by symbol and time: an answer in the landing that is newer than one of
   * two neighbours need not be newer than the other. A row that stands for several has no run and
   * no chunk, unless it is a refusal or unverified: these are taken together only with those of the
   * same run and chunk.
   *
   * @param byChunk whether those of different chunks stay apart, and have their chunk
   */
  static List<CoverageRow> read(
      Connection connection,
      String table,
      String source,
      String dataset,
      String schema,
      String stypeIn,
      String condition,
      boolean byChunk)
      throws SQLException {
    String relation =
        "(SELECT * REPLACE ("
            + (byChunk ? "chunk_id" : SAYER.formatted("chunk_id"))
            + " AS chunk_id, "
            + SAYER.formatted("run_id")
            + " AS run_id) FROM ops.coverage WHERE "
            + OF_SERIES
            + " AND "
            + condition
            + ")";
    String same = SAME + ", chunk_id, run_id, loaded_at";
    return Sql.query(
        connection,
        "SELECT symbol, table_symbol, publishers, state, verified, chunk_id, run_id,"
            + " source_modified, recheck_after, epoch_us(min(range_start)) AS start_us,"
            + " epoch_us(max(range_end)) AS end_us, epoch_us(max(loaded_at)) AS loaded_us,"
            + " CAST(sum(row_count) AS BIGINT) AS row_count FROM ("
            + numbered(relation, same)
            + ") GROUP BY "
            + same
            + ", island ORDER BY symbol, start_us",
        row ->
            new CoverageRow(
                new Series(source, dataset, schema, stypeIn, row.getString(1)),
                row.getString(2),
                row.getString(3),
                new Interval(nanos(row, 10), nanos(row, 11)),
                CoverageState.of(row.getString(4)),
                row.getLong(13),
                row.getBoolean(5),
                Sql.instantOrNull(row, "recheck_after"),
                Sql.dateOrNull(row, "source_modified"),
                row.getString(6),
                row.getString(7),
                Times.instant(nanos(row, 12))),
        table,
        source,
        dataset,
        schema,
        stypeIn);
  }

  private static long nanos(ResultSet row, int column) throws SQLException {
    return Math.multiplyExact(row.getLong(column), 1000L);
  }

  /**
   * Which instants of each symbol are answered for, whatever the answer is: refusals only until it
   * is time to look again. A few intervals a symbol, however many rows say it.
   */
  static Map<String, Coverage> covered(
      Connection connection,
      String table,
      String source,
      String dataset,
      String schema,
      String stypeIn,
      Instant now)
      throws SQLException {
    Map<String, List<Interval>> intervals = new LinkedHashMap<>();
    String relation =
        "(SELECT symbol, range_start, range_end FROM ops.coverage WHERE "
            + OF_SERIES
            + " AND (state <> 'not_entitled' OR recheck_after > make_timestamp("
            + micros(now)
            + ")))";
    Sql.query(
        connection,
        "SELECT symbol, epoch_us(min(range_start)) AS start_us, epoch_us(max(range_end)) AS end_us"
            + " FROM ("
            + numbered(relation, "symbol")
            + ") GROUP BY symbol, island ORDER BY symbol, start_us",
        row ->
            intervals
                .computeIfAbsent(row.getString(1), symbol -> new ArrayList<>())
                .add(new Interval(nanos(row, 2), nanos(row, 3))),
        table,
        source,
        dataset,
        schema,
        stypeIn);
    Map<String, Coverage> covered = new LinkedHashMap<>();
    intervals.forEach((symbol, of) -> covered.put(symbol, Coverage.of(of)));
    return covered;
  }

  /**
   * Makes one row of adjacent rows that were all loaded before an instant and say the same as far
   * as a plan goes: their counts are added, and which run and chunk they came with is left to
   * ops.backfill_chunks. The newest change that they know of is kept; which of their days it was is
   * told by when each was asked for. A refusal keeps its newest run and chunk, for people. Call it
   * within a transaction.
   *
   * @param now times to look again before this are the same: it is time
   * @return how many rows fewer there are
   */
  static long merge(Connection connection, Instant loadedBefore, Instant now) throws SQLException {
    String relation =
        "(SELECT *, CASE WHEN recheck_after <= make_timestamp("
            + micros(now)
            + ") THEN TIMESTAMP 'epoch' ELSE recheck_after END AS again FROM ops.coverage"
            + " WHERE loaded_at < make_timestamp("
            + micros(loadedBefore)
            + "))";
    Sql.update(
        connection,
        "CREATE OR REPLACE TEMP TABLE coverage_islands AS SELECT "
            + KEY
            + ", min(range_start) AS first_start, max(range_end) AS last_end,"
            + " CAST(sum(row_count) AS BIGINT) AS row_count, max(loaded_at) AS loaded_at,"
            + " min(recheck_after) AS recheck_after, max(source_modified) AS source_modified,"
            + REFUSED.formatted("chunk_id")
            + ", "
            + REFUSED.formatted("run_id")
            + " FROM ("
            + numbered(relation, ALIKE)
            + ") GROUP BY "
            + ALIKE
            + ", island HAVING count(*) > 1");
    String sameSeries =
        " c.target_table = i.target_table AND c.source = i.source AND c.dataset = i.dataset"
            + " AND c.schema_name = i.schema_name AND c.stype_in = i.stype_in"
            + " AND c.symbol = i.symbol";
    long fewer =
        Sql.execute(
            connection,
            "DELETE FROM ops.coverage c USING coverage_islands i WHERE"
                + sameSeries
                + " AND c.range_start > i.first_start AND c.range_start < i.last_end");
    Sql.execute(
        connection,
        "UPDATE ops.coverage c SET range_end = i.last_end, row_count = i.row_count,"
            + " loaded_at = i.loaded_at, recheck_after = i.recheck_after,"
            + " source_modified = i.source_modified, chunk_id = i.chunk_id, run_id = i.run_id"
            + " FROM coverage_islands i WHERE"
            + sameSeries
            + " AND c.range_start = i.first_start");
    Sql.execute(connection, "DROP TABLE coverage_islands");
    return fewer;
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }
}
