package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.backfill.schemas.Coverage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
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

  private static final LocalDate YEAR = LocalDate.parse("2024-01-01");

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
    Instant old = Instant.parse(before + "T00:00:00Z");
    try (DuckDBConnection connection = db.database.connect()) {
      Sql.execute(connection, "BEGIN TRANSACTION");
      long fewer = CoverageIslands.merge(connection, old, old.plus(CoverageIslands.OLD));
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
    hour(6, "loaded", 6, "TIMESTAMP '2025-02-01'", "NULL"); // not yet time to look again
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
  void changesThatAreKnownOfDifferentDaysDoNotKeepRowsApart() {
    hour(0, "loaded", 1, "NULL", "NULL");
    hour(1, "loaded", 2, "NULL", "DATE '2024-01-02'");
    hour(2, "loaded", 3, "NULL", "DATE '2024-01-01'");
    assertThat(merge("2024-01-03"), is(2L));
    assertThat(
        db.ask("SELECT row_count, source_modified FROM ops.coverage"), contains("6|2024-01-02"));
  }

  @Test
  void whatIsDueAnywayIsMergedWhateverTheTimeItWasDue() {
    hour(0, "unresolved", 0, "TIMESTAMP '2024-01-08'", "NULL");
    hour(1, "unresolved", 0, "TIMESTAMP '2024-01-08 01:00:00'", "NULL");
    hour(2, "unresolved", 0, "TIMESTAMP '2025-01-08'", "NULL");
    assertThat(merge("2024-01-03"), is(1L));
    assertThat(
        db.ask("SELECT recheck_after FROM ops.coverage ORDER BY range_start"),
        contains("2024-01-08 00:00:00.0", "2025-01-08 00:00:00.0"));
  }

  @Test
  void refusalsAreMergedAndKeepTheirNewestChunk() {
    hour(0, "not_entitled", 0, "TIMESTAMP '2024-01-08'", "NULL");
    hour(1, "not_entitled", 0, "TIMESTAMP '2024-01-08 01:00:00'", "NULL");
    db.run(
        "UPDATE ops.coverage SET loaded_at = TIMESTAMP '2024-01-02 01:00:00'"
            + " WHERE chunk_id = 'c1'");
    assertThat(merge("2024-01-03"), is(1L));
    assertThat(rows(), contains("0|2|not_entitled|0|c1|run-1"));
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

  /**
   * Hourly updates as they leave the ledger: an hour a day and the weekends have no bar, one symbol
   * may not be had, one does not exist, and the service changes each day's date as it goes.
   */
  @Test
  void aYearOfHourlyUpdatesLeavesTwoRowsASymbolAndTradingDay() {
    String sums =
        "SELECT symbol, state, sum(row_count), sum(epoch(range_end - range_start))"
            + " FROM ops.coverage GROUP BY symbol, state ORDER BY symbol, state";
    for (LocalDate month = YEAR; month.getYear() == 2024; month = month.plusMonths(1)) {
      hours(month);
      List<String> totals = db.ask(sums);
      merge(month.toString());
      assertThat(db.ask(sums), equalTo(totals));
    }
    Map<String, Coverage> before = covered();
    merge("2025-02-01");

    assertThat(
        db.ask("SELECT count(*) FROM ops.coverage WHERE symbol IN ('S0.v.0', 'S1.v.0')"),
        contains("2"));
    // 262 times the hour without a bar, 52 weekends, and what was traded between.
    assertThat(
        db.ask("SELECT count(*) FROM ops.coverage WHERE symbol = 'S2.v.0'"), contains("629"));
    assertThat(db.ask("SELECT count(*) FROM ops.coverage"), contains("19501"));
    assertThat(covered(), equalTo(before));
  }

  /** What hourly updates of 33 symbols write in a month. */
  private void hours(LocalDate month) {
    db.run(
        INSERT
            + "'S' || s || '.v.0', 'S' || s, '*', t, t + INTERVAL 1 HOUR,"
            + " CASE WHEN s = 0 THEN 'not_entitled' WHEN s = 1 THEN 'unresolved'"
            + " WHEN is_empty THEN 'empty' ELSE 'loaded' END, if(is_empty OR s < 2, 0, 1), true,"
            + " if(s < 2, t + INTERVAL 7 DAY, NULL), CAST(t - INTERVAL (hour(t) % 3) DAY AS DATE),"
            + " 'c' || t, 'run-' || t, t + INTERVAL 65 MINUTE FROM"
            + " range(33) x(s), (SELECT t, dayofweek(t) IN (0, 6) OR hour(t) = 22 AS is_empty"
            + " FROM range(TIMESTAMP '"
            + month
            + "', TIMESTAMP '"
            + month.plusMonths(1)
            + "', INTERVAL 1 HOUR) y(t))");
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
