package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.schemas.CheckSql;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A clean table passes; each fault that is planted in it is found, and nothing else. */
class QualityChecksTest {
  private static final Instant NOW = Instant.parse("2025-12-16T12:00:00Z");

  /**
   * Five grains, of which ZR misses every third day, and crude; every weekday, rolls in between.
   */
  private static final String CLEAN =
      "INSERT INTO raw.databento_futures_ohlcv_1d (symbol, as_of_date, open, high, low, close,"
          + " volume, publisher_id, contract_symbol)"
          + " SELECT root, day, price, price + 1, price - 1, price + 0.5, volume, 1, root || n // 60"
          + " FROM (SELECT root, d AS day, i AS n, volume, CAST(round(400 + 10 * sin(i / 10.0) + i % 3"
          + " + 5 * (i // 60 % 2), 2) AS DECIMAL(18,9)) AS price"
          + " FROM (SELECT CAST(x AS DATE) AS d, row_number() OVER (ORDER BY x) AS i FROM"
          + " range(DATE '2024-01-01', DATE '2025-12-16', INTERVAL 1 DAY) r(x) WHERE isodow(x) < 6),"
          + " (VALUES ('ZC', 900), ('ZW', 800), ('KE', 500), ('ZO', 100), ('ZR', 3), ('CL', 9000))"
          + " p(root, volume) WHERE root <> 'ZR' OR i % 3 <> 0)";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.DAILY);
    db.run(CLEAN);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private List<String> found(String table, Instant now) {
    List<String> found = new ArrayList<>();
    for (QualityFinding f : new QualityChecks(db.database, now).check(table).findings()) {
      List<String> subjects = f.examples().stream().map(QualityFinding.Example::subject).toList();
      found.add(f.severity().text() + " " + f.check() + " " + f.count() + " " + subjects);
    }
    return found;
  }

  private void cover(String symbol, String state, String from, String to) {
    db.run(
        "INSERT INTO ops.coverage (target_table, source, dataset, schema_name, stype_in, symbol,"
            + " table_symbol, publishers, range_start, range_end, state, row_count, verified,"
            + " loaded_at) VALUES ('raw.databento_futures_ohlcv_1d', 'databento', 'GLBX.MDP3',"
            + " 'ohlcv-1d', 'continuous', '"
            + symbol
            + ".v.0', '"
            + symbol
            + "', '*', '"
            + from
            + "', '"
            + to
            + "', '"
            + state
            + "', 1, true, now())");
  }

  private static final String OF_ZW = " WHERE symbol = 'ZW' AND as_of_date = '2024-05-07'";

  static Stream<Arguments> faults() {
    String update = "UPDATE raw.databento_futures_ohlcv_1d SET ";
    return Stream.of(
        Arguments.of("SELECT 1", List.of()),
        Arguments.of(
            "INSERT INTO raw.databento_futures_ohlcv_1d SELECT * FROM"
                + " raw.databento_futures_ohlcv_1d"
                + OF_ZW,
            List.of("error duplicates 1 [ZW]")),
        Arguments.of(
            // A row of nobody's is no other publisher's.
            "INSERT INTO raw.databento_futures_ohlcv_1d SELECT * REPLACE (NULL AS publisher_id) FROM"
                + " raw.databento_futures_ohlcv_1d"
                + OF_ZW,
            List.of("error duplicates 1 [ZW]")),
        Arguments.of(
            "INSERT INTO raw.databento_futures_ohlcv_1d SELECT * REPLACE (106 AS publisher_id) FROM"
                + " raw.databento_futures_ohlcv_1d"
                + OF_ZW,
            List.of("error duplicate-publishers 1 [ZW]")),
        Arguments.of(update + "high = low - 1" + OF_ZW, List.of("error bar-order 1 [ZW]")),
        Arguments.of(update + "open = high + 1" + OF_ZW, List.of("error bar-order 1 [ZW]")),
        Arguments.of(update + "close = low - 0.01" + OF_ZW, List.of("error bar-order 1 [ZW]")),
        Arguments.of(update + "volume = -5" + OF_ZW, List.of("error volume-negative 1 [ZW]")),
        Arguments.of(update + "volume = 0" + OF_ZW, List.of("warning volume-zero 1 [ZW]")),
        Arguments.of(update + "low = 0" + OF_ZW, List.of("error price-sign 1 [ZW]")),
        Arguments.of(update + "low = -37.63 WHERE symbol = 'CL'", List.of()),
        Arguments.of(update + "high = NULL" + OF_ZW, List.of("warning price-null 1 [ZW]")),
        Arguments.of(
            update + "open = open * 2, high = high * 2, low = low * 2, close = close * 2" + OF_ZW,
            List.of("warning jumps 2 [ZW]")),
        Arguments.of(
            // Behind another contract's name the same is a roll.
            update
                + "open = open * 2, high = high * 2, low = low * 2, close = close * 2,"
                + " contract_symbol = 'ZWZ9'"
                + OF_ZW,
            List.of("info roll-jumps 2 [ZW]")),
        Arguments.of(
            "DELETE FROM raw.databento_futures_ohlcv_1d" + OF_ZW, List.of("error gaps 1 [ZW]")),
        Arguments.of(
            // A day that nobody traded is a holiday.
            "DELETE FROM raw.databento_futures_ohlcv_1d WHERE as_of_date = '2024-05-07'",
            List.of()),
        Arguments.of(
            // So is one of which the others traded next to nothing.
            "DELETE FROM raw.databento_futures_ohlcv_1d"
                + OF_ZW
                + "; UPDATE raw.databento_futures_ohlcv_1d SET volume = 1 + volume // 50 WHERE"
                + " as_of_date = '2024-05-07'",
            List.of()),
        Arguments.of(
            // A thin product may well miss a few days in a row.
            "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'ZR' AND as_of_date BETWEEN"
                + " '2024-05-06' AND '2024-05-10'",
            List.of()),
        Arguments.of(
            "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'ZR' AND as_of_date BETWEEN"
                + " '2024-05-06' AND '2024-06-10'",
            List.of("error gaps 28 [ZR]")),
        Arguments.of(
            // Listed later than the others: no gap.
            "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'ZW' AND as_of_date <"
                + " '2024-05-07'",
            List.of()),
        Arguments.of(
            "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'ZW' AND as_of_date >"
                + " '2025-12-05'",
            List.of("error stale 1 [ZW]")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultInDailyBarsIsFoundAndNothingElse(String fault, List<String> expected) {
    db.run(fault);
    assertThat(found(TestDatabase.DAILY, NOW), equalTo(expected));
  }

  @Test
  void whatTheServiceHasNotIsAWarningAndWhatIsNotCoveredIsAnotherChecks() {
    db.run("DELETE FROM raw.databento_futures_ohlcv_1d" + OF_ZW);
    cover("ZW", "loaded", "2024-01-01", "2025-12-16");
    assertThat(found(TestDatabase.DAILY, NOW), contains("warning gaps 1 [ZW]"));
    db.run("DELETE FROM ops.coverage");
    cover("ZW", "loaded", "2024-01-01", "2024-05-07");
    cover("ZW", "loaded", "2024-05-08", "2025-12-16");
    assertThat(found(TestDatabase.DAILY, NOW), empty());
  }

  @Test
  void whatIsRetiredOrLoadedToNowIsNotStale() {
    db.run("DELETE FROM raw.databento_futures_ohlcv_1d WHERE as_of_date > '2025-11-20'");
    cover("ZW", "loaded", "2024-01-01", "2025-12-16");
    cover("KE", "loaded", "2024-01-01", "2025-11-21");
    cover("KE", "unresolved", "2025-11-21", "2025-12-16");
    db.run("UPDATE raw.databento_futures_ohlcv_1d SET symbol = 'GE' WHERE symbol = 'ZC'");
    assertThat(
        found(TestDatabase.DAILY, NOW),
        contains("error stale 3 [CL, ZO, ZR]", "warning stale 1 [ZW]"));
    assertThat(found(TestDatabase.DAILY, Instant.parse("2025-11-26T00:00:00Z")), empty());
  }

  @Test
  void hoursAreJudgedByHours() {
    db.prepared(TestDatabase.HOURLY);
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event, open, high, low, close,"
            + " volume, publisher_id) SELECT root, x, 100, 101, 99, 100, 500, 1 FROM range(TIMESTAMP"
            + " '2025-11-03', TIMESTAMP '2025-12-16', INTERVAL 1 HOUR) r(x), (VALUES ('ES'), ('NQ'),"
            + " ('YM')) p(root) WHERE isodow(x) < 6 AND hour(x) <> 22");
    assertThat(found(TestDatabase.HOURLY, NOW), empty());
    db.run(
        "DELETE FROM raw.databento_futures_ohlcv_1h WHERE symbol = 'NQ' AND ts_event BETWEEN"
            + " '2025-11-11 14:00' AND '2025-11-11 16:00'");
    QualityChecks.Result result = new QualityChecks(db.database, NOW).check(TestDatabase.HOURLY);
    assertThat(result.findings().get(0).counts(), equalTo("hours"));
    assertThat(result.longestGap(), equalTo(3L));
    assertThat(found(TestDatabase.HOURLY, NOW), contains("error gaps 3 [NQ]"));
    assertThat(
        found(TestDatabase.HOURLY, Instant.parse("2025-12-19T12:00:00Z")),
        contains("error gaps 3 [NQ]", "error stale 3 [ES, NQ, YM]"));
  }

  @Test
  void aForeignTableWithFewColumnsIsCheckedAsWell() {
    db.run("DROP VIEW ops.futures_1d_provenance");
    db.run("DROP VIEW raw.databento_futures_ohlcv_1d_by_date");
    db.run(
        "CREATE OR REPLACE TABLE raw.databento_futures_ohlcv_1d AS SELECT symbol, as_of_date, open,"
            + " high, low, close, volume FROM raw.databento_futures_ohlcv_1d");
    db.run("DROP TABLE ops.coverage");
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1d FROM raw.databento_futures_ohlcv_1d" + OF_ZW);
    List<String> found = found(TestDatabase.DAILY, NOW);
    assertThat(found.get(0), equalTo("error duplicates 1 [ZW]"));
    QualityFinding duplicates =
        new QualityChecks(db.database, NOW).check(TestDatabase.DAILY).findings().get(0);
    assertThat(duplicates.says(), equalTo("rows share one symbol, as_of_date"));
  }

  @Test
  void figuresAreThoseOfTheCloses() {
    db.run(
        "DELETE FROM raw.databento_futures_ohlcv_1d WHERE NOT (symbol = 'ZC' AND as_of_date < '2024-01-04')");
    db.run(
        "UPDATE raw.databento_futures_ohlcv_1d SET close = CASE day(as_of_date) WHEN 1 THEN 10.5"
            + " WHEN 2 THEN 20 END");
    TableFigures figures = new QualityChecks(db.database, NOW).check(TestDatabase.DAILY).figures();
    assertThat(figures.rows(), equalTo(3L));
    assertThat(figures.series(), equalTo(1L));
    assertThat(figures.nulls(), equalTo(1L));
    assertThat(String.valueOf(figures.maxDate()), equalTo("2024-01-03"));
    assertThat(String.valueOf(figures.min()), equalTo("10.5000"));
    assertThat(String.valueOf(figures.max()), equalTo("20.0000"));
  }

  @Test
  void everyKindOfTableHasItsChecks() {
    Set<String> names = new TreeSet<>();
    for (String kind : List.of("bars", "options", "values", "rows")) {
      for (CheckSql check : CheckSql.of(kind)) {
        assertThat(check.name(), check.says().isEmpty(), equalTo(false));
        assertThat(
            check.name(), check.query().startsWith("SELECT") || check.query().startsWith("WITH"));
        assertThat(check.name(), Severity.of(check.severity()).text(), equalTo(check.severity()));
        names.add(check.name());
      }
    }
    assertThat(names.size(), equalTo(14));
  }
}
