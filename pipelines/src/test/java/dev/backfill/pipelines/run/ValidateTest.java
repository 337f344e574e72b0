package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What validate says of a database that our jobs filled, and of what is done to it then. */
class ValidateTest {
  private static final String TABLE = BarSize.DAY.futuresTable();
  private static final List<String> SYMBOLS = List.of("ZL.v.0", "ZS.v.0", "ZC.v.0", "LB.v.0");
  private static final Job JOB = job(SYMBOLS, "2025-09-01");
  private static final String ALERTS =
      "SELECT title, status, resolved_by FROM ops.alert_history WHERE alert_type = 'data_quality'"
          + " ORDER BY raised_at, title";

  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void load() throws IOException {
    desk = Desk.in(folder);
    assertThat(desk.run(JOB), equalTo(0));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static Job job(List<String> symbols, String from) {
    return Desk.job(BarSize.DAY, symbols, from, "now", 10, 4000);
  }

  private List<String> found(ValidateOptions options, int exit) throws IOException {
    assertThat(desk.said(), desk.validate(options, true), equalTo(exit));
    return findings(new ObjectMapper().readTree(desk.printed()));
  }

  /** Severity, check, count and subjects. */
  static List<String> findings(JsonNode report) {
    List<String> found = new ArrayList<>();
    for (JsonNode table : report.get("tables")) {
      for (JsonNode f : table.get("findings")) {
        List<String> subjects = new ArrayList<>();
        f.get("examples").forEach(e -> subjects.add(e.get("subject").asText()));
        found.add(
            String.join(
                    " ",
                    f.get("severity").asText(),
                    f.get("check").asText(),
                    f.get("count").asText())
                + " "
                + subjects);
      }
    }
    return found;
  }

  @Test
  void aCleanDatabasePassesAndIsLogged() throws IOException {
    assertThat(found(desk.validation(JOB), 0), contains("info missing-symbols 1 [LB.v.0]"));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT schema_name, table_name, total_rows = (SELECT count(*) FROM "
                + TABLE
                + "), null_count, null_ratio, duplicate_count, max_date, gap_count, max_gap_days,"
                + " min_val > 0, max_val > mean_val, status, json_extract_string(issues,"
                + " '$[0].check') FROM ops.data_quality_log"),
        contains(
            "raw|databento_futures_ohlcv_1d|true|0|0.0000|0|2025-12-12|0|0|true|true|PASSED"
                + "|missing-symbols"));
    assertThat(TableRows.query(desk.database(), ALERTS), empty());
    assertThat(desk.validate(desk.validation(JOB), false), equalTo(0));
    assertThat(desk.printed(), containsString(TABLE + ": passed"));
    assertThat(
        desk.printed(),
        containsString("never resolved, as the catalogue expects" + System.lineSeparator()));
    assertThat(desk.printed(), containsString("0 errors, 0 warnings in 1 table"));
  }

  /** Of what is there, without a job. */
  private ValidateOptions unnamed() {
    return new ValidateOptions(
        List.of(JOB),
        false,
        desk.database(),
        List.of(),
        Optional.of(Desk.NOW),
        true,
        false,
        Duration.ZERO);
  }

  @Test
  void aTableIntoWhichNothingWasEverLoadedIsNotTold() throws IOException {
    assertThat(desk.validate(unnamed(), true), equalTo(0));
    JsonNode tables = new ObjectMapper().readTree(desk.printed()).path("tables");
    assertThat(tables.findValuesAsText("table"), contains(TABLE));
    assertThat(
        TableRows.query(
            desk.database(), "SELECT schema_name, table_name FROM ops.data_quality_log"),
        contains(TABLE.replace('.', '|')));
    assertThat(desk.validate(unnamed(), false), equalTo(0));
    assertThat(desk.printed(), containsString("0 errors, 0 warnings in 1 table"));
    ValidateOptions byName =
        new ValidateOptions(
            List.of(JOB),
            false,
            desk.database(),
            List.of("raw.databento_statistics"),
            Optional.of(Desk.NOW),
            false,
            false,
            Duration.ZERO);
    assertThat(desk.validate(byName, false), equalTo(0));
    assertThat(desk.printed(), containsString("raw.databento_statistics: passed"));
    assertThat(desk.statusPage(), equalTo(0));
    assertThat(desk.printed(), containsString("| `" + TABLE + "` | 3 | "));
    assertThat(desk.printed(), not(containsString("databento_statistics")));
    // Its own failure is over once it is forgotten.
    Databases.sql(
        desk.database(), "UPDATE " + TABLE + " SET volume = -1 WHERE as_of_date = '2025-10-14'");
    assertThat(desk.validate(unnamed(), false), equalTo(4));
    Databases.sql(desk.database(), "DELETE FROM " + TABLE, "DELETE FROM ops.coverage");
    assertThat(desk.validate(unnamed(), false), equalTo(0));
    assertThat(
        TableRows.query(desk.database(), ALERTS), contains("validation failed|resolved|validate"));
  }

