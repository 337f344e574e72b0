package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job of several parts is one job to a person: one price, one summary, one name. */
class PartsTest {
  private static final String JOB =
      """
      name: mine
      source: databento
      dataset: GLBX.MDP3
      stype_in: continuous
      symbols: [ZL.v.0]
      from: 2024-01-01
      to: 2024-03-01
      parts:
        - {name: hours, schema: ohlcv-1h, from: 2024-02-01}
        - {schema: ohlcv-1d, symbols: [ZL.v.0, LB.v.0]}
      """;

  // A cent a bar.
  private static final double DOLLARS_A_GIB = 0.01 / 56 * (1L << 30);

  @TempDir Path folder;

  private List<Job> parts() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), JOB);
    return JobFile.readAll(file.toString(), Overrides.NONE);
  }

  private Desk desk() {
    return Desk.in(
        folder,
        EmulatorConfig.builder()
            .unitPrice("ohlcv-1d", 13 * DOLLARS_A_GIB)
            .unitPrice("ohlcv-1h", 1.5 * DOLLARS_A_GIB));
  }

  private static JsonNode printed(Desk desk) throws IOException {
    return new ObjectMapper().readTree(desk.printed());
  }

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  @Test
  void theCapIsForAllPartsTogetherAndNothingIsBoughtAboveIt() throws IOException {
    try (Desk desk = desk()) {
      assertThat(desk.plan(parts(), true), is(0));
      JsonNode plan = printed(desk);
      double hours = plan.path("parts").get(0).path("cost_usd").asDouble();
      double days = plan.path("parts").get(1).path("cost_usd").asDouble();
      assertThat(plan.path("cost_usd").asDouble(), equalTo(hours + days));
      assertThat("only together above the usual ten", Math.max(hours, days) < 10, is(true));
      assertThat(hours + days, greaterThan(10.0));
      assertThat(
          plan.path("refusal").asText(),
          containsString(String.format("The plan costs $%.2f", hours + days)));

      assertThat(desk.run(parts(), false), is(5));

      assertThat(desk.said(), containsString("This run has spent nothing"));
      assertThat(desk.emulator.ledger().billedBytes(), is(0L));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }

  @Test
  void aPartThatFailsIsRerunByTheNameOfTheJobAndTheOthersLoad() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(400).on("timeseries.get_range").times(1));
      assertThat(desk.run(parts(), false), is(3));
      assertThat(desk.printed(), containsString("mine: "));
      assertThat(desk.printed(), containsString("  hours: failed: chunk "));
      assertThat(desk.printed(), containsString("  retired, never resolved: LB.v.0"));
      assertThat(
          query(desk, "SELECT DISTINCT schema_name FROM ops.coverage"),
          equalTo(List.of("ohlcv-1d")));
      assertThat(
          query(desk, "SELECT job_name, status FROM ops.backfill_runs ORDER BY started_at"),
          equalTo(List.of("mine/hours|failed", "mine|success")));

      assertThat(desk.rerun(parts(), RerunOptions.Kind.FAILED), is(0));

      assertThat(desk.printed(), containsString("mine/hours: "));
      assertThat(desk.rerun(Optional.empty(), Overrides.NONE, RerunOptions.Kind.FAILED), is(0));
      assertThat(desk.printed(), containsString("rerun: no range last ended as failed"));
      assertThat(desk.run(parts(), false), is(0));
      assertThat(desk.printed().strip(), containsString("mine: nothing to do; all that is wanted"));
    }
  }

  @Test
  void whatAllPartsHaveLandedIsLoadedAndForgottenByTheNameOfTheJob() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(parts()), is(0));
      assertThat(Files.exists(desk.database()), is(false));
      assertThat(desk.load(parts()), is(0));
      assertThat(desk.printed(), containsString("mine: "));
      List<String> rows =
          query(
              desk,
              "SELECT (SELECT count(*) > 300 FROM raw.databento_futures_ohlcv_1h),"
                  + " (SELECT count(*) > 40 FROM raw.databento_futures_ohlcv_1d)");
      assertThat(rows, equalTo(List.of("true|true")));
      desk.emulator.ledger().clear();
      assertThat(desk.run(parts(), true), is(0));
      assertThat(printed(desk).path("rows_written").asLong(-1), is(0L));

      assertThat(desk.forget(parts(), true), is(0));
      assertThat(
          query(
              desk,
              "SELECT (SELECT count(*) FROM raw.databento_futures_ohlcv_1h),"
                  + " (SELECT count(*) FROM raw.databento_futures_ohlcv_1d)"),
          equalTo(List.of("0|0")));
      assertThat(desk.run(parts(), false), is(0));
      assertThat(desk.billedRequests(), is(0L));

      // A database that is lost comes back with all its tables.
      Files.delete(desk.database());
      assertThat(desk.repair(false), is(0));
      assertThat(
          query(desk, "SELECT DISTINCT target_table FROM ops.coverage ORDER BY 1").size(), is(2));
      assertThat(desk.billedRequests(), is(0L));
      assertThat(desk.run(parts(), false), is(0));
      assertThat(desk.printed(), not(containsString("rows written")));
    }
  }

  private static final String COMPLETIONS =
      "SELECT job_name, status FROM ops.ingestion_completion ORDER BY started_at";
  private static final String OPEN_ALERTS =
      "SELECT source FROM ops.alert_history WHERE status = 'open'";

  private List<RunOptions> limited(Desk desk, SpendLimits limits) throws IOException {
    List<RunOptions> options = new ArrayList<>();
    for (Job part : parts()) {
      options.add(desk.options(part).withSpend(limits));
    }
    return options;
  }

  @Test
  void aCapThatRefusesWritesNothingIntoADatabaseThatAnotherHas() throws IOException {
    SpendLimits month =
        SpendLimits.USUAL
            .withMaxCostUsd(new BigDecimal("1000"))
            .withMonth(SpendLimits.Month.of(BigDecimal.ONE));
    String runs = "SELECT status FROM ops.backfill_runs WHERE run_id = 'live'";
    String cap = "SELECT value FROM ops.settings WHERE name = 'max_month_usd'";
    try (Desk desk = desk()) {
      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-01-03", 1, 400);
      assertThat(desk.said(), desk.run(other), is(0));
      long billed = desk.emulator.ledger().billedBytes();
      Databases.sql(
          desk.database(),
          "INSERT INTO ops.backfill_runs (run_id, job_name, started_at, status)"
              + " VALUES ('live', 'other', TIMESTAMP '2025-12-15 01:00:00', 'running')");
      try (WriteLease live =
          WriteLease.take(desk.database().toString(), "run other", Duration.ZERO, s -> {})) {
        assertThat(desk.runAll(limited(desk, month)), is(5));
        assertThat(desk.said(), containsString("(run other)"));
        assertThat(desk.landAll(limited(desk, month)), is(5));
        assertThat(desk.said(), containsString("of the monthly cap of $1.00 are spent"));
        assertThat(query(desk, runs), equalTo(List.of("running")));
        assertThat(query(desk, cap), equalTo(List.of()));
        assertThat(query(desk, OPEN_ALERTS), equalTo(List.of()));
        live.begun();
      }
      assertThat(desk.runAll(limited(desk, month)), is(5));
      assertThat(desk.said(), containsString("of the monthly cap of $1.00 are spent"));
      assertThat(query(desk, runs), equalTo(List.of("interrupted")));
      assertThat(query(desk, cap), equalTo(List.of("1")));
      assertThat(desk.emulator.ledger().billedBytes(), is(billed));
    }
  }

  @Test
  void aJobThatIsRefusedBeforeItBeginsIsNotedWhereRunsAreKnown() throws IOException {
    try (Desk desk = desk()) {
      String key = Files.writeString(folder.resolve("wrong"), "db-" + "x".repeat(29)).toString();
      ApiOptions wrong = ApiOptions.of(desk.emulator.url(), ApiKeySource.file(key));
      List<RunOptions> unknown = parts().stream().map(part -> desk.options(part, wrong)).toList();
      SpendLimits tiny = SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("0.01"));
      assertThat(desk.runAll(unknown), is(2));
      assertThat(desk.runAll(limited(desk, tiny)), is(5));
      assertThat("none is made for that", Files.exists(desk.database()), is(false));

      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-01-03", 1, 400);
      assertThat(desk.said(), desk.run(other), is(0));
      assertThat(desk.runAll(unknown), is(2));
      assertThat(desk.runAll(limited(desk, tiny)), is(5));
      assertThat(desk.said().strip().lines().count(), is(1L));
      assertThat(desk.landAll(limited(desk, tiny)), is(5));
      assertThat(
          query(desk, COMPLETIONS),
          equalTo(List.of("test-job|success", "mine/hours|failed", "mine|failed")));
      assertThat(query(desk, OPEN_ALERTS), equalTo(List.of("mine/hours", "mine")));

      SpendLimits enough = SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("1000"));
      assertThat(desk.said(), desk.runAll(limited(desk, enough)), is(0));
      assertThat(query(desk, OPEN_ALERTS), equalTo(List.of()));
    }
  }
}
