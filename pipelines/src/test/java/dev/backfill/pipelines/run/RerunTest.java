package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.http.Fault;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions.Kind;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What failed is fetched again alone; what is loaded is replaced on demand, and paid for once. */
class RerunTest {
  private static final String GET_RANGE = "timeseries.get_range";
  private static final String FROM = "2024-01-01T00:00:00Z";
  private static final String TO = "2024-07-01T00:00:00Z";
  private static final List<String> ROOTS = List.of("ZL", "6J", "CL");

  @TempDir Path folder;

  private static Job job() {
    return Desk.job(
        BarSize.DAY,
        ROOTS.stream().map(r -> r + ".v.0").toList(),
        "2024-01-01",
        "2024-07-01",
        1,
        100);
  }

  private static void assertExact(Desk desk) {
    assertSame(
        TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
        TableRows.expected(desk.emulator.market(), BarSize.DAY, ROOTS, FROM, TO));
  }

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  private static void revise(Desk desk, String root, String day) {
    desk.emulator
        .market()
        .revisions()
        .revise(
            Dataset.of("GLBX.MDP3").orElseThrow(),
            root,
            LocalDate.parse(day),
            LocalDate.parse("2025-12-15"));
  }

  @Test
  void onlyWhatFailedIsAskedAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(400).on(GET_RANGE).forSymbol("6J.v.0").times(1));
      assertThat(desk.run(job()), equalTo(3));
      desk.emulator.ledger().clear();
      Job longer = Desk.job(BarSize.DAY, job().symbols(), "2024-01-01", "2024-09-01", 1, 100);

      int code = desk.rerun(longer, Kind.FAILED);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(1L));
      assertExact(desk);
      assertThat(desk.rerun(job(), Kind.FAILED), equalTo(0));
      assertThat(desk.printed(), containsString("no range last ended as failed"));
      assertThat(desk.billedRequests(), equalTo(1L));
    }
  }

  @Test
  void withoutAJobTheLedgerKnowsWhatFailedAndWhereItsRowsGo() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(400).on(GET_RANGE).forSymbol("6J.v.0").times(4));
      desk.emulator.faults().add(Fault.status(400).on(GET_RANGE).forSymbol("CL.v.0").times(4));
      assertThat(desk.run(job()), equalTo(3));
      desk.emulator.faults().clear();
      Overrides only = new Overrides(Optional.empty(), Optional.empty(), List.of("CL"));
      int code = desk.rerun(Optional.empty(), only, Kind.FAILED);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          query(desk, "SELECT count(DISTINCT symbol) FROM raw.databento_futures_ohlcv_1d"),
          equalTo(List.of("2")));
      code = desk.rerun(Optional.empty(), Overrides.NONE, Kind.FAILED);
      assertThat(desk.said(), code, equalTo(0));
      assertExact(desk);
      assertThat(
          query(desk, "SELECT DISTINCT job_name FROM ops.backfill_runs"),
          equalTo(List.of("test-job")));
      assertThat(desk.rerun(Optional.empty(), Overrides.NONE, Kind.FAILED), equalTo(0));
      assertThat(desk.printed(), containsString("no range last ended as failed"));
    }
  }

  @Test
  void aForcedRunReplacesWhatIsLoadedAndKeepsTheAnswersBefore() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job()), equalTo(0));
      String first = query(desk, "SELECT run_id FROM ops.backfill_runs").get(0);
      List<String> before = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      revise(desk, "ZL", "2024-03-05");
      revise(desk, "ZL", "2024-03-06");
      desk.emulator.ledger().clear();

      int code = desk.rerun(job(), Kind.FORCED);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(6L));
      assertThat(desk.printed(), containsString("2 rows differ from what was there"));
      assertExact(desk);
      assertThat(
          query(desk, "SELECT note FROM ops.backfill_runs ORDER BY started_at DESC LIMIT 1"),
          equalTo(List.of("2 rows differ from what was there")));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job()), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));

      code = desk.load(job(), Optional.of(first));
      assertThat(desk.said(), code, equalTo(0));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), before);
      assertThat(desk.printed(), containsString("2 rows differ"));
      assertThat("the older state stays", desk.run(job()), equalTo(0));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), before);

      code = desk.load(job(), Optional.empty());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.said(), containsString("an older state is loaded"));
      assertThat("the newest is back", desk.printed(), containsString("2 rows differ"));
      assertExact(desk);
      code = desk.load(job(), Optional.empty());
      assertThat("once", desk.said(), not(containsString("older state")));
      assertThat(code, equalTo(0));
    }
  }

  @Test
  void aForcedRunThatDidNotEndWellGoesOn() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job()), equalTo(0));
      revise(desk, "6J", "2024-03-05");
      desk.emulator.ledger().clear();
      // While that is refused, others are on their way.
      desk.emulator.faults().add(Fault.delay(500).on(GET_RANGE).forSymbol("ZL.v.0").times(2));
      desk.emulator.faults().add(Fault.status(401).on(GET_RANGE).forSymbol("CL.v.0").times(1));
      assertThat(desk.rerun(job(), Kind.FORCED), equalTo(2));
      long bought = desk.billedRequests();

      int code = desk.rerun(job(), Kind.FORCED);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.said(), containsString("This goes on with run "));
      assertThat("nothing was bought twice", desk.billedRequests(), equalTo(6L));
      assertThat(6L - bought, greaterThan(0L));
      assertExact(desk);
      code = desk.rerun(job(), Kind.FORCED);
      assertThat(desk.said(), code, equalTo(0));
      assertThat("another one buys all of it", desk.billedRequests(), equalTo(12L));
    }
  }

  @Test
  void whatLandedButWasNotLoadedTakesThePlaceOfWhatIsOlder() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job()), equalTo(0));
      revise(desk, "ZL", "2024-03-05");
      assertThat(desk.rerun(job(), Kind.FORCED), equalTo(0));
      // As if the forced run had been killed before it loaded: the rows are older than the answers.
      Rows.execute(desk.database(), "UPDATE ops.coverage SET loaded_at = TIMESTAMP '2020-01-01'");
      Rows.execute(desk.database(), "DELETE FROM ops.backfill_chunks");
      Rows.execute(desk.database(), "UPDATE raw.databento_futures_ohlcv_1d SET close = close + 1");
      desk.emulator.ledger().clear();
      int code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertExact(desk);
    }
  }

  @Test
  void whatLandedButWasNotLoadedIsNotHiddenByItsNeighbourThatWasLoadedLater() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      revise(desk, "ZL", "2024-03-04");
      revise(desk, "ZL", "2024-05-06");
      assertThat(desk.run(zl("2024-01-01", "2024-07-01")), equalTo(0));
      revise(desk, "ZL", "2024-03-05");
      Path before = folder.resolve("before");
      Files.copy(desk.database(), before);
      assertThat(desk.rerun(zl("2024-01-01", "2024-04-10"), Kind.FORCED), equalTo(0));
      // As if it had been killed when one half had landed, and the other had been loaded too.
      Files.copy(before, desk.database(), StandardCopyOption.REPLACE_EXISTING);
      assertThat(desk.rerun(zl("2024-04-10", "2024-07-01"), Kind.FORCED), equalTo(0));
      desk.emulator.ledger().clear();

      int code = desk.run(zl("2024-01-01", "2024-07-01"));

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(desk.emulator.market(), BarSize.DAY, List.of("ZL"), FROM, TO));
    }
  }

  private static Job zl(String from, String to) {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), from, to, 1, 100);
  }

  @Test
  void changedDaysAreFetchedAloneTheNewestFirst() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job()), equalTo(0));
      desk.emulator.ledger().clear();
      assertThat(desk.rerun(job(), Kind.CHANGED), equalTo(0));
      assertThat(desk.said(), containsString("The service has changed no day of test-job"));
      assertThat(
          desk.printed().strip(),
          equalTo("test-job: nothing to do. Nothing was fetched, no rows were written"));
      assertThat(desk.billedRequests(), equalTo(0L));
      revise(desk, "ZL", "2024-03-05");
      revise(desk, "CL", "2024-06-11");

      int code = desk.rerun(job(), Kind.CHANGED);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          desk.said(),
          containsString(
              "The service has changed 2 days of test-job since they were asked for:"
                  + " 2024-06-11, 2024-03-05"));
      assertThat(
          "the plan names the days, not the job's range",
          desk.said(),
          containsString(
              "3 symbols, 2024-03-05 to 2024-03-06, 2024-06-11 to 2024-06-12: fetching"));
      assertThat(desk.printed(), containsString("from 2024-03-05 to 2024-06-12 (3 symbols)"));
      assertThat(
          query(
              desk,
              "SELECT start_date, end_date FROM ops.ingestion_completion"
                  + " ORDER BY started_at DESC LIMIT 1"),
          equalTo(List.of("2024-03-05|2024-06-12")));
      assertThat(desk.printed(), containsString("2 rows differ from what was there"));
      assertThat(
          desk.emulator.ledger().entries().stream()
              .filter(e -> e.method().equals(GET_RANGE))
              .mapToLong(e -> e.records())
              .sum(),
          equalTo(6L));
      assertExact(desk);
      desk.emulator.ledger().clear();
      assertThat(desk.rerun(job(), Kind.CHANGED), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
    }
  }

  @Test
  void aChangeIsToldByWhenAnAnswerWasAskedForNotByWhenItWasLoaded() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(zl("2024-01-01", "2024-07-01")), equalTo(0));
      revise(desk, "ZL", "2024-03-05");
      assertThat(
          "another job hears of it",
          desk.run(Desk.job(BarSize.DAY, List.of("CL.v.0"), "2024-01-01", "2024-07-01", 1, 400)),
          equalTo(0));
      // As if it had been asked for before the change, loaded after it, and merged since.
      Rows.execute(
          desk.database(),
          "UPDATE ops.backfill_chunks SET raw_file = regexp_replace(raw_file, '-20[0-9]{6}T',"
              + " '-20250601T') WHERE symbols = 'ZL.v.0'");
      Rows.execute(
          desk.database(),
          "UPDATE ops.coverage SET run_id = NULL, chunk_id = NULL,"
              + " source_modified = DATE '2025-12-15'");
      Files.move(desk.landing(), folder.resolve("landing-before"));
      desk.emulator.ledger().clear();

      int code = desk.rerun(zl("2024-01-01", "2024-07-01"), Kind.CHANGED);

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.said(), containsString("has changed 1 day of test-job"));
      assertThat(desk.said(), containsString("asked for: 2024-03-05"));
      assertThat(desk.printed(), containsString("from 2024-03-05 to 2024-03-06 (1 symbol)"));
      assertThat(desk.printed(), containsString("1 row differs from what was there"));
      assertThat(desk.billedRequests(), equalTo(1L));
      assertThat(desk.rerun(zl("2024-01-01", "2024-07-01"), Kind.CHANGED), equalTo(0));
      assertThat("that settles it", desk.billedRequests(), equalTo(1L));
    }
  }
}
