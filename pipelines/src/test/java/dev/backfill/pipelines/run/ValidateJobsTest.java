package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
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

/** What validate says after the built-in jobs, narrowed as people narrow them. */
class ValidateJobsTest {
  @TempDir Path folder;
  private Desk desk;

  @BeforeEach
  void open() {
    desk =
        Desk.in(
            folder,
            EmulatorConfig.builder()
                .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3", "XCBF.PITCH")));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static Overrides narrowed(String from, String to, String symbols) {
    return new Overrides(
        Optional.of(JobTime.parse(from)),
        Optional.of(JobTime.parse(to)),
        List.of(symbols.split(",")));
  }

  private List<Job> loaded(String job, Overrides overrides) throws IOException {
    List<Job> parts = JobFile.readAll(job, overrides);
    int code = desk.run(parts, false);
    assertThat(desk.said() + desk.printed(), code, is(0));
    return parts;
  }

  private JsonNode validated(List<Job> parts, Instant asOf, int exit) throws IOException {
    return validated(parts, true, asOf, exit);
  }

  private JsonNode validated(List<Job> parts, boolean isNamed, Instant asOf, int exit)
      throws IOException {
    ValidateOptions options =
        new ValidateOptions(
            parts,
            isNamed,
            desk.database(),
            List.of(),
            Optional.of(asOf),
            true,
            false,
            Duration.ZERO);
    int code = desk.validate(options, true);
    assertThat(desk.said() + desk.printed(), code, is(exit));
    return new ObjectMapper().readTree(desk.printed());
  }

  @Test
  void nothingIsWantedFromBeforeItsDatasetBegins() throws IOException {
    List<Job> parts = loaded("missing-daily", narrowed("2018-10-15", "2018-11-20", "VX,TN"));
    Instant then = Instant.parse("2018-11-20T00:00:00Z");
    assertThat(ValidateTest.findings(validated(parts, then, 0)), empty());
  }

  /** The newest snapshot is a week older than the run's end, and by that a fixed day earlier. */
  @Test
  void snapshotsAreCountedBackFromWhereTheJobsBarsEnd() throws IOException {
    List<Job> parts = loaded("options-daily", narrowed("-37d", "now", "OZL.OPT"));
    assertThat(ValidateTest.findings(validated(parts, Desk.NOW, 0)), empty());
  }

  /** A desk with a list of its own wants no more than that, unless it names the job. */
  @Test
  void whatNobodyHasAskedForIsANoteWhereNoJobIsNamed() throws IOException {
    loaded("daily-futures", narrowed("2025-09-01", "now", "ZL"));
    desk.emulator
        .faults()
        .add(Fault.status(400).on("timeseries.get_range").forSymbol("CL.v.0").times(-1));
    List<Job> failing = JobFile.readAll("daily-futures", narrowed("2025-09-01", "now", "CL"));
    assertThat(desk.run(failing, false), is(3));
    List<Job> all =
        List.of(
            JobFile.read(
                "daily-futures",
                new Overrides(
                    Optional.of(JobTime.parse("2025-09-01")), Optional.empty(), List.of())));
    assertThat(
        missing(validated(all, false, Desk.NOW, 4)),
        contains("error 1 never loaded", "info 54 never loaded"));
    assertThat(missing(validated(all, true, Desk.NOW, 4)), contains("error 55 never loaded"));
    desk.emulator.faults().clear();
    loaded("daily-futures", narrowed("2025-09-01", "now", "CL"));
    assertThat(missing(validated(all, false, Desk.NOW, 0)), contains("info 54 never loaded"));
  }

  private static List<String> missing(JsonNode report) {
    List<String> missing = new ArrayList<>();
    for (JsonNode one : report.at("/tables/0/findings")) {
      if (one.path("check").asText().equals("missing-symbols")) {
        missing.add(
            one.path("severity").asText()
                + " "
                + one.path("count").asText()
                + one.path("says").asText().replaceFirst(".*:(?= )", ""));
      }
    }
    return missing;
  }

  @ParameterizedTest
  @CsvSource({"daily-futures, QQQ", "fred, NOSUCHID"})
  void whatTheCatalogueDoesNotKnowIsNotSaidToBeActive(String job, String unknown)
      throws IOException {
    List<Job> parts =
        JobFile.readAll(job, new Overrides(Optional.empty(), Optional.empty(), List.of(unknown)));
    desk.run(parts, false);
    assertThat(
        missing(validated(parts, Desk.NOW, 0)),
        contains("warning 1 unknown, and not in the catalogue"));
  }

  /** The commands name the job that has loaded the symbol, and no day in between. */
  @Test
  void gapsThatLieApartAreAskedForApartAndOfTheirOwnJob() throws IOException {
    List<Job> parts = new ArrayList<>();
    parts.addAll(loaded("daily-futures", narrowed("2025-01-01", "now", "ZN,ZB,ZF,ZT")));
    parts.addAll(loaded("missing-daily", narrowed("2025-01-01", "now", "TN")));
    String gone = "as_of_date IN ('2025-03-05', '2025-03-06', '2025-10-14')";
    Databases.sql(
        desk.database(),
        "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'TN' AND " + gone,
        "DELETE FROM raw.databento_futures_ohlcv_1d WHERE symbol = 'ZF' AND as_of_date ="
            + " '2025-08-05'",
        "UPDATE ops.coverage c SET verified = false, row_count = (SELECT count(*) FROM"
            + " raw.databento_futures_ohlcv_1d t WHERE t.symbol = c.table_symbol AND t.as_of_date"
            + " BETWEEN c.range_start AND c.range_end - INTERVAL 1 DAY)");
    JsonNode report = validated(parts, Desk.NOW, 4);
    assertThat(ValidateTest.findings(report), contains("error gaps 4 [TN, TN, ZF]"));
    JsonNode gaps = report.at("/tables/0/findings/0");
    assertThat(gaps.path("subjects").asInt(), is(2));
    String missing = "backfill rerun missing-daily --db " + desk.database();
    assertThat(
        List.of(gaps.path("remedy").asText().split(" && ", -1)),
        contains(
            missing + " --force --symbols TN --from 2025-03-05 --to 2025-03-07",
            missing + " --force --symbols TN --from 2025-10-14 --to 2025-10-15",
            "backfill rerun daily-futures --db "
                + desk.database()
                + " --force --symbols ZF --from 2025-08-05 --to 2025-08-06"));

    // What the service was asked for and has not is filled by no command.
    Databases.sql(desk.database(), "UPDATE ops.coverage SET verified = true");
    JsonNode served = validated(parts, Desk.NOW, 0);
    assertThat(ValidateTest.findings(served), contains("warning gaps 4 [TN, TN, ZF]"));
    assertThat(served.at("/tables/0/findings/0").has("remedy"), is(false));
  }
}
