package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.market.Market;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The symbols that the desk is missing: all that exist are there, the rest is said. */
class MissingDailyTest {
  private static final String TABLE = BarSize.DAY.futuresTable();
  private static final Catalog CATALOG = Catalog.load();
  private static final Map<String, Integer> VENUES = Map.of("GLBX.MDP3", 1, "XCBF.PITCH", 105);

  @TempDir Path folder;

  private static List<Job> parts(String job, String from, String to) {
    return JobFile.readAll(
        job,
        new Overrides(Optional.of(JobTime.parse(from)), Optional.of(JobTime.parse(to)), List.of()));
  }

  private Desk desk(String... datasets) {
    return Desk.in(
        folder, EmulatorConfig.builder().key(EmulatorConfig.DEFAULT_KEY, KeyRights.of(datasets)));
  }

  /** All rows of a group that the venues report, in the order of the table's key. */
  private static List<String> expected(Market market, List<String> roots, String from, String to) {
    List<String> rows = new ArrayList<>();
    for (String dataset : VENUES.keySet()) {
      List<String> on =
          roots.stream()
              .filter(root -> CATALOG.find(root).orElseThrow().dataset().equals(dataset))
              .toList();
      rows.addAll(
          TableRows.expected(
              market,
              dataset,
              VENUES.get(dataset),
              BarSize.DAY,
              on,
              from + "T00:00:00Z",
              to + "T00:00:00Z"));
    }
    Collections.sort(rows, (a, b) -> key(a).compareTo(key(b)));
    return rows;
  }

  private static String key(String row) {
    String[] cells = row.split("\\|");
    return String.join(" ", cells[0], cells[1], "%5s".formatted(cells[8]));
  }

  private static List<String> rootsOf(List<String> rows) {
    return rows.stream().map(row -> row.substring(0, row.indexOf('|'))).distinct().toList();
  }

  @Test
  void afterItAndDailyFuturesEverySymbolThatExistsIsThere() throws IOException {
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      assertThat(desk.run(parts("daily-futures", "2025-06-09", "2025-06-21"), false), is(0));
      int code = desk.run(parts("missing-daily", "2025-06-09", "2025-06-21"), false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      assertThat(desk.printed(), containsString("  never resolved: "));
      assertThat(desk.printed(), containsString("MSI.v.0"));
      assertThat(desk.printed(), containsString("  retired, never resolved: FF.v.0"));
      List<String> roots = new ArrayList<>(CATALOG.roots("daily_core"));
      roots.addAll(CATALOG.roots("daily_missing"));
      assertThat(roots.size(), is(87));
      List<String> expected = expected(desk.emulator.market(), roots, "2025-06-09", "2025-06-21");
      assertSame(TableRows.in(desk.database(), TABLE), expected);
      assertThat(rootsOf(expected).contains("VX"), is(true));
      desk.emulator.ledger().clear();
      assertThat(desk.run(parts("missing-daily", "2025-06-09", "2025-06-21"), false), is(0));
      assertThat(desk.printed(), containsString("missing-daily: nothing to do"));
      assertThat(desk.billedRequests(), is(0L));
    }
  }

