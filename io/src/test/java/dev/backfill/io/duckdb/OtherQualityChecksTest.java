package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.schemas.TableSql;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of options and of economic series. */
class OtherQualityChecksTest {
  private static final Instant NOW = Instant.parse("2025-12-16T12:00:00Z");
  private static final String OPTIONS = "raw.databento_options_ohlcv_1d";
  private static final String VALUES = "raw.test_values";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.DAILY);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private List<String> found(String table) {
    return new QualityChecks(db.database, NOW)
        .check(table).findings().stream()
            .map(
                f ->
                    f.severity().text()
                        + " "
                        + f.check()
                        + " "
                        + f.count()
                        + " "
                        + f.examples().stream().map(e -> e.subject()).toList())
            .toList();
  }

  private void options() {
    db.prepared(OPTIONS);
    db.run(
        "INSERT INTO raw.databento_options_ohlcv_1d (symbol, contract_symbol, as_of_date,"
            + " strike_price, expiration_date, option_type, open, high, low, close, volume,"
            + " publisher_id, instrument_id, parent_symbol) SELECT 'ZL', 'OZLF6 C' || strike, x, strike, '2025-12-26',"
            + " 'C', 1, 1.5, 0, 1, 10, 1, strike, 'OZL.OPT' FROM range(DATE '2025-11-01', DATE"
            + " '2025-12-16', INTERVAL 1 DAY) r(x), (VALUES (4800), (4900)) s(strike)"
            + " WHERE isodow(x) < 6");
  }

  @Test
  void cleanOptionsPassAndAPremiumOfZeroIsAPrice() {
    options();
    assertThat(found(OPTIONS), empty());
    assertThat(SeriesGroups.of(db.database, OPTIONS), equalTo(Map.of("OZL.OPT", "ZL")));
  }

  @Test
  void optionsThatNobodyCanPriceAreCountedByTheirParent() {
    options();
    db.run(
        "UPDATE raw.databento_options_ohlcv_1d SET strike_price = NULL, option_type = NULL WHERE contract_symbol ="
            + " 'OZLF6 C4800' AND as_of_date >= '2025-12-10'");
    assertThat(found(OPTIONS), contains("warning option-identity 4 [OZL.OPT]"));
  }

  @Test
  void faultsOfOptionsAreFound() {
    options();
    db.run(
        "UPDATE raw.databento_options_ohlcv_1d SET low = -1 WHERE contract_symbol = 'OZLF6 C4800'");
    assertThat(found(OPTIONS), contains("error price-sign 31 [OZLF6 C4800]"));
    db.run("UPDATE raw.databento_options_ohlcv_1d SET low = 0");
    db.run(
        "INSERT INTO raw.databento_options_ohlcv_1d FROM raw.databento_options_ohlcv_1d LIMIT 1");
    assertThat(found(OPTIONS).get(0).startsWith("error duplicates 1 "), equalTo(true));
  }

  /** Daily, weekly, monthly and quarterly series, each as old as it usually is. */
  private void values() {
    db.run(TableSql.of(VALUES).create());
    String insert = "INSERT INTO raw.test_values SELECT '";
    db.run(
        insert
            + "DAY', x, 1 FROM range(DATE '2025-01-01', DATE '2025-12-09', INTERVAL 1 DAY) r(x)");
    db.run(
        insert
            + "WEEK', x, 1 FROM range(DATE '2025-01-03', DATE '2025-12-01', INTERVAL 7 DAY) r(x)");
    db.run(
        insert
            + "MONTH', x, 1 FROM range(DATE '2024-01-01', DATE '2025-10-01', INTERVAL 1 MONTH) r(x)");
    db.run(
        insert
            + "QUARTER', x, 1 FROM range(DATE '2020-01-01', DATE '2025-07-02', INTERVAL 3 MONTH)"
            + " r(x)");
    db.run(
        "INSERT INTO ops.coverage (target_table, source, dataset, schema_name, stype_in, symbol,"
            + " table_symbol, publishers, range_start, range_end, state, row_count, verified,"
            + " loaded_at) SELECT '"
            + VALUES
            + "', 'fred', 'FRED', 'observations', 'series_id', s, s, '*', '1776-07-04',"
            + " '2200-01-01', 'loaded', 1, true, '2025-12-09' FROM (VALUES ('DAY'), ('WEEK'),"
            + " ('MONTH'), ('QUARTER')) t(s)");
    // Somebody else's: no update brings a newer value.
    db.run(insert + "MINE', DATE '2020-01-01', 1");
  }

  @Test
  void aSeriesIsStaleByItsOwnFrequency() {
    values();
    assertThat(found(VALUES), empty());
    db.run("DELETE FROM raw.test_values WHERE series_id = 'DAY' AND date > '2025-12-01'");
    assertThat(found(VALUES), contains("error value-stale 1 [DAY]"));
    db.run("DELETE FROM raw.test_values WHERE series_id = 'WEEK' AND date > '2025-11-10'");
    db.run("DELETE FROM raw.test_values WHERE series_id = 'MONTH' AND date > '2025-08-01'");
    db.run("DELETE FROM raw.test_values WHERE series_id = 'QUARTER' AND date > '2025-01-01'");
    assertThat(found(VALUES), contains("error value-stale 4 [QUARTER, MONTH, WEEK, DAY]"));
  }

  @Test
  void theMetadataKnowBetter() {
    values();
    db.run("DELETE FROM raw.test_values WHERE date > '2025-05-01'");
    db.run(
        "CREATE TABLE raw.fred_series_metadata (series_id VARCHAR, title VARCHAR, frequency"
            + " VARCHAR, observation_end DATE, series_group VARCHAR)");
    db.run(
        "INSERT INTO raw.fred_series_metadata VALUES ('DAY', 'Gone (DISCONTINUED)', 'Daily',"
            + " '2025-05-01', 'fx_daily'), ('WEEK', 'W', 'Annual', '2025-12-01', NULL), ('MONTH',"
            + " 'M', 'Monthly', '2025-05-01', NULL), ('QUARTER', 'Q', 'Weekly, Ending Friday',"
            + " '2025-12-05', NULL)");
    assertThat(
        found(VALUES), contains("error value-stale 1 [QUARTER]", "warning value-stale 1 [MONTH]"));
    assertThat(SeriesGroups.of(db.database, VALUES), equalTo(Map.of("DAY", "fx_daily")));
  }

  @Test
  void aValueThatIsNullIsSaid() {
    values();
    db.run(
        "UPDATE raw.test_values SET value = NULL WHERE series_id = 'DAY' AND date = '2025-03-03'");
    assertThat(found(VALUES), contains("warning value-null 1 [DAY]"));
    assertThat(new QualityChecks(db.database, NOW).check(VALUES).figures().nulls(), equalTo(1L));
  }
}
