package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.http.Fault;
import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.duckdb.MotherDuckStandIn;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the desk's own checks read: a row for every run, and one open alert for a job that is ill.
 */
class CompletionTest {
  private static final String ALERTS =
      "SELECT alert_type, severity, source, title, status, resolved_by IS NULL FROM"
          + " ops.alert_history ORDER BY raised_at, status";
  private static final String COMPLETIONS =
      "SELECT source, job_name, start_date, end_date, row_count > 0, status FROM"
          + " ops.ingestion_completion ORDER BY started_at";
  private static final String ILL = "|test-job|test-job was not brought up to date|";

  @TempDir Path folder;

  private static Job job(String to) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0", "6J.v.0"), "2024-01-01", to, 1, 400);
  }

  private static List<String> ask(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
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

  @Test
  void aFailureHasOneOpenAlertUntilTheJobIsWell() throws IOException {
    try (Desk desk = Desk.in(folder).trying(1)) {
      desk.emulator
          .faults()
          .add(Fault.status(500).on("timeseries.get_range").forSymbol("6J.v.0").times(1_000));
      for (int hour = 0; hour < 3; hour++) {
        assertThat(desk.said(), desk.run(job("2024-03-01")), equalTo(3));
      }
      assertThat(
          ask(desk, COMPLETIONS),
          contains(
              "databento|test-job|2024-01-01|2024-03-01|true|partial",
              "databento|test-job|2024-01-01|2024-03-01|false|failed",
              "databento|test-job|2024-01-01|2024-03-01|false|failed"));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|error" + ILL + "open|true"));
      String newest = ask(desk, "SELECT max(run_id) FROM ops.ingestion_completion").get(0);
      assertThat(
          ask(desk, "SELECT message FROM ops.alert_history").get(0),
          startsWith(
              "Run "
                  + newest
                  + ": 1 chunk failed, the first with 6J.v.0, 2024-01-01/2024-03-01: "));

      // A part of the job that has nothing to do with it makes it no better.
      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-02-01", 1, 400);
      assertThat(desk.said(), desk.run(other), equalTo(0));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|error" + ILL + "open|true"));

      desk.emulator.faults().clear();
      assertThat(desk.said(), desk.run(job("2024-03-01")), equalTo(0));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|error" + ILL + "resolved|false"));
      assertThat(
          ask(
              desk,
              "SELECT count(*) FROM ops.alert_history a JOIN ops.ingestion_completion c ON"
                  + " a.resolved_by = c.run_id AND c.status = 'success'"),
          contains("1"));
    }
  }

  @Test
  void aRunThatWasKilledIsSaidByTheNext() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      sql(
          "INSERT INTO ops.backfill_runs (run_id, job_name, started_at, status) VALUES ('killed',"
              + " 'test-job', TIMESTAMP '2025-12-15 01:00:00', 'running')");
      // There is nothing to do, which is what makes the job well.
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      assertThat(
          ask(
              desk,
              "SELECT job_name, row_count, status, error_message FROM ops.ingestion_completion"
                  + " WHERE run_id = 'killed'"),
          contains("test-job|0|failed|it was stopped before it ended; what it had loaded is kept"));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|warning" + ILL + "resolved|false"));
    }
  }

  @Test
  void aRunThatCouldNotBeginIsNotedWhereRunsAreKnown() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      ApiOptions wrong =
          ApiOptions.of(
              desk.emulator.url(),
              ApiKeySource.file(
                  Files.writeString(folder.resolve("wrong"), "db-0123456789abcdefghijklmnopqrs")
                      .toString()));
      assertThat(desk.run(desk.options(job("2024-02-01"), wrong)), equalTo(2));
      assertThat(Files.exists(desk.database()), is(false));

      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      assertThat(desk.run(desk.options(job("2024-02-05"), wrong)), equalTo(2));
      SpendLimits tiny = SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("0.0000001"));
      assertThat(desk.run(desk.options(job("2024-02-05")).withSpend(tiny)), equalTo(5));
      assertThat(
          ask(desk, COMPLETIONS),
          contains(
              "databento|test-job|2024-01-01|2024-02-01|true|success",
              "databento|test-job|null|null|false|failed",
              "databento|test-job|null|null|false|failed"));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|error" + ILL + "open|true"));
      assertThat(
          ask(desk, "SELECT message FROM ops.alert_history").get(0),
          containsString("max-cost-usd"));

      // Nothing is left to do of what is wanted now: that resolves it.
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      assertThat(ask(desk, ALERTS), contains("ingestion_failure|error" + ILL + "resolved|false"));
    }
  }

  @Test
  void aRunThatFindsNothingToDoHasItsRowsToo() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-01-08", 1, 400);
      assertThat(desk.said(), desk.update(job("2024-02-01"), other), equalTo(0));
      deleteTree(desk.landing());

      assertThat(desk.said(), desk.update(job("2024-02-01"), other), equalTo(0));
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));

      assertThat(
          ask(desk, COMPLETIONS),
          contains(
              "databento|test-job|2024-01-01|2024-02-01|true|success",
              "databento|test-job|2024-01-01|2024-01-08|true|success",
              "databento|test-job|2024-01-01|2024-02-01|false|success",
              "databento|test-job|2024-01-01|2024-01-08|false|success",
              "databento|test-job|2024-01-01|2024-02-01|false|success"));
      assertThat(
          "each is the run's, and no two runs share one",
          ask(
              desk,
              "SELECT count(*), count(DISTINCT c.run_id), bool_and(c.ingestion_id = c.run_id),"
                  + " bool_and(c.row_count = r.rows_written AND c.status = r.status"
                  + " AND c.job_name = r.job_name),"
                  + " sum(r.chunks_total = 0) FROM ops.ingestion_completion c"
                  + " JOIN ops.backfill_runs r USING (run_id)"),
          contains("5|5|true|true|3"));
      assertThat(Files.exists(desk.landing()), is(false));
    }
  }

  @Test
  void aRunThatFindsNothingToDoGoesWellWhereItCannotBeNoted() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      Process notebook = Child.notebook(folder);
      try {
        assertThat(desk.run(job("2024-02-01")), equalTo(0));
        assertThat(
            desk.said(),
            containsString(
                "There was nothing to do, which could not be written into the database"));
        assertThat(desk.said(), containsString("PID " + notebook.pid() + " on "));
        SpendLimits month = SpendLimits.USUAL.withMonth(SpendLimits.Month.of(BigDecimal.ONE));
        assertThat(
            "a cap that was given must be kept",
            desk.run(desk.options(job("2024-02-01")).withSpend(month)),
            equalTo(5));
      } finally {
        notebook.destroyForcibly().waitFor();
      }
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      assertThat(ask(desk, "SELECT count(*) FROM ops.ingestion_completion"), contains("2"));
    }
  }

  @Test
  void noDatabaseIsMadeForARunThatFindsNothingToDo() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job future = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2026-03-01", "2026-04-01", 1, 400);
      assertThat(desk.said(), desk.run(future), equalTo(0));
      assertThat(desk.printed(), containsString("the service has nothing of the wanted range"));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void updateLoadAndImportHaveTheirRows() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.said(), desk.update(job("2024-02-01")), equalTo(0));
      assertThat(
          ask(desk, COMPLETIONS),
          contains("databento|test-job|2024-01-01|2024-02-01|true|success"));
      Files.delete(desk.database());
      assertThat(desk.said(), desk.load(job("2024-02-01"), Optional.empty()), equalTo(0));
      assertThat(
          ask(desk, COMPLETIONS),
          contains("databento|test-job|2024-01-01|2024-02-01|true|success"));
      Path[] answers;
      try (var files = Files.walk(desk.landing())) {
        answers = files.filter(f -> f.toString().endsWith(".dbn.zst")).toArray(Path[]::new);
      }
      Files.delete(desk.database());
      assertThat(desk.said(), desk.importFiles(Optional.empty(), false, answers), equalTo(0));
      assertThat(desk.said(), desk.importFiles(Optional.empty(), false, answers), equalTo(0));
      assertThat(desk.said(), desk.load(job("2024-02-01"), Optional.empty()), equalTo(0));
      assertThat(
          ask(desk, COMPLETIONS),
          contains(
              "databento|import|2024-01-01|2024-02-01|true|success",
              "databento|import|2024-01-01|2024-02-01|false|success",
              "databento|test-job|2024-01-01|2024-02-01|false|success"));
      assertThat(ask(desk, ALERTS), is(List.of()));
    }
  }

  @Test
  void aDatabaseElsewhereIsNotedInAndIsNotTakenOverByALook() throws IOException {
    try (Desk desk = Desk.in(folder).databaseAt(Path.of("md:research"));
        MotherDuckStandIn there = new MotherDuckStandIn(folder, MotherDuckStandIn.TOKEN)) {
      assertThat(desk.said(), desk.run(job("2024-02-01")), equalTo(0));
      SpendLimits tiny = SpendLimits.USUAL.withMaxCostUsd(new BigDecimal("0.0000001"));
      assertThat(desk.run(desk.options(job("2024-02-05")).withSpend(tiny)), equalTo(5));
      Path file = there.file("research");
      assertThat(
          TableRows.query(file, COMPLETIONS),
          contains(
              "databento|test-job|2024-01-01|2024-02-01|true|success",
              "databento|test-job|null|null|false|failed"));
      assertThat(
          TableRows.query(file, ALERTS), contains("ingestion_failure|error" + ILL + "open|true"));

      Databases.sql(file, "ALTER TABLE " + BarSize.DAY.futuresTable() + " DROP COLUMN ingested_at");
      assertThat(desk.symbols(job("2024-02-01"), true, false), equalTo(2));
      assertThat(desk.said(), containsString("md:research was made by another system"));
    }
  }
}