  @Test
  void withoutRightsToTheOtherDatasetTheRestLoadsAndThisIsSaid() throws IOException {
    try (Desk desk = desk("GLBX.MDP3")) {
      List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-21");
      int code = desk.run(parts, false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      assertThat(
          desk.printed(),
          containsString("  not in this key's subscription: VX.v.0, VXM.v.0 on XCBF.PITCH"));
      List<String> roots = new ArrayList<>(CATALOG.roots("daily_missing"));
      roots.removeAll(List.of("VX", "VXM"));
      assertSame(
          TableRows.in(desk.database(), TABLE),
          expected(desk.emulator.market(), roots, "2025-06-09", "2025-06-21"));
      assertThat(desk.run(parts, true), is(0));
      JsonNode all = new ObjectMapper().readTree(desk.printed());
      assertThat(all.path("job").asText(), is("missing-daily"));
      assertThat(all.path("exit_code").asInt(-1), is(0));
      assertThat(all.path("parts").get(0).path("job").asText(), is("missing-daily/vix"));
      assertThat(all.path("parts").get(0).path("error").asText(), containsString("XCBF.PITCH"));
      // Alone, that part is refused as any job without rights is.
      assertThat(desk.run(parts.subList(0, 1), false), equalTo(5));
      assertThat(desk.said(), containsString("XCBF.PITCH"));
      assertThat(desk.said().strip().lines().count(), is(1L));
    }
  }

  /** The rows of VX and VXM that a publisher reports within what these tests load. */
  private static List<String> volatility(Desk desk, int publisher) {
    return TableRows.expected(
        desk.emulator.market(),
        "XCBF.PITCH",
        publisher,
        BarSize.DAY,
        List.of("VX", "VXM"),
        "2025-06-09T00:00:00Z",
        "2025-06-21T00:00:00Z");
  }

  @Test
  void aDayOfTheVolatilityIndexIsOneRowAndWhatIsLeftOutIsCounted() throws IOException {
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      // A desk's own table, with the key that tables of this kind have.
      Databases.sql(
          desk.database(),
          "CREATE SCHEMA raw",
          "CREATE TABLE raw.databento_futures_ohlcv_1d (symbol VARCHAR NOT NULL, as_of_date DATE NOT"
              + " NULL, open DECIMAL(10,2), high DECIMAL(10,2), low DECIMAL(10,2), close"
              + " DECIMAL(10,2), volume BIGINT, open_interest BIGINT, source VARCHAR, ingested_at"
              + " TIMESTAMP, PRIMARY KEY (symbol, as_of_date))");
      int code = desk.run(parts("missing-daily", "2025-06-09", "2025-06-21"), false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      List<String> offExchange = volatility(desk, 106);
      assertThat(offExchange.isEmpty(), is(false));
      assertThat(
          desk.printed(),
          containsString(
              "vix: left out: " + offExchange.size() + " records that the job does not"));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT count(*), count(DISTINCT (symbol, as_of_date)), min(publisher_id),"
                  + " max(publisher_id) FROM "
                  + TABLE
                  + " WHERE symbol LIKE 'VX%'"),
          equalTo(
              List.of(
                  volatility(desk, 105).size() + "|" + volatility(desk, 105).size() + "|105|105")));
    }
  }

  @Test
  void whatWasLoadedOfBothPublishersIsFoundAndMendedWithoutCost() throws IOException {
    List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-21");
    Job vix = parts.get(0);
    Job before =
        new Job(
            vix.name(),
            vix.source(),
            vix.dataset(),
            vix.schema(),
            vix.stypeIn(),
            vix.symbols(),
            vix.from(),
            vix.to(),
            vix.table(),
            vix.chunk(),
            List.of(),
            false);
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      assertThat(desk.said(), desk.run(before), is(0));
      int venue = volatility(desk, 105).size();
      int doubles = volatility(desk, 106).size();
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM " + TABLE),
          equalTo(List.of(String.valueOf(venue + doubles))));
      desk.emulator.ledger().clear();

      assertThat(desk.run(List.of(vix), false), is(2));
      assertThat(
          desk.said(),
          containsString(
              "(XCBF.PITCH ohlcv-1d VX.v.0) were loaded with publishers *; this job has publishers"
                  + " 105. To load them anew, at no cost from what the landing holds: backfill"
                  + " forget JOB --rows --symbols VX, then run the job again"));
      assertThat(desk.validate(desk.validation(vix), false), is(4));
      String db = desk.database().toString();
      assertThat(
          desk.printed(),
          containsString(
              "→ backfill forget missing-daily --db "
                  + db
                  + " --rows --symbols VX,VXM, then backfill run missing-daily --db "
                  + db
                  + " --symbols VX,VXM"));

      assertThat(desk.forget(List.of(vix), true), is(0));
      assertThat(desk.run(List.of(vix), false), is(0));
      assertThat(desk.billedRequests(), is(0L));
      assertSame(TableRows.in(desk.database(), TABLE), volatility(desk, 105));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT publishers FROM ops.coverage"),
          equalTo(List.of("105")));
      assertThat(desk.printed(), desk.validate(desk.validation(vix), false), is(0));
    }
  }

  @Tag("slow")
  @Test
  void fifteenYears() throws IOException {
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      int code = desk.run(parts("missing-daily", "2010-06-06", "2025-12-15"), false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      List<String> expected =
          expected(
              desk.emulator.market(), CATALOG.roots("daily_missing"), "2010-06-06", "2025-12-15");
      assertSame(TableRows.in(desk.database(), TABLE), expected);
      assertThat(rootsOf(expected), not(equalTo(List.of())));
    }
  }

  @Test
  void dataThatIsRefusedOfAnOptionalPartAlarmsNobody() throws IOException {
    String alerts = "SELECT source, status FROM ops.alert_history";
    List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-12");
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      desk.emulator.faults().add(Fault.status(403).forSymbol("VX.v.0").times(1_000));
      int code = desk.run(parts, false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      assertThat(desk.printed(), containsString("not in this key's subscription: chunk "));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT job_name, status, error_message LIKE 'not in this key''s subscription: %'"
                  + " FROM ops.ingestion_completion ORDER BY started_at"),
          equalTo(List.of("missing-daily/vix|failed|true", "missing-daily|success|null")));
      assertThat(TableRows.query(desk.database(), alerts), equalTo(List.of()));

      // One that is open already is not for ever.
      Databases.sql(
          desk.database(),
          "INSERT INTO ops.alert_history (alert_id, alert_type, severity, source, title, message,"
              + " status, raised_at) VALUES ('a', 'ingestion_failure', 'error',"
              + " 'missing-daily/vix', 'missing-daily/vix was not brought up to date', 'm', 'open',"
              + " TIMESTAMP '2025-12-15 01:00:00')");
      assertThat(desk.run(parts, false), is(0));
      assertThat(
          TableRows.query(desk.database(), alerts), equalTo(List.of("missing-daily/vix|resolved")));
    }
  }

  private static List<String> noted(Desk desk) {
    return TableRows.query(
        desk.database(), "SELECT name FROM ops.settings WHERE name LIKE 'not_entitled%'");
  }

  @Test
  void statusAndValidateTellThatAKeyHasNoRightToAPartUntilItHas() throws IOException {
    List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-12");
    ValidateOptions validation;
    try (Desk desk = desk("GLBX.MDP3")) {
      validation =
          new ValidateOptions(
              parts,
              true,
              desk.database(),
              List.of(),
              Optional.of(Desk.NOW),
              true,
              false,
              Duration.ZERO);
      assertThat(desk.said(), desk.run(parts, false), is(0));
      assertThat(noted(desk), contains("not_entitled.XCBF.PITCH"));
      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), containsString("VX VXM (this key has no right to it)"));
      assertThat(desk.printed(), containsString("backfill update missing-daily"));
      assertThat(desk.printed(), not(containsString("missing-daily is not loaded")));
      desk.validate(validation, false);
      assertThat(desk.printed(), containsString("this key has no right to it"));
      assertThat(desk.printed(), not(containsString("never loaded")));
    }
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      assertThat(desk.said(), desk.run(parts, false), is(0));
      assertThat(noted(desk), is(List.of()));
      assertThat(
          rootsOf(TableRows.in(desk.database(), TABLE)).containsAll(List.of("VX", "VXM")),
          is(true));
      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), not(containsString("no right to it")));
    }
  }

  /** Some symbols of a part that were never asked for make no other job of it. */
  @Test
  void aJobThatIsBegunIsNotCalledNotLoaded() throws IOException {
    try (Desk desk = desk("GLBX.MDP3", "XCBF.PITCH")) {
      List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-12");
      assertThat(desk.said(), desk.run(parts.get(1)), is(0));
      assertThat(desk.status(false), is(0));
      assertThat(desk.printed(), containsString("VX VXM (never loaded)"));
      assertThat(desk.printed(), containsString("backfill update missing-daily"));
      assertThat(desk.printed(), not(containsString("missing-daily is not loaded")));
    }
  }

  @Test
  void whatIsListedLaterIsNotCalledNeverResolved() throws IOException {
    try (Desk desk = desk("GLBX.MDP3")) {
      Job micro =
          parts("missing-daily", "2018-06-04", "2018-06-07")
              .get(1)
              .withSymbols(List.of("TN.v.0", "MCL.v.0", "MSI.v.0"));
      assertThat(desk.said(), desk.run(micro), is(0));
      assertThat(desk.printed(), containsString("  not listed in this range: MCL.v.0"));
      assertThat(desk.printed(), containsString("  never resolved: MSI.v.0"));
    }
  }

  @Test
  void anOptionalPartWithoutRightsIsNoFailureOfSymbolsEither() throws IOException {
    List<Job> parts = parts("missing-daily", "2025-06-09", "2025-06-12");
    try (Desk desk = desk("GLBX.MDP3")) {
      assertThat(desk.said(), desk.symbols(parts, false, true), is(0));
      JsonNode vix = new ObjectMapper().readTree(desk.printed()).path("parts").get(0);
      assertThat(vix.path("job").asText(), is("missing-daily/vix"));
      assertThat(vix.path("exit_code").asInt(-1), is(0));
      assertThat(vix.path("symbols").get(0).path("state").asText(), is("not_entitled"));
      assertThat("alone", desk.symbols(parts.get(0), false, false), is(5));
    }
  }
}
