package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The program is killed while it takes a database over that another system has made. The database
 * is never half of anything, and the next run ends as if there had been no kill.
 */
class KilledTakeoverTest {
  private static final String TABLE = BarSize.DAY.futuresTable();
  private static final int ROWS = 120;
  private static final Job JOB =
      Desk.job(BarSize.DAY, List.of("6J.v.0"), "2024-01-01", "2024-03-01", 1, 400);

  @TempDir Path folder;

  /** DDL of the original system. */
  private static Desk desk(Path folder) throws IOException {
    Desk desk = Desk.in(folder, EmulatorConfig.builder());
    Databases.sql(
        desk.database(),
        "CREATE SCHEMA raw",
        "CREATE TABLE "
            + TABLE
            + " (symbol VARCHAR NOT NULL, as_of_date DATE NOT NULL, open DECIMAL(10,2), high"
            + " DECIMAL(10,2), low DECIMAL(10,2), close DECIMAL(10,2), volume BIGINT,"
            + " open_interest BIGINT, source VARCHAR DEFAULT 'databento', ingested_at TIMESTAMP"
            + " DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (symbol, as_of_date))",
        "CREATE INDEX idx_symbol ON " + TABLE + " (symbol)",
        "INSERT INTO "
            + TABLE
            + " (symbol, as_of_date, open, close, volume) SELECT '6J', DATE '2023-12-01' + CAST(i"
            + " AS INTEGER), 0.01, 0.01, i FROM range("
            + ROWS
            + ") r(i)");
    return desk;
  }

  private static List<String> rows(Path database) {
    return TableRows.query(
        database,
        "SELECT symbol, as_of_date, CAST(open AS VARCHAR), volume FROM " + TABLE + " ORDER BY ALL");
  }

  /** The rows, and those that the service did not give back. */
  private static List<String> all(Desk desk) {
    return TableRows.query(
        desk.database(),
        "SELECT CAST(as_of_date AS VARCHAR), CAST(open AS DECIMAL(18,9)), volume FROM "
            + TABLE
            + " UNION ALL SELECT row_json ->> 'as_of_date', CAST(row_json ->> 'open' AS"
            + " DECIMAL(18,9)), CAST(row_json ->> 'volume' AS BIGINT) FROM ops.replaced_rows"
            + " ORDER BY ALL");
  }

  private static List<String> undisturbed = List.of();

  private static List<String> undisturbed(Path folder) throws IOException {
    if (undisturbed.isEmpty()) {
      Files.createDirectories(folder);
      try (Desk desk = desk(folder)) {
        int code = desk.run(JOB);
        assertThat(desk.said(), code, equalTo(0));
        undisturbed = all(desk);
      }
    }
    return undisturbed;
  }

  private List<Path> beside(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().contains(ending)).sorted().toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "TAKEOVER_.*")
  void afterAKillNoRowIsLostAndTheNextRunTakesItOver(FailPoint point)
      throws IOException, InterruptedException {
    try (Desk desk = desk(folder)) {
      List<String> before = rows(desk.database());
      assertThat(before.size(), equalTo(ROWS));
      try (CliProcess killed = CliProcess.run(desk, JOB, point.label())) {
        killed.awaitFailPoint();
        killed.kill();
      }
      boolean isChanged = point == FailPoint.TAKEOVER_AFTER_RENAME;
      assertThat(
          "whole, as it was or changed",
          TableRows.query(
              desk.database(),
              "SELECT count(*), (SELECT data_type FROM duckdb_columns() WHERE table_name ="
                  + " 'databento_futures_ohlcv_1d' AND column_name = 'open') FROM "
                  + TABLE),
          equalTo(List.of(ROWS + "|" + (isChanged ? "DECIMAL(18,9)" : "DECIMAL(10,2)"))));

      int code = desk.run(JOB);

      assertThat(desk.said(), code, equalTo(0));
      assertSame(all(desk), undisturbed(folder.resolve("undisturbed")));
      List<Path> copies = beside(".duckdb.before-");
      assertThat(copies, not(empty()));
      for (Path copy : copies) {
        assertSame(rows(copy), before);
      }
      assertThat("nothing is left over", beside(".changing"), empty());
    }
  }
}
