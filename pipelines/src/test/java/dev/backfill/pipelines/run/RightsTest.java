package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a key may not have is said, is not paid for, and is not asked for again and again. */
class RightsTest {
  @TempDir Path folder;

  private static Job job() {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-03-01", 1, 400);
  }

  private Desk desk(KeyRights rights) {
    return Desk.in(folder, EmulatorConfig.builder().key(EmulatorConfig.DEFAULT_KEY, rights));
  }

  private long asked(Desk desk) {
    return desk.emulator.ledger().entries().stream()
        .filter(e -> e.method().contains("get_range"))
        .count();
  }

  private void sql(String text) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:duckdb:" + folder.resolve("my.duckdb"));
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(KeyRights.Denial.class)
  void aDatasetWithoutRightsIsNamedAndNothingIsSpent(KeyRights.Denial denial) throws IOException {
    try (Desk desk = desk(KeyRights.of("IFUS.IMPACT").withDenial(denial))) {
      for (int again = 0; again < 2; again++) {
        assertThat(desk.run(job()), equalTo(5));
        assertThat(desk.said(), containsString("GLBX.MDP3"));
        assertThat(desk.said(), containsString("subscription"));
        assertThat(asked(desk), equalTo(0L));
        assertThat(desk.emulator.ledger().billedBytes(), equalTo(0L));
        assertThat(Files.exists(desk.database()), equalTo(false));
      }
    }
  }

  @Test
  void aRangeWithoutRightsIsNotAskedForAgainUntilItIsTime() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(403).on("timeseries.get_range").times(1));
      assertThat(desk.run(job()), equalTo(5));
      assertThat(desk.printed(), containsString("not in this key's subscription"));
      assertThat(desk.printed(), containsString("GLBX.MDP3"));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT state, row_count, recheck_after > CAST(now() AS TIMESTAMP) FROM"
                  + " ops.coverage"),
          equalTo(List.of("not_entitled|0|true")));
      desk.emulator.ledger().clear();

      assertThat(desk.run(job()), equalTo(5));

      assertThat(asked(desk), equalTo(0L));
      assertThat(desk.printed(), containsString("what is not covered was refused"));
      assertThat(desk.printed(), containsString("not in this key's subscription"));
      assertThat(desk.printed(), containsString("GLBX.MDP3 refused it on "));
      assertThat(
          "what is refused still is no success",
          TableRows.query(
              desk.database(),
              "SELECT r.status, c.status, c.error_message LIKE 'not in this key''s subscription: %'"
                  + " FROM ops.backfill_runs r JOIN ops.ingestion_completion c USING (run_id)"),
          equalTo(List.of("failed|failed|true", "failed|failed|true")));
      assertThat(
          TableRows.query(desk.database(), "SELECT status FROM ops.alert_history"),
          equalTo(List.of("open")));

      sql("UPDATE ops.coverage SET recheck_after = TIMESTAMP '2020-01-01'");
      int code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("ZL"),
              "2024-01-01T00:00:00Z",
              "2024-03-01T00:00:00Z"));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT state FROM ops.coverage"),
          equalTo(List.of("loaded")));
    }
  }

  @Test
  void theStatusTellsWhatIsRefusedFromWhatNeverResolved() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator
          .faults()
          .add(Fault.status(403).on("timeseries.get_range").forSymbol("ZL.v.0").times(1));
      Job job =
          Desk.job(
              BarSize.DAY,
              List.of("ZL.v.0", "LB.v.0", "ZS.v.0"),
              "2024-01-01",
              "2024-03-01",
              1,
              400);
      assertThat(desk.run(job), equalTo(5));

      assertThat(desk.status(true), equalTo(0));
      Map<String, String> reasons = new TreeMap<>();
      JsonNode table = new ObjectMapper().readTree(desk.printed()).at("/tables/0");
      for (JsonNode group : table.path("groups")) {
        for (JsonNode missing : group.path("missing")) {
          String reason = missing.path("reason").asText();
          if (!reason.equals("not_asked")) {
            reasons.put(missing.path("symbol").asText(), reason);
          }
        }
      }
      assertThat(reasons, equalTo(Map.of("ZL", "not_entitled", "LB", "gone")));
      assertThat(desk.status(false), equalTo(0));
      assertThat(desk.printed(), containsString("ZL (this key has no right to it)"));
      assertThat(desk.printed(), containsString("LB (never resolved, as the catalogue expects)"));
      List<String> states =
          desk.printed()
              .lines()
              .filter(line -> line.startsWith("not entitled") || line.startsWith("unresolved"))
              .map(line -> line.replaceAll(" {2,}", "|"))
              .toList();
      assertThat(
          states,
          equalTo(
              List.of(
                  "not entitled|1|60.0|0|2024-01-01|2024-03-01",
                  "unresolved|1|60.0|0|2024-01-01|2024-03-01")));
    }
  }

  @Test
  void theNewestHoursWithoutALicenceAreNotAskedFor() throws IOException {
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3"))) {
      Job job = Desk.job(BarSize.HOUR, List.of("ZL.v.0"), "2025-12-10", "2025-12-20", 1, 400);
      int code = desk.run(job);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          desk.said(),
          containsString(
              "until 2025-12-20 was asked; ohlcv-1h is available until 2025-12-15T16:00"));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT CAST(max(range_end) AS VARCHAR) FROM ops.coverage"),
          equalTo(List.of("2025-12-15 16:00:00")));
      assertThat(desk.printed(), startsWith("test-job: "));
      assertThat(desk.billedRequests(), greaterThan(0L));
    }
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3").withLicensed("GLBX.MDP3"))) {
      Job job = Desk.job(BarSize.HOUR, List.of("ZL.v.0"), "2025-12-10", "2025-12-20", 1, 400);
      int code = desk.run(job);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT CAST(max(range_end) AS VARCHAR) FROM ops.coverage"),
          equalTo(List.of("2025-12-15 23:00:00")));
    }
  }

  @Test
  void anAccountWithoutFundsIsSaidAndStopsTheRun() throws IOException {
    try (Desk desk = desk(KeyRights.of("GLBX.MDP3").withoutFunds())) {
      assertThat(desk.run(job()), equalTo(5));
      assertThat(desk.said() + desk.printed(), containsString("insufficient funds"));
      assertThat(desk.emulator.ledger().billedBytes(), equalTo(0L));
    }
  }
}
