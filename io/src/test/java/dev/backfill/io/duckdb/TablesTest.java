package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesTest {
  private static final String OWN =
      "CREATE TABLE raw.databento_futures_ohlcv_1d (symbol VARCHAR NOT NULL, as_of_date DATE NOT"
          + " NULL, open %s, high %s, low %s, close %s, volume BIGINT, open_interest BIGINT,"
          + " source VARCHAR DEFAULT 'databento', ingested_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,"
          + " my_note VARCHAR, PRIMARY KEY (symbol, as_of_date))";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void own(String priceType) {
    db.run("CREATE SCHEMA raw");
    db.run(OWN.replace("%s", priceType));
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1d (symbol, as_of_date, open, my_note) VALUES"
            + " ('ZL', '2024-01-01', 1.5, 'kept'), ('ZL', '2024-01-02', 1.5, 'replaced')");
  }

  private static FakeChunk oneDay() {
    return new FakeChunk("d")
        .schema("ohlcv-1d")
        .stretch("ZL.v.0", "2024-01-02", "2024-01-03")
        .segment("ZL", 7, "ZLF4", null)
        .bar("2024-01-02", 5, 6);
  }

  @Test
  void preparingTwiceMakesEverythingOnce() {
    db.prepared(TestDatabase.DAILY);
    String tables =
        "SELECT schema_name || '.' || table_name FROM duckdb_tables() UNION ALL"
            + " SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE NOT internal"
            + " ORDER BY 1";
    List<String> first = db.ask(tables);
    db.prepared(TestDatabase.DAILY);
    assertThat(db.ask(tables), is(first));
    assertThat(first.contains("raw.databento_futures_ohlcv_1d_by_date"), is(true));
    assertThat(first.contains("ops.futures_1d_provenance"), is(true));
    assertThat(db.ask("SELECT name, value FROM ops.settings"), contains("schema_version|1"));
    assertThat(
        db.ask("SELECT name, category, status FROM reference.symbols WHERE symbol = 'ZL'"),
        contains("Soybean Oil|oilseeds|active"));
    assertThat(
        db.ask(
            "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
                + " AND schema_name = 'raw'"),
        contains("0"));
  }

  @Test
  void thePrimaryKeyIsMadeWhereItIsAskedFor() {
    TargetSpec keyed =
        new TargetSpec(db.path.toString(), TestDatabase.DAILY, List.of(1), true, "run-1");
    Tables.prepare(db.database, keyed);
    assertThat(
        db.ask(
            "SELECT constraint_column_names FROM duckdb_constraints()"
                + " WHERE constraint_type = 'PRIMARY KEY' AND schema_name = 'raw'"),
        contains("[symbol, as_of_date]"));
    GroupWriter writer = db.writer(keyed, step -> {});
    for (int i = 0; i < 2; i++) {
      writer.write(List.of(oneDay()), GroupWriter.DATA_END_UNKNOWN, List.of());
    }
    assertThat(
        db.ask("SELECT as_of_date, open FROM raw.databento_futures_ohlcv_1d"),
        contains("2024-01-02|0.000000005"));
    FakeChunk two = oneDay().bar("2024-01-02", 5, 6, 1, 2);
    TargetSpec all =
        new TargetSpec(db.path.toString(), TestDatabase.DAILY, List.of(1), true, "run-2");
    String message =
        assertThrows(
                DatabaseException.class,
                () ->
                    db.writer(all, step -> {})
                        .write(List.of(two), GroupWriter.DATA_END_UNKNOWN, List.of()))
            .getMessage();
    assertThat(message, containsString("name one publisher in the job"));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1d"), contains("1"));
  }

  @Test
  void anExistingTableWithItsKeyIsTakenOver() {
    own("DECIMAL(18,9)");
    db.prepared(TestDatabase.DAILY)
        .writer(TestDatabase.DAILY)
        .write(List.of(oneDay()), GroupWriter.DATA_END_UNKNOWN, List.of());
    db.prepared(TestDatabase.DAILY);
    assertThat(
        db.ask(
            "SELECT as_of_date, open, my_note, contract_symbol, settlement_price"
                + " FROM raw.databento_futures_ohlcv_1d ORDER BY 1"),
        contains("2024-01-01|1.500000000|kept|-|-", "2024-01-02|0.000000005|-|ZLF4|-"));
    assertThat(
        db.ask(
            "SELECT requested_symbol, chunk_id FROM ops.futures_1d_provenance ORDER BY as_of_date"),
        contains("-|-", "ZL.v.0|d"));
  }

  @Test
  void pricesThatWouldBeRoundedAreRefusedWithTheStatementsThatChangeThem() {
    own("DOUBLE");
    db.run("CREATE INDEX by_symbol ON raw.databento_futures_ohlcv_1d (symbol)");
    String message =
        assertThrows(DatabaseException.class, () -> db.prepared(TestDatabase.DAILY)).getMessage();
    assertThat(message, containsString("open is DOUBLE and must hold DECIMAL(18,9)"));
    assertThat(
        db.ask("SELECT count(*) FROM duckdb_columns() WHERE schema_name = 'raw'"), contains("11"));
    String statements =
        message.substring(message.indexOf("run: ") + 5, message.indexOf(" (digits"));
    db.run(statements);
    db.prepared(TestDatabase.DAILY)
        .writer(TestDatabase.DAILY)
        .write(List.of(oneDay()), GroupWriter.DATA_END_UNKNOWN, List.of());
    assertThat(
        db.ask("SELECT open FROM raw.databento_futures_ohlcv_1d ORDER BY as_of_date"),
        contains("1.500000000", "0.000000005"));
  }

  @Test
  void aColumnThatWeCannotFillIsRefused() {
    db.run("CREATE SCHEMA raw");
    db.run(
        "CREATE TABLE raw.databento_futures_ohlcv_1d"
            + " (symbol VARCHAR, as_of_date DATE, desk VARCHAR NOT NULL)");
    String message =
        assertThrows(DatabaseException.class, () -> db.prepared(TestDatabase.DAILY)).getMessage();
    assertThat(message, containsString("desk is NOT NULL without a default"));
    assertThat(message, containsString("ALTER COLUMN \"desk\" DROP NOT NULL"));
  }
}
