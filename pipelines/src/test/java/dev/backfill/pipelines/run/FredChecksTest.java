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
}
