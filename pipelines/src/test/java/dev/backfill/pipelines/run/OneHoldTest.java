package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command of several jobs holds the database once, for all of them. */
class OneHoldTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir Path folder;

  private static Job daily(String symbol) {
    return Desk.job(BarSize.DAY, List.of(symbol), "2024-01-01", "2024-02-01", 1, 400);
  }

  private static Job hourly(String symbol) {
    return Desk.job(BarSize.HOUR, List.of(symbol), "2024-01-01", "2024-01-08", 1, 400);
  }

  @Test
  void severalJobsEndWithALineForEachAndATotal() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.update(daily("ZL.v.0"), hourly("ZS.v.0")), is(0));
      String printed = desk.printed();
      long rows = Long.parseLong(TableRows.query(desk.database(), ALL_ROWS).get(0));
      assertThat(printed, containsString("job       exit"));
      assertThat(
          printed.strip().lines().reduce((a, b) -> b).orElseThrow(),
          matchesRegex("total        0  +" + rows + "  +2  .*"));

      assertThat(
          desk.update(List.of(desk.options(daily("ZL.v.0")), desk.options(hourly("ZS.v.0"))), true),
          is(0));
      JsonNode document = new ObjectMapper().readTree(desk.printed());
      assertThat(document.path("jobs").size(), is(2));
      assertThat(document.at("/total/jobs").asInt(), is(2));
      assertThat(document.at("/total/jobs_not_well").asInt(-1), is(0));
      assertThat(document.at("/total/rows").asLong(-1), is(0L));

      assertThat(desk.update(daily("ZL.v.0")), is(0));
      assertThat("one job says it all itself", desk.printed(), not(containsString("total")));
    }
  }

  private static final String ALL_ROWS =
      "SELECT (SELECT count(*) FROM raw.databento_futures_ohlcv_1d)"
          + " + (SELECT count(*) FROM raw.databento_futures_ohlcv_1h)";

  @Test
  void whoHoldsTheDatabaseIsNamedOnceForAllJobs() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      desk.api();
      try (WriteLease other =
          WriteLease.take(desk.database().toString(), "run other", Duration.ZERO, s -> {})) {
        assertThat(desk.update(daily("ZL.v.0"), daily("ZS.v.0")), is(5));
        assertThat(desk.said(), containsString("No job was begun: The database "));
        assertThat(desk.said(), containsString("(run other)"));
        other.begun();
      }
      assertThat(desk.billedRequests(), is(0L));
    }
  }

  /** Whoever wants the database while the command runs gets it when all its jobs are done. */
  @Test
  void noOtherProcessComesInBetween() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      desk.api();
      CompletableFuture<List<String>> other =
          CompletableFuture.supplyAsync(
              () -> {
                while (!Files.exists(Beat.file(desk.database()))) {
                  LockSupport.parkNanos(100_000);
                }
                try (WriteLease lease =
                        WriteLease.take(desk.database().toString(), "run other", LONG, s -> {});
                    Database database = Database.open(desk.database().toString())) {
                  lease.begun();
                  return new Ledger(database)
                      .runs(Integer.MAX_VALUE).stream().map(RunRow::status).toList();
                }
              });
      assertThat(desk.update(daily("ZL.v.0"), daily("ZS.v.0"), hourly("ZC.v.0")), is(0));
      assertThat(other.get(), equalTo(List.of("success", "success", "success")));
    }
  }

  /** What a schedule starts at one time in processes of their own. */
  @Test
  void updatesThatStartTogetherAllEndWellWhenTheyWait() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      desk.api();
      List<Process> others =
          List.of(
              Child.start("wait", folder.toString(), desk.emulator.url(), "ohlcv-1d"),
              Child.start("wait", folder.toString(), desk.emulator.url(), "ohlcv-1h"));
      try {
        List<RunOptions> mine = List.of(desk.waiting(daily("ZL.v.0"), LONG));
        assertThat(desk.update(mine, false), is(0));
        for (Process one : others) {
          String said = new String(one.getInputStream().readAllBytes());
          assertThat(said, one.waitFor(), is(0));
        }
      } finally {
        others.forEach(Process::destroyForcibly);
      }
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT symbol FROM ops.coverage ORDER BY 1"),
          equalTo(List.of("ZC.v.0", "ZL.v.0")));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT status, count(*) FROM ops.backfill_runs GROUP BY ALL"),
          equalTo(List.of("success|3")));
    }
  }
}