  @Test
  void symbolsAndRangesThatAreMissingAreSaidWithTheCommandThatFetchesThem() throws IOException {
    Job more = job(List.of("ZL.v.0", "ZS.v.0", "ZM.v.0"), "2025-06-01");
    assertThat(
        found(desk.validation(more), 4),
        contains("error missing-symbols 1 [ZM.v.0]", "error coverage-holes 2 [ZL.v.0, ZS.v.0]"));
    JsonNode findings = new ObjectMapper().readTree(desk.printed()).at("/tables/0/findings");
    assertThat(
        findings.at("/0/remedy").asText(),
        equalTo("backfill run test-job --db " + desk.database() + " --symbols ZM.v.0"));
    assertThat(
        findings.at("/1/remedy").asText(),
        equalTo(
            "backfill run test-job --db "
                + desk.database()
                + " --symbols ZL.v.0,ZS.v.0 --from 2025-06-01 --to 2025-09-01"));
    // That it begins later than the job says is no hole where nobody named the job.
    ValidateOptions unnamed =
        new ValidateOptions(
            List.of(job(SYMBOLS, "2025-06-01")),
            false,
            desk.database(),
            List.of(),
            Optional.of(Desk.NOW),
            false,
            false,
            Duration.ZERO);
    assertThat(found(unnamed, 0), contains("info missing-symbols 1 [LB.v.0]"));
    Databases.sql(
        desk.database(),
        "UPDATE ops.coverage SET range_end = '2025-12-01' WHERE symbol = 'ZS.v.0'",
        "DELETE FROM " + TABLE + " WHERE symbol = 'ZS' AND as_of_date >= '2025-12-01'",
        "UPDATE ops.coverage SET row_count = (SELECT count(*) FROM "
            + TABLE
            + " WHERE symbol = 'ZS') WHERE symbol = 'ZS.v.0'");
    assertThat(found(unnamed, 4).get(0), equalTo("error coverage-holes 1 [ZS.v.0]"));
  }

  /** A run loads whole bars, so the rest of a bar that the job's range cuts is not missing. */
  @ParameterizedTest
  @CsvSource({
    "DAY,  2025-08-01T09:00:00Z, 2025-08-20T13:30:00Z, 2025-08-21T00:00:00Z",
    "HOUR, 2025-08-01T09:15:00Z, 2025-08-04T13:30:00Z, 2025-08-04T14:00:00Z"
  })
  void aRangeThatCutsABarIsJudgedByWholeBars(BarSize size, String from, String to, String after)
      throws IOException {
    Job cut = Desk.job(size, List.of("ZC.v.0", "CL.v.0"), from, to, 10, 4000);
    assertThat(desk.said(), desk.run(cut), equalTo(0));
    assertThat(holes(cut), empty());
    Job longer = Desk.job(size, List.of("ZC.v.0", "CL.v.0"), from, after, 10, 4000);
    assertThat(holes(longer), contains("error coverage-holes 2 [ZC.v.0, CL.v.0]"));
  }

  private List<String> holes(Job job) throws IOException {
    desk.validate(desk.validation(job), true);
    return findings(new ObjectMapper().readTree(desk.printed())).stream()
        .filter(finding -> finding.contains("coverage-holes"))
        .toList();
  }

  @Test
  void aMissingSymbolHasItsReason() throws IOException {
    for (String planted : List.of("ZM|not_entitled", "ZW|unresolved", "ZR|empty")) {
      String[] its = planted.split("\\|");
      Databases.sql(
          desk.database(),
          "INSERT INTO ops.coverage SELECT * REPLACE ('"
              + its[0]
              + ".v.0' AS symbol, '"
              + its[0]
              + "' AS table_symbol, '"
              + its[1]
              + "' AS state, 0 AS row_count) FROM ops.coverage WHERE symbol = 'ZS.v.0'");
    }
    Job more =
        job(List.of("ZL.v.0", "ZM.v.0", "ZW.v.0", "ZR.v.0", "LB.v.0", "CL.v.0"), "2025-09-01");
    assertThat(
        found(desk.validation(more), 4),
        contains(
            "error missing-symbols 1 [CL.v.0]",
            "warning missing-symbols 1 [ZM.v.0]",
            "warning missing-symbols 1 [ZW.v.0]",
            "warning missing-symbols 1 [ZR.v.0]",
            "info missing-symbols 1 [LB.v.0]"));
    List<String> reasons = new ArrayList<>();
    new ObjectMapper()
        .readTree(desk.printed())
        .at("/tables/0/findings")
        .forEach(finding -> reasons.add(finding.path("says").asText()));
    assertThat(
        reasons,
        contains(
            "of test-job: never loaded",
            "of test-job: this key has no right to it",
            "of test-job: never resolved, although the catalogue has it as active",
            "of test-job: the service has no row of it",
            "of test-job: never resolved, as the catalogue expects"));
  }

