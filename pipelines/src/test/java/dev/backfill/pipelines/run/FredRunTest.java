package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.fred.FredWorld;
import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FRED from end to end, beside what the emulator says it served. */
class FredRunTest {
  private static final String DATA = "fred/series/observations";
  private static final List<String> SOME =
      List.of("DCOILWTICO", "GASREGW", "PPIFGS", "B235RC1Q027SBEA");

  @TempDir Path folder;

  private static Job job(List<String> ids) {
    return Fred.job("my-series", Fred.OBSERVATIONS, ids, Fred.TABLE, true);
  }

  private static long asked(Desk desk, String method) {
    return desk.emulator.ledger().entries().stream().filter(e -> e.method().equals(method)).count();
  }

  @Test
  void everySeriesOfTheCatalogueIsLoadedExactlyAndASecondRunOnlyAsksWhetherItChanged()
      throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = JobFile.read("fred");
      FredWorld world = desk.emulator.fred();
      assertThat(job.symbols(), is(world.ids()));

      assertThat(desk.run(job), is(0));
      long rows = FredTruth.compare(desk.database(), world, world.ids());
      FredTruth.compareMetadata(desk.database(), world, world.ids());
      assertThat(
          FredTruth.completions(desk.database()),
          contains(FredTruth.completion(world, "success", world.ids())));
      assertThat(
          desk.printed(),
          startsWith(
              String.format(
                  Locale.ROOT,
                  "fred: 305 series, %,d observations written to raw.fred_economic in ",
                  rows)));
      assertThat(
          desk.printed(),
          containsString("; 4 discontinued: TEDRATE, MYAGM2CNM189N, STLFSI, PPIFGS"));
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT count(*), count(title), count(units), count(series_group), count(notes),"
                  + " min(discovered_at) IS NOT NULL FROM raw.fred_series_metadata"),
          contains("305|305|305|305|305|true"));
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT count(DISTINCT series_group), count(*) > 0, count(*) = count(title)"
                  + " FROM raw.fred_spot_prices"),
          contains("7|true|true"));

      desk.emulator.ledger().clear();
      assertThat(desk.run(job), is(0));
      assertThat(
          desk.printed(),
          startsWith(
              "fred: nothing to do; all 305 series are as FRED has them. Nothing was fetched,"
                  + " no rows were written; 4 discontinued: TEDRATE, MYAGM2CNM189N, STLFSI,"
                  + " PPIFGS"));
      assertThat(asked(desk, "fred/series"), is(305L));
      assertThat(asked(desk, DATA), is(0L));
    }
  }

  @Test
  void aSeriesThatWasUpdatedIsReplacedWholeAndTheOthersAreLeftAlone() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(SOME);
      assertThat(desk.run(job), is(0));
      List<String> before = loadedAt(desk);
      desk.emulator.fred().revise("GASREGW", LocalDate.of(2010, 1, 1), Desk.NOW);
      desk.emulator.ledger().clear();

      assertThat(desk.plan(desk.options(job), false), is(0));
      assertThat(
          desk.printed(),
          containsString(
              "FRED: 4 series, 0 new, 1 changed, 3 unchanged, 0 unknown; 1 discontinued: PPIFGS"));
      assertThat(desk.update(job), is(0));
      assertThat(asked(desk, DATA), is(1L));
      FredTruth.compare(desk.database(), desk.emulator.fred(), SOME);
      assertThat(desk.printed(), containsString(" rows differ from what was there"));
      assertThat(desk.printed(), startsWith("my-series: 1 series, "));
      assertThat(
          FredTruth.completions(desk.database()),
          contains(
              FredTruth.completion(desk.emulator.fred(), "success", SOME),
              FredTruth.completion(desk.emulator.fred(), "success", List.of("GASREGW"))));
      List<String> after = loadedAt(desk);
      for (int i = 0; i < before.size(); i++) {
        boolean isChanged = before.get(i).startsWith("GASREGW");
        assertThat(after.get(i).equals(before.get(i)), is(!isChanged));
      }
      assertThat(
          "one interval a series, with the date of its update",
          FredTruth.rows(
              desk.database(),
              "SELECT symbol, table_symbol, range_start::VARCHAR, range_end::VARCHAR, state, source_modified,"
                  + " verified, recheck_after FROM ops.coverage WHERE symbol = 'GASREGW'"),
          contains(
              "GASREGW|GASREGW|1776-07-04 00:00:00|2200-01-01 00:00:00|loaded|2025-12-16|true|null"));
      assertThat(files(desk, "json.zst"), is(5L));
    }
  }

  private static List<String> loadedAt(Desk desk) {
    return FredTruth.rows(
        desk.database(),
        "SELECT series_id, max(ingested_at) FROM raw.fred_economic GROUP BY ALL ORDER BY ALL");
  }

  private long files(Desk desk, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(desk.landing().resolve("fred"))) {
      return all.filter(file -> file.toString().endsWith(ending)).count();
    }
  }

  @Test
  void whatFredDoesNotKnowIsReportedAndTheRestLoads() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("NOSUCH1", "GASREGW", "PPIFGS", "NOSUCH2"));
      for (int i = 0; i < 2; i++) {
        assertThat(desk.run(job), is(0));
        FredTruth.compare(desk.database(), desk.emulator.fred(), List.of("GASREGW", "PPIFGS"));
        assertThat(desk.printed(), containsString("; 2 unknown: NOSUCH1, NOSUCH2"));
      }
      assertThat(
          desk.printed(),
          startsWith("my-series: nothing to do; all 2 series are as FRED has them"));
      assertThat(desk.printed(), containsString("; 1 discontinued: PPIFGS"));
      assertThat(desk.said(), containsString("2 unknown (NOSUCH1, NOSUCH2)"));
      assertThat(desk.runJson(job), is(0));
      assertThat(desk.printed(), containsString("\"discontinued\" : [ \"PPIFGS\" ]"));
      assertThat(
          FredTruth.rows(
              desk.database(), "SELECT count(*) FROM ops.coverage WHERE recheck_after IS NOT NULL"),
          contains("0"));
      assertThat(
          FredTruth.rows(desk.database(), "SELECT symbol, state FROM ops.coverage ORDER BY symbol"),
          contains("GASREGW|loaded", "NOSUCH1|unresolved", "NOSUCH2|unresolved", "PPIFGS|loaded"));
    }
  }

  @Test
  void aPlanOfManySeriesSaysHowFarItIs() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.delay(5_500).on("fred/series").forSymbol("PPIFGS"));
      assertThat(desk.plan(desk.options(job(List.of("GASREGW", "PPIFGS"))), false), is(0));
      assertThat(desk.said(), containsString("planning: asked FRED for 1 of 2 ids"));
    }
  }

  @Test
  void whatIsForgottenOrLostIsToldInSeries() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS"));
      assertThat(desk.run(job), is(0));
      assertThat(desk.forget(job, false, true), is(0));
      assertThat(desk.printed(), startsWith("raw.fred_economic: would forget 2 series, "));
      Databases.sql(desk.database(), "DELETE FROM raw.fred_economic WHERE series_id = 'PPIFGS'");
      Databases.deleteTree(desk.landing());
      assertThat(desk.repair(true), is(4));
      assertThat(desk.printed(), containsString("raw.fred_economic PPIFGS: "));
      assertThat(desk.printed(), containsString("; the rest is asked for again: FRED is free"));
      assertThat(desk.printed(), not(containsString("2200")));
      assertThat(desk.printed(), not(containsString("$")));
    }
  }

  @Test
  void answersThatBreakOffOrLackObservationsAreAskedForAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.cut(5_000, true).on(DATA).forSymbol("GASREGW"));
      desk.emulator.faults().add(Fault.cut(5_000, false).on(DATA).forSymbol("DCOILWTICO"));
      desk.emulator.faults().add(Fault.dropBars(100).on(DATA).forSymbol("PPIFGS"));
      desk.emulator.faults().add(Fault.status(504).on(DATA).forSymbol("B235RC1Q027SBEA"));
      desk.emulator.faults().add(Fault.status(429).retryAfter(0).on("fred/series"));
      assertThat(desk.run(job(SOME)), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), SOME);
      assertThat(
          FredTruth.rows(
              desk.database(),
              "SELECT outcome, http_status, count(*), sum(cost_estimate_usd) FROM ops.requests"
                  + " GROUP BY ALL ORDER BY ALL"),
          contains(
              "cut|200|2|0.000000",
              "failed|504|1|0.000000",
              "failed|null|1|0.000000",
              "ok|200|4|0.000000"));
    }
  }

  @Test
  void whatFailsIsAFailureOfThatSeriesAndRerunFetchesJustThat() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(SOME);
      desk.emulator.faults().add(Fault.dropBars(100).on(DATA).forSymbol("GASREGW").times(-1));
      assertThat(desk.run(job), is(3));
      assertThat(
          desk.printed(),
          allOf(containsString("failed: chunk "), containsString("it came incomplete")));
      List<String> others = SOME.stream().filter(id -> !id.equals("GASREGW")).toList();
      FredTruth.compare(desk.database(), desk.emulator.fred(), others);
      assertThat(
          FredTruth.completions(desk.database()),
          contains(FredTruth.completion(desk.emulator.fred(), "partial", others)));
      desk.emulator.faults().clear();
      desk.emulator.ledger().clear();
      assertThat(
          desk.rerun(
              Optional.empty(), dev.backfill.pipelines.Overrides.NONE, RerunOptions.Kind.FAILED),
          is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), SOME);
      assertThat(asked(desk, DATA), is(1L));
    }
  }

  @Test
  void aLostDatabaseIsMadeAgainFromTheLandingWithoutARequest() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS", "NOSUCH1"));
      assertThat(desk.land(desk.options(job)), is(0));
      assertThat(Files.exists(desk.database()), is(false));
      desk.emulator.ledger().clear();
      assertThat(desk.load(job, Optional.empty()), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), List.of("GASREGW", "PPIFGS"));
      assertThat(
          FredTruth.completions(desk.database()),
          contains(
              FredTruth.completion(desk.emulator.fred(), "success", List.of("GASREGW", "PPIFGS"))));
      Files.delete(desk.database());
      assertThat(desk.repair(false), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), List.of("GASREGW", "PPIFGS"));
      assertThat(desk.emulator.ledger().entries(), is(empty()));
      assertThat(desk.run(job), is(0));
      assertThat(asked(desk, DATA), is(0L));
      assertThat(desk.printed(), containsString("nothing to do"));
    }
  }

  @Test
  void withoutTheLandingOnlyWhatWasUpdatedSinceIsFetched() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS"));
      assertThat(desk.run(job), is(0));
      Databases.deleteTree(desk.landing());
      desk.emulator.fred().revise("PPIFGS", LocalDate.of(2010, 1, 1), Desk.NOW);
      desk.emulator.ledger().clear();
      assertThat(desk.run(job), is(0));
      assertThat(asked(desk, DATA), is(1L));
      FredTruth.compare(desk.database(), desk.emulator.fred(), job.symbols());
    }
  }

  @Test
  void aDamagedAnswerIsSetAsideAndFetchedAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS"));
      assertThat(desk.land(desk.options(job)), is(0));
      Path file;
      try (Stream<Path> all = Files.walk(desk.landing().resolve("fred"))) {
        file = all.filter(one -> one.toString().endsWith(".json.zst")).findFirst().orElseThrow();
      }
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      assertThat(desk.load(job, Optional.empty()), is(3));
      assertThat(Files.exists(file), is(false));
      assertThat(desk.run(job), is(0));
      FredTruth.compare(desk.database(), desk.emulator.fred(), job.symbols());
    }
  }

  @Test
  void whatIsForgottenIsLoadedAgainFromTheLandingAndForcedIsFetchedAnew() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS"));
      assertThat(desk.run(job), is(0));
      assertThat(desk.forget(job(List.of("PPIFGS")), true, false), is(0));
      assertThat(desk.printed(), not(containsString("symbol-days)")));
      FredTruth.compare(desk.database(), desk.emulator.fred(), List.of("GASREGW"));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job), is(0));
      assertThat(asked(desk, DATA), is(0L));
      FredTruth.compare(desk.database(), desk.emulator.fred(), job.symbols());
      assertThat(desk.rerun(job, RerunOptions.Kind.FORCED), is(0));
      assertThat(asked(desk, DATA), is(2L));
      FredTruth.compare(desk.database(), desk.emulator.fred(), job.symbols());
      desk.emulator.ledger().clear();
      assertThat(desk.rerun(job, RerunOptions.Kind.CHANGED), is(0));
      assertThat(asked(desk, DATA), is(0L));
      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), containsString("raw.fred_economic"));
      assertThat(desk.repair(true), is(0));
    }
  }

  @Test
  void repairCountsSeriesAndNoSymbolDays() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(List.of("GASREGW", "PPIFGS"));
      assertThat(desk.run(job), is(0));
      Databases.sql(
          desk.database(),
          "DELETE FROM raw.fred_economic WHERE series_id = 'PPIFGS'",
          "INSERT INTO raw.fred_economic (series_id, date, value) VALUES ('MINE', '2024-01-01', 1)");
      assertThat(desk.repair(true), is(4));
      assertThat(
          desk.printed(),
          containsString("raw.fred_economic: 1 row of 1 series that no coverage explains"));
      assertThat(
          desk.printed(),
          containsString(
              "raw.fred_economic (FRED observations): 1 series to restore;"
                  + " the landing holds 1 answer of it"));
      assertThat(desk.printed(), not(containsString("symbol")));

      assertThat(desk.repair(false), is(0));
      Databases.deleteTree(desk.landing());
      assertThat(desk.repair(true), is(0));
      assertThat(
          desk.printed(),
          containsString(
              "raw.fred_economic: 2 series are loaded and not in the landing (it was lost)."));
      assertThat(desk.printed(), not(containsString("symbol")));
    }
  }

  @Test
  void everyVintageIsLoadedAlsoWhereFredMustBeAskedInSeveralPeriods() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      List<String> ids = List.of("DCOILWTICO", "B235RC1Q027SBEA");
      desk.emulator.fred().revise("DCOILWTICO", LocalDate.of(2024, 1, 1), Desk.NOW);
      assertThat(desk.emulator.fred().vintageDates("DCOILWTICO").size(), is(greaterThan(2_000)));
      Job job = Fred.job("my-vintages", Fred.VINTAGES, ids, Fred.VINTAGES_TABLE, true);
      assertThat(desk.run(job), is(0));
      long rows = FredTruth.compareVintages(desk.database(), desk.emulator.fred(), ids);
      assertThat(
          desk.printed(),
          startsWith(
              String.format(
                  Locale.ROOT,
                  "my-vintages: 2 series, %,d observations written to raw.fred_v",
                  rows)));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job), is(0));
      assertThat(asked(desk, DATA), is(0L));
    }
  }
}
