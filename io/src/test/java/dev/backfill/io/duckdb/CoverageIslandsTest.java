package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import dev.backfill.schemas.Coverage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adjacent intervals of which the ledger says the same become one once they are old. */
class CoverageIslandsTest {
  private static final String INSERT =
      "INSERT INTO ops.coverage SELECT '"
          + TestDatabase.HOURLY
          + "', 'databento', 'GLBX.MDP3',"
          + " 'ohlcv-1h', 'continuous', ";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.HOURLY);
  }

  @AfterEach
  void close() {
    db.close();
  }

  /** One hour of ZL.v.0, loaded on 2024-01-02 by a run of its own. */
  private void hour(int hour, String state, long rows, String recheck, String modified) {
    db.run(
        INSERT
            + "'ZL.v.0', 'ZL', '*', TIMESTAMP '2024-01-01' + INTERVAL "
            + hour
            + " HOUR, TIMESTAMP '2024-01-01' + INTERVAL "
            + (hour + 1)
            + " HOUR, '"
            + state
            + "', "
            + rows
            + ", true, "
            + recheck
            + ", "
            + modified
            + ", 'c"
            + hour
            + "', 'run-"
            + hour
            + "', TIMESTAMP '2024-01-02'");
  }

  private long merge(String before) {
    try (DuckDBConnection connection = db.database.connect()) {
      Sql.execute(connection, "BEGIN TRANSACTION");
      long fewer = CoverageIslands.merge(connection, Instant.parse(before + "T00:00:00Z"));
      Sql.execute(connection, "COMMIT");
      return fewer;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> rows() {
    return db.ask(
        "SELECT CAST(date_diff('hour', TIMESTAMP '2024-01-01', range_start) AS INTEGER),"
            + " CAST(date_diff('hour', TIMESTAMP '2024-01-01', range_end) AS INTEGER), state,"
            + " row_count, chunk_id, run_id FROM ops.coverage ORDER BY range_start");
  }

  @Test
  void onlyEqualNeighboursAreMergedAndTheirCountsAdded() {
    hour(0, "loaded", 1, "NULL", "NULL");
    hour(1, "loaded", 2, "NULL", "NULL");
    hour(2, "empty", 0, "NULL", "NULL");
    hour(3, "loaded", 4, "NULL", "NULL");
    hour(5, "loaded", 5, "NULL", "NULL"); // a hole before it
    hour(6, "loaded", 6, "TIMESTAMP '2024-02-01'", "NULL");
    hour(7, "loaded", 7, "NULL", "DATE '2024-01-03'");
    hour(8, "loaded", 8, "NULL", "DATE '2024-01-03'");
    assertThat(merge("2024-01-03"), is(2L));
    assertThat(
        rows(),
        contains(
            "0|2|loaded|3|-|-",
            "2|3|empty|0|c2|run-2",
            "3|4|loaded|4|c3|run-3",
            "5|6|loaded|5|c5|run-5",
            "6|7|loaded|6|c6|run-6",
            "7|9|loaded|15|-|-"));
    assertThat("twice does nothing", merge("2024-01-03"), is(0L));
  }

  @Test
  void whatIsNotOldKeepsItsRunAndItsChunk() {
    hour(0, "loaded", 1, "NULL", "NULL");
    hour(1, "loaded", 2, "NULL", "NULL");
    assertThat(merge("2024-01-02"), is(0L));
    assertThat(rows(), hasSize(2));
  }

  @Test
  void aRunThatEndsMergesWhatIsAMonthOld() {
    hour(0, "loaded", 1, "NULL", "NULL");
    hour(1, "loaded", 2, "NULL", "NULL");
    LedgerLog log = new LedgerLog(db.database);
    Instant now = Instant.now();
    RunRow run = RunRow.begun("run-9", "hourly", "h", "direct", now);
    log.record(run);
    assertThat(rows(), hasSize(2));
    log.record(
        new RunRow(
            "run-9", "hourly", "h", "direct", now, now, "success", 1, 1, 0, 0, 3L, 0L, null, null,
            null));
    assertThat(rows(), contains("0|2|loaded|3|-|-"));
  }

  /** Hourly updates of some symbols: an hour a day and the weekends have no bar. */
  @Test
  void aYearOfHourlyUpdatesLeavesAFewRows() {
    db.run(
        INSERT
            + "'S' || s || '.v.0', 'S' || s, '*', t, t + INTERVAL 1 HOUR,"
            + " if(is_empty, 'empty', 'loaded'), if(is_empty, 0, 1), true, NULL,"
            + " CAST(t AS DATE), 'c', 'run-' || t, t + INTERVAL 65 MINUTE FROM"
            + " range(11) x(s), (SELECT t, dayofweek(t) IN (0, 6) OR hour(t) = 22 AS is_empty"
            + " FROM range(TIMESTAMP '2024-01-01', TIMESTAMP '2025-01-01', INTERVAL 1 HOUR) y(t))");
    List<String> totals =
        db.ask(
            "SELECT symbol, sum(row_count), sum(epoch(range_end - range_start)) FROM ops.coverage"
                + " GROUP BY symbol ORDER BY symbol");
    Map<String, Coverage> before = covered();
    assertThat(db.ask("SELECT count(*) FROM ops.coverage"), contains(String.valueOf(11 * 8784)));

    merge("2024-12-01");
    long after = Long.parseLong(db.ask("SELECT count(*) FROM ops.coverage").get(0));
    long lastMonth = 11 * 31 * 24;
    long daysBefore = 335;
    assertThat(after - lastMonth, lessThan(11 * 3 * daysBefore));
    assertThat(
        db.ask(
            "SELECT symbol, sum(row_count), sum(epoch(range_end - range_start)) FROM ops.coverage"
                + " GROUP BY symbol ORDER BY symbol"),
        equalTo(totals));
    assertThat(covered(), equalTo(before));
  }

  private Map<String, Coverage> covered() {
    Map<String, Coverage> covered = new TreeMap<>();
    new Ledger(db.database)
        .coverage(TestDatabase.HOURLY, "databento", "GLBX.MDP3", "ohlcv-1h", "continuous")
        .forEach(
            (symbol, rows) ->
                covered.put(
                    symbol, Coverage.of(rows.stream().map(CoverageRow::interval).toList())));
    return covered;
  }
}