  @Test
  void rowsAndLedgerThatDisagreeAreFoundUntilRepairMendsThem() throws IOException {
    Databases.sql(
        desk.database(),
        "DELETE FROM " + TABLE + " WHERE symbol = 'ZL' AND as_of_date = '2025-10-14'");
    assertThat(
        found(desk.validation(JOB), 4),
        contains(
            "error ledger-lost 1 [ZL.v.0]",
            "warning gaps 1 [ZL]",
            "info missing-symbols 1 [LB.v.0]"));
    assertThat(TableRows.query(desk.database(), ALERTS), contains("validation failed|open|null"));
    found(desk.validation(JOB), 4);
    assertThat(TableRows.query(desk.database(), ALERTS).size(), equalTo(1));
    assertThat(desk.repair(false), equalTo(0));
    found(desk.validation(JOB), 0);
    assertThat("one job", TableRows.query(desk.database(), ALERTS).get(0), containsString("open"));
    found(unnamed(), 0);
    assertThat(
        TableRows.query(desk.database(), ALERTS), contains("validation failed|resolved|validate"));

    Databases.sql(
        desk.database(),
        "INSERT INTO "
            + TABLE
            + " (symbol, as_of_date, close, open, high, low, volume) SELECT"
            + " 'MINE', as_of_date, close, open, high, low, volume FROM "
            + TABLE
            + " WHERE symbol = 'ZL'",
        "INSERT INTO "
            + TABLE
            + " FROM "
            + TABLE
            + " WHERE symbol = 'ZS' AND as_of_date = '2025-10-14'");
    List<String> found = found(desk.validation(JOB), 4);
    assertThat(found.get(0), equalTo("error ledger-more 1 [ZS.v.0]"));
    assertThat(found.get(1), equalTo("error duplicates 1 [ZS]"));
    assertThat(
        new ObjectMapper().readTree(desk.printed()).at("/tables/0/findings/1/remedy").asText(),
        equalTo(
            "backfill rerun test-job --db "
                + desk.database()
                + " --force --symbols ZS --from 2025-10-14 --to 2025-10-15"));
    assertThat(found.get(2).startsWith("warning ledger-unexplained "), equalTo(true));
    assertThat(found.get(2).endsWith(" [MINE]"), equalTo(true));
  }

  @Test
  void aStaleTableRaisesAnAlertOnceUntilItIsFresh() throws IOException {
    ValidateOptions later = asOf(Optional.of(Instant.parse("2026-01-20T00:00:00Z")), true, false);
    assertThat(found(later, 4).get(0), equalTo("error stale 3 [ZC, ZL, ZS]"));
    found(later, 4);
    assertThat(TableRows.query(desk.database(), ALERTS), contains("stale|open|null"));
    found(desk.validation(JOB), 0);
    assertThat(TableRows.query(desk.database(), ALERTS), contains("stale|resolved|validate"));
    // An emulator's clock says nothing of ours.
    assertThat(
        found(asOf(Optional.empty(), false, false), 0),
        contains("info missing-symbols 1 [LB.v.0]", "info stale 3 [ZC, ZL, ZS]"));
  }

  private ValidateOptions asOf(Optional<Instant> time, boolean log, boolean strict) {
    return new ValidateOptions(
        List.of(JOB), true, desk.database(), List.of(TABLE), time, log, strict, Duration.ZERO);
  }

  @Test
  void aWarningFailsOnlyWhereThatIsAskedFor() throws IOException {
    Databases.sql(
        desk.database(),
        "UPDATE " + TABLE + " SET volume = 0 WHERE symbol = 'ZL' AND as_of_date = '2025-10-14'");
    ValidateOptions strict = asOf(Optional.of(Desk.NOW), false, true);
    assertThat(found(strict, 4).get(0), equalTo("warning volume-zero 1 [ZL]"));
    found(asOf(Optional.of(Desk.NOW), false, false), 0);
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM ops.data_quality_log"),
        contains("0"));
  }

  @Test
  void itReadsWhileARunHasTheDatabaseAndThenLogsNothing() throws IOException {
    try (WriteLease run =
        WriteLease.take(desk.database().toString(), "run", Duration.ZERO, text -> {})) {
      run.begun();
      found(desk.validation(JOB), 0);
      assertThat(desk.said(), containsString("Not written to ops.data_quality_log"));
    }
    found(desk.validation(JOB), 0);
    assertThat(desk.said(), not(containsString("Not written")));
  }

  @Test
  void aTableThatIsNotThereIsNamed() {
    ValidateOptions wrong =
        new ValidateOptions(
            List.of(JOB),
            true,
            desk.database(),
            List.of("raw.nothing"),
            Optional.empty(),
            false,
            false,
            Duration.ZERO);
    assertThat(desk.validate(wrong, false), equalTo(2));
    assertThat(
        desk.said(),
        containsString("has no table raw.nothing; it has raw.databento_futures_ohlcv_1d"));
  }
}
