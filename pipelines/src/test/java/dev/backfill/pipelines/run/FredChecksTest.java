package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesRegex;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
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

/** What status and validate say of series of FRED that our job loaded. */
class FredChecksTest {
  private static final List<String> SOME = List.of("DCOILWTICO", "GASREGW");
  private static final Job JOB = Fred.job("my-series", Fred.OBSERVATIONS, SOME, Fred.TABLE, true);
  private static final Job BARS =
      Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2025-11-01", "2025-12-01", 1, 400);

  @TempDir Path folder;
  private Desk desk;
  private long rows;

  @BeforeEach
  void load() throws IOException {
    desk = Desk.in(folder);
    assertThat(desk.run(JOB), is(0));
    rows = FredTruth.compare(desk.database(), desk.emulator.fred(), SOME);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private JsonNode status() throws IOException {
    assertThat(desk.status(true), is(0));
    return new ObjectMapper().readTree(desk.printed());
  }

  @Test
  void statusSaysSeriesAndObservations() throws IOException {
    String count = Console.count(rows);
    assertThat(desk.status(false), is(0));
    List<String> lines = desk.printed().lines().map(line -> line.strip()).toList();
    assertThat(lines, hasItem(matchesRegex("table +series +observations +first +last")));
    assertThat(lines, hasItem(matchesRegex("raw.fred_economic +2 +" + count + " +1998-07-03 .*")));
    assertThat(lines, hasItem(matchesRegex("coverage +series +observations")));
    assertThat(lines, hasItem(matchesRegex("loaded +2 +" + count)));
    assertThat(desk.printed(), not(containsString("symbol")));
    assertThat(desk.printed(), not(containsString("bar")));
    assertThat(desk.printed(), not(containsString("1776")));

    assertThat(desk.statusPage(), is(0));
    List<String> page = desk.printed().lines().toList();
    assertThat(page, hasItem("| table | series | observations | first | last |"));
    assertThat(page, hasItem("| group | series | observations | there | missing |"));

    JsonNode state = status().at("/states/0");
    assertThat(state.get("table").asText(), is(Fred.TABLE));
    assertThat(state.get("symbols").asInt(), is(2));
    assertThat(state.get("series").asInt(), is(2));
    assertThat(state.get("rows").asLong(), is(rows));
    assertThat(state.get("observations").asLong(), is(rows));
    assertThat(state.get("symbol_days").isNull(), is(true));
  }

  @Test
  void barsBesideThemKeepTheirOwnWords() throws IOException {
    assertThat(desk.run(BARS), is(0));
    JsonNode status = status();
    JsonNode bars = status.at("/states/0");
    assertThat(bars.get("table").asText(), is(BARS.table()));
    assertThat(bars.get("symbol_days").asDouble(), is(30.0));
    assertThat(bars.has("series"), is(false));
    assertThat(status.at("/all_tables/loaded/symbol_days").asDouble(), is(30.0));
    assertThat(status.at("/all_tables/loaded/symbols").asInt(), is(3));
    assertThat(desk.status(false), is(0));
    List<String> lines = desk.printed().lines().map(line -> line.strip()).toList();
    assertThat(lines, hasItem(matchesRegex("table +symbols +rows +first bar +last bar")));
    assertThat(lines, hasItem(matchesRegex("table +series +observations +first +last")));
    assertThat(lines, hasItem(matchesRegex("coverage +symbols +symbol-days +rows +from +to")));
  }

  @Test
  void aSeriesThatFailedHasNoSymbolDaysAndNoRangeEither() throws IOException {
    desk.emulator
        .faults()
        .add(Fault.dropBars(100).on("fred/series/observations").forSymbol("PPIFGS").times(-1));
    Job more = Fred.job("my-series", Fred.OBSERVATIONS, List.of("PPIFGS"), Fred.TABLE, true);
    assertThat(desk.run(more), is(3));
    assertThat(desk.status(false), is(0));
    List<String> lines = desk.printed().lines().map(line -> line.strip()).toList();
    assertThat(lines, hasItem(matchesRegex("failed +1 +0")));
    assertThat(
        lines, hasItem(matchesRegex("failed: FRED observations PPIFGS whole \\(chunk .*\\)")));
    assertThat(status().at("/all_tables/failed/symbol_days").asDouble(), is(0.0));
    assertThat(
        "nothing was loaded, so there are no dates",
        FredTruth.completions(desk.database()).get(1),
        is("fred|failed|null|null"));
  }

  @Test
  void aRunThatWasKilledHasNoDates() throws IOException {
    Databases.sql(desk.database(), "UPDATE ops.backfill_runs SET status = 'running'");
    Job more = Fred.job("my-series", Fred.OBSERVATIONS, List.of("PPIFGS"), Fred.TABLE, true);
    assertThat(desk.run(more), is(0));
    assertThat(
        FredTruth.completions(desk.database()),
        contains(
            "fred|partial|null|null",
            FredTruth.completion(desk.emulator.fred(), "success", List.of("PPIFGS"))));
  }

  private List<String> found(boolean isStrict, int exit) throws IOException {
    ValidateOptions options =
        new ValidateOptions(
            List.of(JOB),
            true,
            desk.database(),
            List.of(),
            Optional.of(Desk.NOW),
            true,
            isStrict,
            Duration.ZERO);
    int code = desk.validate(options, true);
    List<String> found = ValidateTest.findings(new ObjectMapper().readTree(desk.printed()));
    assertThat(found.toString(), code, is(exit));
    return found;
  }

  @Test
  void whatWasLoadedIsCleanAndAValueThatIsMissingIsFound() throws IOException {
    assertThat(found(true, 0), empty());
    Databases.sql(
        desk.database(),
        "UPDATE raw.fred_economic SET value = NULL WHERE series_id = 'GASREGW' AND date ="
            + " (SELECT max(date) FROM raw.fred_economic WHERE series_id = 'GASREGW')");
    assertThat(found(false, 0), contains("warning value-null 1 [GASREGW]"));
    assertThat(found(true, 4), contains("warning value-null 1 [GASREGW]"));
  }

  private JsonNode validated(Job job, Instant asOf, int exit) throws IOException {
    ValidateOptions options =
        new ValidateOptions(
            List.of(job),
            true,
            desk.database(),
            List.of(),
            Optional.of(asOf),
            true,
            false,
            Duration.ZERO);
    int code = desk.validate(options, true);
    assertThat(desk.printed(), code, is(exit));
    return new ObjectMapper().readTree(desk.printed());
  }

  @Test
  void somebodyElsesSeriesIsNotStaleForNoUpdateBringsIt() throws IOException {
    Databases.sql(
        desk.database(),
        "INSERT INTO raw.fred_economic (series_id, date, value) VALUES ('MYOWN', '2020-01-01', 1)");
    assertThat(found(false, 0), contains("warning ledger-unexplained 1 [MYOWN]"));
    assertThat(
        ValidateTest.findings(validated(JOB, Instant.parse("2027-01-01T00:00:00Z"), 0)),
        hasItem("warning value-stale 2 [DCOILWTICO, GASREGW]"));
  }

  @Test
  void aSeriesIsWantedWholeSoNoRangeIsPrinted() throws IOException {
    Databases.sql(
        desk.database(),
        "UPDATE ops.coverage SET range_end = '2100-01-01' WHERE symbol = 'DCOILWTICO'",
        "UPDATE ops.coverage SET row_count = row_count - 1 WHERE symbol = 'GASREGW'");
    List<String> commands = new ArrayList<>();
    for (JsonNode one : validated(JOB, Desk.NOW, 4).at("/tables/0/findings")) {
      commands.add(one.path("check").asText() + ": " + one.path("remedy").asText());
    }
    String db = " --db " + desk.database();
    assertThat(
        commands,
        contains(
            "coverage-holes: backfill run my-series" + db + " --symbols DCOILWTICO",
            "ledger-more: backfill rerun my-series" + db + " --force --symbols GASREGW"));
    desk.validate(desk.validation(JOB), false);
    assertThat(desk.printed(), containsString("coverage-holes, 1 range:"));
    assertThat(desk.printed(), not(containsString("1776")));
    assertThat(desk.printed(), not(containsString("2200")));
    assertThat(
        TableRows.query(desk.database(), "SELECT message FROM ops.alert_history"),
        contains("coverage-holes: 1 range; ledger-more: 1 row"));
  }
}
