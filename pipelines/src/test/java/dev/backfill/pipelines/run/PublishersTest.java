package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several publishers report one symbol and time: all are kept, or those that the job names. */
class PublishersTest {
  @TempDir Path folder;

  private static Job job(Integer... publishers) {
    return job(false, publishers);
  }

  private static Job job(boolean primaryKey, Integer... publishers) {
    return new Job(
        "softs",
        "databento",
        "IFUS.IMPACT",
        "ohlcv-1d",
        "continuous",
        List.of("SB.v.0"),
        JobTime.parse("2024-01-01"),
        JobTime.parse("2024-04-01"),
        BarSize.DAY.futuresTable(),
        Job.ChunkLimits.LARGE,
        Arrays.asList(publishers),
        primaryKey);
  }

  private Desk desk() {
    return Desk.in(
        folder,
        EmulatorConfig.builder()
            .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3", "IFUS.IMPACT")));
  }

  private static List<String> expected(Desk desk, Integer... publishers) {
    List<MarketBar> bars =
        desk.emulator
            .market()
            .bars(
                "IFUS.IMPACT",
                BarSize.DAY,
                SType.CONTINUOUS,
                "SB.v.0",
                DbnFiles.ns("2024-01-01"),
                DbnFiles.ns("2024-04-01"));
    return bars.stream()
        .filter(b -> Arrays.asList(publishers).contains(b.publisherId()))
        .sorted(Comparator.comparing(MarketBar::tsEvent).thenComparing(MarketBar::publisherId))
        .map(b -> TableRows.row("SB", b.rawSymbol(), "null", BarSize.DAY, b))
        .toList();
  }

  @Test
  void allAreKept() throws IOException {
    try (Desk desk = desk()) {
      int code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      List<String> rows = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      assertSame(rows, expected(desk, 97, 98));
      assertThat(rows.size(), greaterThan(expected(desk, 97).size()));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT publishers FROM ops.coverage"),
          equalTo(List.of("*")));
    }
  }

  @Test
  void onlyThoseOfTheJobAreLoadedAndAnotherChoiceIsRefused() throws IOException {
    try (Desk desk = desk()) {
      int code = desk.run(job(97));
      assertThat(desk.said(), code, equalTo(0));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), expected(desk, 97));
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT publishers FROM ops.coverage"),
          equalTo(List.of("97")));
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM ops.rejected_records"),
          equalTo(List.of("0")));
      desk.emulator.ledger().clear();

      assertThat(desk.run(job(98)), equalTo(2));
      assertThat(desk.said(), containsString("publishers 97"));
      assertThat(desk.said(), containsString("publishers 98"));
      assertThat(desk.run(job()), equalTo(2));

      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), expected(desk, 97));
    }
  }

  @Test
  void aPrimaryKeyTakesOnePublisherAndWhatWasBoughtForAllIsUsed() throws IOException {
    try (Desk desk = desk()) {
      assertThat(desk.run(job(true)), equalTo(2));
      assertThat(desk.said(), containsString("name one publisher in the job (publishers)"));
      assertThat(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), equalTo(List.of()));
      assertThat(
          TableRows.query(desk.database(), "SELECT status FROM ops.backfill_runs"),
          equalTo(List.of("failed")));
      desk.emulator.ledger().clear();

      int code = desk.run(job(true, 97));

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), expected(desk, 97));
    }
  }
}
