package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table that somebody else made and filled is taken over without losing a row of it. */
class AdoptedDatabaseTest {
  private static final String TABLE = BarSize.DAY.futuresTable();

  @TempDir Path folder;

  private void sql(String... statements) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("my.duckdb"));
        Statement statement = connection.createStatement()) {
      for (String text : statements) {
        statement.execute(text);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Job job(String from, String to) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), from, to, 1, 400);
  }

  @Test
  void rowsWithoutACounterpartAreKeptAside() throws IOException {
    sql(
        "CREATE SCHEMA raw",
        "CREATE TABLE raw.databento_futures_ohlcv_1d (symbol VARCHAR, as_of_date DATE, open"
            + " DECIMAL(18,9), high DECIMAL(18,9), low DECIMAL(18,9), close DECIMAL(18,9), volume"
            + " BIGINT, open_interest BIGINT, source VARCHAR DEFAULT 'databento', ingested_at"
            + " TIMESTAMP DEFAULT CURRENT_TIMESTAMP, my_note VARCHAR, PRIMARY KEY (symbol,"
            + " as_of_date))",
        // A Saturday has no bar; a Wednesday has one. April is not asked for, nor is MINE.
        "INSERT INTO raw.databento_futures_ohlcv_1d (symbol, as_of_date, close, my_note) VALUES"
            + " ('ZL', '2024-01-06', 48.123456, 'a saturday'), ('ZL', '2024-01-10', 1, 'wrong'),"
            + " ('ZL', '2024-04-10', 2, 'later'), ('MINE', '2024-01-10', 3, 'my own')");
    try (Desk desk = Desk.in(folder)) {
      int code = desk.run(job("2024-01-01", "2024-03-01"));
      assertThat(desk.said(), code, equalTo(0));

      List<String> expected =
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("ZL"),
              "2024-01-01T00:00:00Z",
              "2024-03-01T00:00:00Z");
      assertSame(
          TableRows.query(
              desk.database(),
              "SELECT symbol, as_of_date, volume, contract_symbol FROM "
                  + TABLE
                  + " WHERE symbol = 'ZL' AND as_of_date < '2024-03-01' ORDER BY as_of_date"),
          expected.stream()
              .map(row -> row.split("\\|"))
              .map(c -> c[0] + "|" + c[1].substring(0, 10) + "|" + c[6] + "|" + c[11])
              .toList());
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT symbol, as_of_date, close, my_note FROM "
                  + TABLE
                  + " WHERE my_note IS NOT NULL ORDER BY symbol"),
          equalTo(
              List.of("MINE|2024-01-10|3.000000000|my own", "ZL|2024-04-10|2.000000000|later")));
      List<String> kept =
          TableRows.query(desk.database(), "SELECT target_table, row_json FROM ops.replaced_rows");
      assertThat(kept, hasSize(1));
      assertThat(kept.get(0), containsString(TABLE + "|"));
      assertThat(kept.get(0), containsString("a saturday"));
      assertThat(kept.get(0), containsString("48.123456"));

      code = desk.run(job("2024-01-01", "2024-03-01"));
      assertThat(desk.printed(), containsString("nothing to do"));
      assertThat(code, equalTo(0));

      code = desk.run(job("2024-01-01", "2024-05-01"));
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM ops.replaced_rows"),
          equalTo(List.of("1")));
    }
  }

  /** DDL of the original system: rounded prices, keys, secondary indexes, no added columns. */
  @Test
  void theOriginalSystemsRoundedPricesAreReplacedAndTheFileIsKept() throws IOException {
    sql(
        "CREATE SCHEMA raw",
        "CREATE TABLE raw.databento_futures_ohlcv_1d (symbol VARCHAR NOT NULL, as_of_date DATE NOT"
            + " NULL, open DECIMAL(10,2), high DECIMAL(10,2), low DECIMAL(10,2), close"
            + " DECIMAL(10,2), volume BIGINT, open_interest BIGINT, source VARCHAR DEFAULT"
            + " 'databento', ingested_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (symbol,"
            + " as_of_date))",
        "CREATE INDEX idx_symbol ON raw.databento_futures_ohlcv_1d (symbol)",
        "CREATE INDEX idx_date ON raw.databento_futures_ohlcv_1d (as_of_date)",
        "INSERT INTO raw.databento_futures_ohlcv_1d (symbol, as_of_date, open, high, low, close,"
            + " volume) SELECT '6J', DATE '2023-12-01' + CAST(i AS INTEGER), 0.01, 0.01, 0.01,"
            + " 0.01, i FROM range(120) r(i)");
    Job job = Desk.job(BarSize.DAY, List.of("6J.v.0"), "2024-01-01", "2024-03-01", 1, 400);
    try (Desk desk = Desk.in(folder)) {
      int code = desk.run(job);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.said(), containsString("open DECIMAL(10,2)"));
      assertThat(desk.said(), containsString("idx_date, idx_symbol are dropped"));
      assertThat(desk.said(), containsString("A copy of the database as it was is kept in"));
      assertSame(
          TableRows.query(
              desk.database(),
              "SELECT symbol, as_of_date, open, high, low, close, volume FROM "
                  + TABLE
                  + " WHERE as_of_date >= '2024-01-01' AND as_of_date < '2024-03-01'"
                  + " ORDER BY as_of_date"),
          TableRows.expected(
                  desk.emulator.market(),
                  BarSize.DAY,
                  List.of("6J"),
                  "2024-01-01T00:00:00Z",
                  "2024-03-01T00:00:00Z")
              .stream()
              .map(row -> row.split("\\|"))
              .map(c -> String.join("|", c[0], c[1].substring(0, 10), c[2], c[3], c[4], c[5], c[6]))
              .toList());
      assertThat(
          "no row is lost: those of days without a bar are kept aside",
          TableRows.query(
              desk.database(),
              "SELECT (SELECT count(*) FROM "
                  + TABLE
                  + ") + (SELECT count(*) FROM ops.replaced_rows)"),
          equalTo(List.of("120")));
      assertThat(desk.run(job), equalTo(0));
      assertThat(desk.printed(), containsString("nothing to do"));
    }
    List<Path> copies;
    try (Stream<Path> files = Files.list(folder)) {
      copies = files.filter(f -> f.toString().contains(".duckdb.before-")).toList();
    }
    assertThat(copies, hasSize(1));
    assertThat(
        TableRows.query(copies.get(0), "SELECT count(*), max(close) FROM " + TABLE),
        equalTo(List.of("120|0.01")));
  }
}
