package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
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
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The symbols that the desk is missing: all that exist are there, the rest is said. */
class MissingDailyTest {
  private static final String TABLE = BarSize.DAY.futuresTable();
  private static final Catalog CATALOG = Catalog.load();

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

  /** All rows of a group that the market has, in the order of the table's key. */
  private static List<String> expected(Market market, List<String> roots, String from, String to) {
    List<String> rows = new ArrayList<>();
    for (String dataset : List.of("GLBX.MDP3", "XCBF.PITCH")) {
      List<String> on =
          roots.stream()
              .filter(root -> CATALOG.find(root).orElseThrow().dataset().equals(dataset))
              .toList();
      rows.addAll(
          TableRows.expected(
              market, dataset, 0, BarSize.DAY, on, from + "T00:00:00Z", to + "T00:00:00Z"));
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
