package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An update brings what has come since, holes and what was not final; nothing else. */
class UpdateTest {
  @TempDir Path folder;

  private static Job daily(String to, String... symbols) {
    return Desk.job(BarSize.DAY, List.of(symbols), "2025-11-01", to, 10, 400);
  }

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  private static String end(Desk desk) {
    return query(desk, "SELECT CAST(max(range_end) AS VARCHAR) FROM ops.coverage").get(0);
  }

  @Test
  void theNewestBarIsStoredOnlyOnceItsIntervalHasEndedAndIsServed() throws IOException {
    EmulatorConfig.Builder config =
        EmulatorConfig.builder()
            .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3").withLicensed("GLBX.MDP3"));
    try (Desk desk = Desk.in(folder, config)) {
      Job hourly = Desk.job(BarSize.HOUR, List.of("ZL.v.0"), "2025-12-14", "now", 10, 400);
      // The service has data until 20 minutes before its time.
      for (String[] step :
          new String[][] {
            {"2025-12-15T10:19:59Z", "2025-12-15 09:00:00"},
            {"2025-12-15T10:21:00Z", "2025-12-15 10:00:00"},
            {"2025-12-15T11:19:00Z", "2025-12-15 10:00:00"},
            {"2025-12-15T15:59:59Z", "2025-12-15 15:00:00"}
          }) {
        desk.emulator.clock().set(Instant.parse(step[0]));
        int code = desk.update(hourly);
        assertThat(desk.said(), code, equalTo(0));
        assertThat(step[0], end(desk), equalTo(step[1]));
        assertThat(desk.said(), containsString("ohlcv-1h is available until 2025-12-15T"));
      }
      assertSame(
          TableRows.in(desk.database(), BarSize.HOUR.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.HOUR,
              List.of("ZL"),
              "2025-12-14T00:00:00Z",
              "2025-12-15T15:00:00Z"));
    }
  }

  @Test
  void aDayThatIsNotThereYetIsNoError() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = daily("2025-12-20", "ZL.v.0");
      for (int again = 0; again < 2; again++) {
        int code = desk.update(job);
        assertThat(desk.said(), code, equalTo(0));
        assertThat(desk.said(), containsString("ohlcv-1d is available until 2025-12-15"));
        assertThat(end(desk), equalTo("2025-12-15 00:00:00"));
      }
    }
  }

  @Test
  void holesAreFilledAndWhatIsNotFinalIsLookedAtWhenItIsDue() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      // 2025-12-15 is pending while it is the newest day; the emulator's clock moves on below.
      desk.emulator.clock().set(Instant.parse("2025-12-13T00:00:00Z"));
      Job job = daily("now", "ZL.v.0", "NOSUCH.v.0");
      assertThat(desk.update(job), equalTo(0));
      assertThat(
          query(
              desk,
              "SELECT symbol, state FROM ops.coverage WHERE recheck_after IS NOT NULL"
                  + " AND symbol = 'NOSUCH.v.0'"),
          equalTo(List.of("NOSUCH.v.0|unresolved")));
      desk.emulator.ledger().clear();
      Rows.execute(
          desk.database(),
          "UPDATE ops.coverage SET recheck_after = TIMESTAMP '2099-01-01'"
              + " WHERE recheck_after IS NOT NULL");
      assertThat(desk.update(job), equalTo(0));
      assertThat("not due yet", asked(desk), equalTo(0L));
      Rows.execute(
          desk.database(),
          "UPDATE ops.coverage SET recheck_after = TIMESTAMP '2020-01-01'"
              + " WHERE recheck_after IS NOT NULL");
      assertThat("run does not look again", desk.run(job), equalTo(0));
      assertThat(asked(desk), equalTo(0L));
      // The landed answer is older than the time at which it is due only by its own clock.
      Rows.execute(
          desk.database(),
          "UPDATE ops.coverage SET recheck_after = now()::TIMESTAMP"
              + " WHERE recheck_after IS NOT NULL");
      Rows.execute(
          desk.database(),
          "DELETE FROM ops.coverage WHERE symbol = 'ZL.v.0' AND range_start < '2025-12-01'"
              + " AND state = 'loaded' AND recheck_after IS NULL");
      desk.emulator.clock().set(Instant.parse("2025-12-20T00:00:00Z"));

      int code = desk.update(job);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(asked(desk), greaterThan(0L));
      assertThat(end(desk), equalTo("2025-12-19 00:00:00"));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("ZL"),
              "2025-11-01T00:00:00Z",
              "2025-12-19T00:00:00Z"));
    }
  }

  private static long asked(Desk desk) {
    return desk.emulator.ledger().entries().stream()
        .filter(e -> e.method().equals("timeseries.get_range"))
        .count();
  }

  @Test
  void oneJobThatIsRefusedDoesNotStopTheOthersAndTheExitCodeIsTheWorst() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job cocoa =
          new Job(
              "cocoa",
              "databento",
              "IFUS.IMPACT",
              "ohlcv-1d",
              "continuous",
              List.of("CC.v.0"),
              JobTime.parse("2025-11-01"),
              JobTime.parse("now"),
              BarSize.DAY.futuresTable(),
              Job.ChunkLimits.LARGE,
              List.of(),
              false);
      desk.emulator.faults().add(Fault.status(403).on("metadata.get_dataset_range").times(1));
      int code = desk.update(cocoa, daily("now", "ZL.v.0"));
      assertThat(desk.said(), code, equalTo(5));
      assertThat(desk.said(), containsString("cocoa was not brought up to date"));
      assertThat(desk.printed(), containsString("test-job: "));
      assertThat(end(desk), equalTo("2025-12-15 00:00:00"));
    }
  }

  @Test
  void aKeyThatIsWrongStopsAllJobs() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(401).on("metadata.get_dataset_range").times(1));
      assertThat(desk.update(daily("now", "ZL.v.0"), daily("now", "ZS.v.0")), equalTo(2));
      assertThat(asked(desk), equalTo(0L));
    }
  }
}
