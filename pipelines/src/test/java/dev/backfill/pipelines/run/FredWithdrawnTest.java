package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.http.Fault;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What FRED has withdrawn, or cannot answer for, harms nothing else and is not lost. */
class FredWithdrawnTest {
  private static final String SERIES = "fred/series";
  private static final String DATA = "fred/series/observations";
  private static final List<String> IDS = List.of("PPIFGS", "GASREGW");
  private static final List<String> MANY =
      List.of("GASREGW", "PPIFGS", "B235RC1Q027SBEA", "STLFSI", "MYAGM2CNM189N", "TEDRATE");

  @TempDir Path folder;

  private static Job job(List<String> ids) {
    return Fred.job("my-series", Fred.OBSERVATIONS, ids, Fred.TABLE, true);
  }

  private static long asked(Desk desk, String method) {
    return desk.emulator.ledger().entries().stream().filter(e -> e.method().equals(method)).count();
  }

  private static void compare(Desk desk, List<String> ids) throws IOException {
    FredTruth.compare(desk.database(), desk.emulator.fred(), ids);
  }

  @ParameterizedTest
  @EnumSource(
      value = RerunOptions.Kind.class,
      names = {"FORCED", "CHANGED"})
  void aSeriesThatFredHasWithdrawnIsKept(RerunOptions.Kind kind) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(IDS);
      assertThat(desk.run(job), is(0));
      desk.emulator.fred().revise("GASREGW", LocalDate.of(2010, 1, 1), Desk.NOW);
      desk.emulator.fred().withdraw("PPIFGS");
      desk.emulator.ledger().clear();
      assertThat(desk.rerun(job, kind), is(0));
      assertThat(
          desk.said(),
          containsString(
              "FRED: 2 series, 0 new, 1 changed, 0 unchanged, 0 unknown;"
                  + " withdrawn by FRED, kept as it is: PPIFGS"));
      String kept = "  warning: withdrawn by FRED, kept as it is: PPIFGS";
      assertThat(desk.printed(), containsString(kept));
      assertThat(desk.printed(), startsWith("my-series: 1 series, "));
      assertThat(asked(desk, DATA), is(1L));
      compare(desk, IDS);
      assertThat(desk.run(job), is(0));
      assertThat(desk.printed(), containsString("nothing to do"));
      assertThat(desk.printed(), containsString(kept));
      Files.delete(desk.database());
      assertThat(desk.repair(false), is(0));
      compare(desk, IDS);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWithdrawnSeriesIsKeptByWhateverThereIsOfIt(boolean isLanded) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(IDS);
      if (isLanded) {
        assertThat(desk.land(desk.options(job)), is(0));
      } else {
        assertThat(desk.run(job), is(0));
        Databases.deleteTree(desk.landing());
      }
      desk.emulator.fred().withdraw("PPIFGS");
      assertThat(desk.rerun(job, RerunOptions.Kind.FORCED), is(0));
      compare(desk, IDS);
    }
  }

  /** Planned as one that was updated, and gone when it is asked for. */
  @Test
  void aSeriesThatIsWithdrawnBetweenPlanAndLandingIsKeptWithoutALanding() throws Exception {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(IDS);
      assertThat(desk.run(job), is(0));
      List<String> rows = rows(desk);
      Databases.deleteTree(desk.landing());
      desk.emulator.fred().revise("PPIFGS", LocalDate.of(2010, 1, 1), Desk.NOW);
      desk.emulator.faults().add(Fault.delay(2_000).on(SERIES).forSymbol("PPIFGS").after(1));
      CompletableFuture<Void> withdrawal =
          CompletableFuture.runAsync(
              () -> {
                while (!desk.said().contains("FRED: 2 series, 0 new, 1 changed")) {
                  LockSupport.parkNanos(1_000_000);
                }
                desk.emulator.fred().withdraw("PPIFGS");
              });
      assertThat(desk.run(job), is(3));
      withdrawal.get();
      assertThat(
          desk.printed(),
          containsString("FRED does not know this series any more; what is loaded of it is kept"));
      assertThat(rows(desk), is(rows));
      assertThat(
          FredTruth.rows(
              desk.database(), "SELECT symbol, state FROM ops.coverage WHERE symbol = 'PPIFGS'"),
          is(List.of("PPIFGS|loaded")));

      // From now on it is one that was withdrawn, whatever the landing says of it.
      assertThat(desk.run(job), is(0));
      assertThat(desk.printed(), containsString("nothing to do"));
      assertThat(desk.printed(), containsString("withdrawn by FRED, kept as it is: PPIFGS"));
      assertThat(desk.rerun(job, RerunOptions.Kind.FORCED), is(0));
      assertThat(desk.load(job, Optional.empty()), is(0));
      assertThat(rows(desk), is(rows));
    }
  }

  @Test
  void aLoadedSeriesIsKeptWhereOnlyItsEndHasLanded() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = job(IDS);
      assertThat(desk.run(job), is(0));
      List<String> rows = rows(desk);
      Databases.deleteTree(desk.landing());
      desk.emulator.fred().withdraw("PPIFGS");
      Path aside = folder.resolve("aside.duckdb");
      Files.move(desk.database(), aside);
      assertThat(desk.land(desk.options(job)), is(0));
      Files.move(aside, desk.database());
      assertThat(desk.load(job, Optional.empty()), is(0));
      assertThat(rows(desk), is(rows));
    }
  }

  private static List<String> rows(Desk desk) {
    return FredTruth.rows(
        desk.database(),
        "SELECT series_id, date, value FROM raw.fred_economic WHERE series_id = 'PPIFGS'"
            + " ORDER BY date");
  }

  @Test
  void oneSeriesThatFredCannotAnswerForFailsAloneAndRerunFetchesIt() throws IOException {
    try (Desk desk = Desk.in(folder).trying(2)) {
      desk.emulator.faults().add(Fault.status(503).on(SERIES).forSymbol("PPIFGS").times(-1));
      assertThat(desk.run(job(IDS)), is(3));
      assertThat(desk.said(), containsString("; not answered for: PPIFGS"));
      assertThat(desk.printed(), containsString("failed: chunk "));
      compare(desk, List.of("GASREGW"));
      desk.emulator.faults().clear();
      assertThat(desk.run(job(IDS)), is(0));
      compare(desk, IDS);

      // What is loaded stays, also where the connection breaks.
      desk.emulator.faults().add(Fault.reset(0).on(SERIES).forSymbol("PPIFGS").times(-1));
      assertThat(desk.run(job(IDS)), is(3));
      compare(desk, IDS);
      desk.emulator.faults().clear();
      assertThat(desk.rerun(Optional.empty(), Overrides.NONE, RerunOptions.Kind.FAILED), is(0));
      compare(desk, IDS);
    }
  }

  @Test
  void fourInARowFailAloneAndAfterFiveTheServiceIsDown() throws IOException {
    try (Desk desk = Desk.in(folder).trying(1)) {
      for (String id : MANY.subList(1, 5)) {
        desk.emulator.faults().add(Fault.status(503).on(SERIES).forSymbol(id).times(-1));
      }
      assertThat(desk.run(job(MANY)), is(3));
      compare(desk, List.of("GASREGW", "TEDRATE"));

      desk.emulator.faults().clear();
      desk.emulator.faults().add(Fault.status(503).on(SERIES).times(-1));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job(MANY)), is(3));
      assertThat(desk.said(), containsString("fred/series of MYAGM2CNM189N failed: HTTP 503"));
      assertThat("nothing was begun", asked(desk, DATA), is(0L));
      assertThat(asked(desk, SERIES), is(5L));
      compare(desk, List.of("GASREGW", "TEDRATE"));
    }
  }
}
