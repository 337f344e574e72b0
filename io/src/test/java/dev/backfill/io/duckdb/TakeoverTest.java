package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that somebody else made, or another version of this program. */
class TakeoverTest {
  private static final String COLUMNS =
      "SELECT column_name, data_type FROM duckdb_columns() WHERE schema_name = 'raw' AND"
          + " table_name = 'databento_futures_ohlcv_1d' AND database_name = current_database() AND column_name IN ('open', 'publisher_id')"
          + " ORDER BY 1";

  @TempDir Path folder;
  private TestDatabase db;
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void open() {
    db = new TestDatabase(folder);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void prepare() {
    Tables.prepare(db.database, db.target(TestDatabase.DAILY), said::add);
  }

  /** The original system's tables, as far as this program touches them. */
  private void original() {
    db.run("CREATE SCHEMA raw");
    db.run("CREATE SCHEMA ops");
    db.run("CREATE SCHEMA reference");
    db.run(
        "CREATE TABLE raw.databento_futures_ohlcv_1d (symbol VARCHAR NOT NULL, as_of_date DATE NOT"
            + " NULL, open DECIMAL(10,2), high DECIMAL(10,2), low DECIMAL(10,2), close"
            + " DECIMAL(10,2), volume BIGINT, open_interest BIGINT, source VARCHAR DEFAULT"
            + " 'databento', ingested_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY"
            + " (symbol, as_of_date))");
    db.run("CREATE INDEX idx_symbol ON raw.databento_futures_ohlcv_1d (symbol)");
    db.run("CREATE INDEX idx_date ON raw.databento_futures_ohlcv_1d (as_of_date)");
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1d (symbol, as_of_date, open)"
            + " SELECT '6J', DATE '2020-01-01' + CAST(i AS INTEGER), 0.01 FROM range(1000) r(i)");
    db.run(
        "CREATE TABLE reference.symbols (symbol VARCHAR PRIMARY KEY, name VARCHAR NOT NULL,"
            + " exchange VARCHAR, category VARCHAR, is_primary BOOLEAN DEFAULT FALSE, created_at"
            + " TIMESTAMP DEFAULT CURRENT_TIMESTAMP)");
    db.run("INSERT INTO reference.symbols (symbol, name) VALUES ('ZL', 'My bean oil')");
    db.run(
        "CREATE TABLE ops.job_locks (lock_name VARCHAR PRIMARY KEY, locked_by VARCHAR NOT NULL,"
            + " locked_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, expires_at TIMESTAMP NOT"
            + " NULL, job_type VARCHAR, notes VARCHAR)");
  }

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().contains(".before-")).toList();
    }
  }

  @Test
  void theOriginalSystemsDatabaseIsCopiedAndWidened() throws IOException {
    original();
    assertThat(Tables.changes(db.database, TestDatabase.DAILY), hasSize(4));
    prepare();
    assertThat(db.ask(COLUMNS), contains("open|DECIMAL(18,9)", "publisher_id|INTEGER"));
    assertThat(
        db.ask(
            "SELECT count(*), min(open), max(open) FROM raw.databento_futures_ohlcv_1d"
                + " WHERE symbol = '6J'"),
        contains("1000|0.010000000|0.010000000"));
    assertThat(
        db.ask("SELECT constraint_text FROM duckdb_constraints() WHERE schema_name = 'raw'"),
        hasItem("PRIMARY KEY(symbol, as_of_date)"));
    assertThat(db.ask("SELECT index_name FROM duckdb_indexes()"), is(empty()));
    assertThat(
        db.ask("SELECT name, category, status FROM reference.symbols WHERE symbol = 'ZL'"),
        contains("My bean oil|oilseeds|active"));
    assertThat(db.ask("SELECT count(*) FROM ops.coverage"), contains("0"));
    assertThat(db.ask("SELECT value FROM ops.settings"), contains("1"));
    String all = String.join("\n", said);
    assertThat(all, containsString("open DECIMAL(10,2)"));
    assertThat(all, containsString("idx_date, idx_symbol"));
    assertThat(all, containsString("it gets the columns publisher_id, instrument_id"));
    assertThat(all, containsString("A copy of the database as it was is kept in " + folder));

    assertThat(copies(), hasSize(1));
    try (Database copy = Database.openReadOnly(copies().get(0).toString());
        var connection = copy.connect()) {
      assertThat(
          Sql.query(connection, COLUMNS, row -> row.getString(1) + "|" + row.getString(2)),
          contains("open|DECIMAL(10,2)"));
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
    said.clear();
    prepare();
    assertThat("twice does nothing", said, is(empty()));
    assertThat(copies(), hasSize(1));
    db.close();
    db = new TestDatabase(folder);
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1d"), contains("1000"));
  }

  @Test
  void valuesThatWouldNotFitAreRefusedAndNothingIsChanged() throws IOException {
    db.run("CREATE SCHEMA raw");
    db.run(
        "CREATE TABLE raw.databento_futures_ohlcv_1d"
            + " (symbol VARCHAR, as_of_date DATE, open DECIMAL(18,4))");
    db.run("INSERT INTO raw.databento_futures_ohlcv_1d VALUES ('X', '2020-01-01', 12345678901.5)");
    String message = assertThrows(DatabaseException.class, this::prepare).getMessage();
    assertThat(message, containsString("open is DECIMAL(18,4) and must hold DECIMAL(18,9)"));
    assertThat(
        db.ask("SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'ops'"), contains("0"));
    assertThat(copies(), is(empty()));
  }

  @Test
  void aNewerDatabaseIsRefusedInOneSentenceByWhoeverOpensIt() {
    prepare();
    db.run("UPDATE ops.settings SET value = '2' WHERE name = 'schema_version'");
    db.close();
    for (boolean reads : new boolean[] {true, false}) {
      String message =
          assertThrows(
                  DatabaseException.class,
                  () -> {
                    if (reads) {
                      Database.openReadOnly(db.path.toString());
                    } else {
                      Database.open(db.path.toString());
                    }
                  })
              .getMessage();
      assertThat(message, containsString("schema version 2; this one knows versions up to 1"));
    }
    Path other = folder.resolve("other");
    assertThat(other.toFile().mkdir(), is(true));
    db = new TestDatabase(other);
  }

  @Test
  void anOlderLedgerGetsTheColumnsThatItLacks() throws IOException {
    prepare();
    db.run("ALTER TABLE ops.coverage DROP COLUMN source_modified");
    db.run("UPDATE ops.settings SET value = '0' WHERE name = 'schema_version'");
    prepare();
    assertThat(String.join("\n", said), containsString("columns source_modified"));
    assertThat(
        db.ask("SELECT value FROM ops.settings WHERE name = 'schema_version'"), contains("1"));
    assertThat(db.ask("SELECT source_modified FROM ops.coverage"), is(empty()));
    assertThat(copies(), hasSize(1));
  }
}
