package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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
}
