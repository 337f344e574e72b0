package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The users' status page: its queries and the original system's checks, on tables that the built-in
 * jobs filled from the emulator in full; and that such tables are clean.
 */
class StatusPageTest {
  private static final int DAILY_ROWS = 219_831;
  private static final int HOURLY_ROWS = 184_585;

  @TempDir static Path folder;
  private static Desk desk;

  @BeforeAll
  static void load() throws IOException {
    desk = Desk.in(folder);
    assertThat(desk.run(JobFile.read("daily-futures")), equalTo(0));
    assertThat(desk.run(JobFile.read("hourly-futures")), equalTo(0));
  }

  @AfterAll
  static void close() {
    desk.close();
  }

  private static String query(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            StatusPageTest.class.getResourceAsStream("/status-page/" + name + ".sql"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> ask(String name) throws IOException {
    return TableRows.query(desk.database(), query(name));
  }

  @Test
  void itsCountsAreThoseOfTheJobs() throws IOException {
    assertThat(ask("daily-symbol-count"), contains("55|" + DAILY_ROWS));
    assertThat(ask("symbol-count"), contains("55"));
    assertThat(ask("symbols-and-rows"), contains("55|" + DAILY_ROWS));
  }

  @Test
  void everyRowOfBothTablesIsTheMarkets() {
    List<String> daily = new ArrayList<>(Catalog.load().roots("daily_core"));
    daily.remove("LB");
    assertTruth(BarSize.DAY, daily, "2010-06-06T00:00:00Z", "2025-12-15T00:00:00Z");
    List<String> hourly = Catalog.load().roots("hourly_core");
    assertTruth(BarSize.HOUR, hourly, "2024-12-15T16:00:00Z", "2025-12-15T16:00:00Z");
  }

  private static void assertTruth(BarSize size, List<String> roots, String from, String to) {
    TableRows.assertSame(
        TableRows.in(desk.database(), size.futuresTable()),
        TableRows.expected(desk.emulator.market(), size, roots, from, to));
  }

  @Test
  void itsHourlyCoverageHasEverySymbol() throws IOException {
    List<String> hourly = ask("hourly-coverage");
    assertThat(
        hourly.stream().map(row -> row.split("\\|")[0]).toList(),
        equalTo(Catalog.load().roots("hourly_core").stream().sorted().toList()));
    assertThat(
        hourly.stream().mapToInt(row -> Integer.parseInt(row.split("\\|")[1])).sum(),
        equalTo(HOURLY_ROWS));
    assertThat(hourly, hasItem("ES|5892|2024-12-15 23:00:00.0|2025-12-15 15:00:00.0"));
  }

  @Test
  void itsMissingSymbolsAreThoseThatNobodyLoaded() throws IOException {
    List<String> expected = new ArrayList<>(Catalog.load().roots("daily_missing"));
    expected.add("LB");
    assertThat(
        ask("missing-symbols").stream().sorted().toList(),
        equalTo(expected.stream().sorted().toList()));
  }

  @Test
  void theOriginalChecksRunAsTheyAre(@TempDir Path other) throws IOException {
    // The made-up market's clock is behind ours.
    assertThat(ask("freshness"), hasSize(1));
    assertThat(ask("freshness").get(0), startsWith("raw.databento_futures_ohlcv_1d|2025-12-14|"));
    assertThat(
        ask("primary-keys"),
        contains(
            "ops|ingestion_completion|PASS",
            "raw|databento_futures_ohlcv_1d|FAIL",
            "raw|fred_economic|FAIL"));
    try (Desk keyed = Desk.in(other)) {
      Job job = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2025-11-01", "2025-12-01", 10, 4000);
      assertThat(keyed.run(withKey(job)), equalTo(0));
      Path series = other.resolve("my-series.yaml");
      Files.writeString(
          series, "name: mine\nsource: fred\nsymbols: [GASREGW, PPIFGS]\nprimary_key: true\n");
      assertThat(keyed.run(JobFile.read(series.toString())), equalTo(0));
      assertThat(
          TableRows.query(keyed.database(), query("primary-keys")),
          contains(
              "ops|ingestion_completion|PASS",
              "raw|databento_futures_ohlcv_1d|PASS",
              "raw|fred_economic|PASS"));
    }
  }

  private static Job withKey(Job job) {
    return new Job(
        job.name(),
        job.source(),
        job.dataset(),
        job.schema(),
        job.stypeIn(),
        job.symbols(),
        job.from(),
        job.to(),
        job.table(),
        job.chunk(),
        job.publishers(),
        true);
  }

  @Test
  void whatTheJobsLoadedIsClean() throws IOException {
    ValidateOptions all =
        new ValidateOptions(
            JobFile.builtIn().stream()
                .flatMap(name -> JobFile.readAll(name, Overrides.NONE).stream())
                .toList(),
            false,
            desk.database(),
            List.of(),
            Optional.of(Desk.NOW),
            false,
            false,
            Duration.ZERO);
    assertThat(desk.validate(all, true), equalTo(0));
    List<String> found = ValidateTest.findings(new ObjectMapper().readTree(desk.printed()));
    // The day WTI went below zero is in the data; a roll is no fault.
    assertThat(
        found.stream().filter(f -> !f.contains("roll-jumps")).toList(),
        contains("warning jumps 1 [CL]", "info missing-symbols 1 [LB.v.0]"));
  }

  @Test
  void statusSaysWhatThePageSaid() throws IOException {
    assertThat(desk.status(true), equalTo(0));
    JsonNode status = new ObjectMapper().readTree(desk.printed());
    List<String> groups = new ArrayList<>();
    for (JsonNode group : status.at("/tables/0/groups")) {
      List<String> symbols = new ArrayList<>();
      group.get("symbols").forEach(s -> symbols.add(s.asText()));
      groups.add(group.get("group").asText() + " " + symbols);
    }
    assertThat(groups.get(0), equalTo("Soy Complex [ZL, ZM, ZS]"));
    assertThat(groups.get(1), equalTo("Grains [KE, ZC, ZO, ZR, ZW]"));
    assertThat(groups.get(2), equalTo("Energy [BZ, CL, HO, NG, QG, QM, RB]"));
    assertThat(groups, hasItem("Livestock [GF, HE, LE]"));
    assertThat(status.at("/runs").size(), equalTo(2));
    assertThat(status.at("/runs/0/rows_written").asInt(), equalTo(HOURLY_ROWS));
    assertThat(
        status.at("/next/0/command").asText(),
        equalTo("backfill update daily-futures hourly-futures --db " + desk.database()));

    assertThat(desk.status(false), equalTo(0));
    assertThat(desk.printed(), containsString("Lumber           LBS (never loaded); LB (never"));
    assertThat(
        desk.printed()
            .lines()
            .filter(line -> !line.contains("backfill "))
            .map(String::length)
            .toList(),
        everyItem(lessThanOrEqualTo(100)));

    assertThat(desk.statusPage(), equalTo(0));
    assertThat(
        desk.printed().lines().toList(), hasItem("| Soy Complex | 3 | 11,859 | ZL ZM ZS |  |"));
    assertThat(
        desk.printed().lines().toList(),
        hasItem("| `raw.databento_futures_ohlcv_1d` | 55 | 219,831 | 2010-06-06 | 2025-12-14 |"));
  }
}
