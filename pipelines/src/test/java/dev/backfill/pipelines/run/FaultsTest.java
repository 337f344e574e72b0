package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the network does, the table is the same, or the run says which chunks failed. */
class FaultsTest {
  private static final List<String> ROOTS = List.of("ZL", "6J", "CL");
  private static final String GET_RANGE = "timeseries.get_range";

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

  private static List<String> expected(Desk desk) {
    return TableRows.expected(
        desk.emulator.market(), BarSize.DAY, ROOTS, "2024-01-01T00:00:00Z", "2024-07-01T00:00:00Z");
  }

  private static List<String> table(Desk desk) {
    return TableRows.in(desk.database(), BarSize.DAY.futuresTable());
  }

  static Stream<Arguments> passingFaults() {
    return Stream.of(
        Arguments.of("503", Fault.status(503).times(2)),
        Arguments.of("504 with a page of HTML", Fault.status(504).times(2)),
        Arguments.of("429 with Retry-After", Fault.status(429).retryAfter(1).times(2)),
        Arguments.of("reset before the first byte", Fault.reset(0).times(2)),
        Arguments.of("reset in the body", Fault.reset(700).times(2)),
        Arguments.of("cut with a proper HTTP end", Fault.cut(900, true).times(2)),
        Arguments.of("cut without an end", Fault.cut(900, false).times(2)),
        Arguments.of("cut inside the first bytes", Fault.cut(3, true).times(2)),
        Arguments.of("cut to nothing, properly", Fault.cut(0, true).times(2)),
        Arguments.of("cut inside a record", Fault.cutRecord(5).times(2)),
        Arguments.of("a corrupt byte", Fault.corrupt(800).times(2)),
        Arguments.of("a wrong checksum", Fault.checksum().times(2)),
        Arguments.of("bars missing though all frames are whole", Fault.dropBars(7).times(1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passingFaults")
  void theTableIsTheSameAfter(String name, Fault fault) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(fault.on(GET_RANGE));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.emulator.faults().hits(), greaterThan(0));
      assertSame(table(desk), expected(desk));
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM ops.coverage WHERE NOT verified"),
          equalTo(List.of("0")));
    }
  }

  @Test
  void aStalledBodyIsGivenUpAndAskedAgain() throws IOException {
    try (Desk desk = Desk.in(folder).givingUpAfter(Duration.ofMillis(700))) {
      desk.emulator.faults().add(Fault.stall(500, 5_000).on(GET_RANGE).times(1));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void framesThatEndTooSoonAreNoticedByTheCount() throws IOException {
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().recordsPerFrame(10))) {
      desk.emulator.faults().add(Fault.cutBetweenFrames(20).on(GET_RANGE).times(1));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.emulator.faults().hits(), greaterThan(0));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aCountThatIsAlwaysOffIsLoadedUnverifiedAndCostsOneMoreRequestAChunk() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.countOff(10).on("metadata.get_record_count").times(1_000));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertSame(table(desk), expected(desk));
      assertThat(desk.printed(), containsString("loaded unverified"));
      assertThat(
          TableRows.query(desk.database(), "SELECT count(*) FROM ops.coverage WHERE verified"),
          equalTo(List.of("0")));
      assertThat(desk.billedRequests(), equalTo(12L));
    }
  }

  @Test
  void aChunkThatKeepsFailingIsNamedAndTheNextRunLoadsJustThat() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(503).on(GET_RANGE).forSymbol("6J.v.0").times(1_000));
      assertThat(desk.run(job()), equalTo(3));
      assertThat(desk.printed(), containsString("(6J.v.0, "));
      assertThat(desk.printed(), containsString("503"));
      assertThat(desk.printed(), containsString("not covered: 6J.v.0. Run the same command again"));
      List<String> others = expected(desk).stream().filter(row -> !row.startsWith("6J|")).toList();
      assertSame(table(desk), others);
      assertThat(
          TableRows.query(desk.database(), "SELECT DISTINCT status FROM ops.backfill_runs"),
          equalTo(List.of("partial")));

      desk.emulator.faults().clear();
      desk.emulator.ledger().clear();
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertThat(desk.billedRequests(), equalTo(2L));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aWrongKeyStopsTheRunAtOnce() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(401).on(GET_RANGE));
      assertThat(desk.run(job()), equalTo(2));
      assertThat(desk.said(), containsString("DATABENTO_API_KEY"));
      assertThat(
          TableRows.query(desk.database(), "SELECT status FROM ops.backfill_runs"),
          equalTo(List.of("failed")));
      desk.emulator.faults().clear();
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertSame(table(desk), expected(desk));
    }
  }

  @Test
  void aThirdOfAllRequestsFailingEndsWithTheSameTable() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.status(500).on(GET_RANGE).withProbability(0.3).times(1_000));
      int code = desk.run(job());
      for (int again = 0; code == 3 && again < 5; again++) {
        code = desk.run(job());
      }
      assertThat(desk.said(), code, equalTo(0));
      assertSame(table(desk), expected(desk));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT symbol FROM raw.databento_futures_ohlcv_1d GROUP BY symbol, as_of_date"
                  + " HAVING count(*) > 1"),
          hasSize(0));
    }
  }

  @Test
  void anotherOriginIsRefusedBeforeAnythingIsAsked() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.run(job());
    }
    try (Desk other = Desk.in(folder, EmulatorConfig.builder().seed(2))) {
      assertThat(other.run(job()), equalTo(5));
      assertThat(other.said(), startsWith("The landing "));
      assertThat(other.said(), containsString("Data of two origins never mix"));
      assertThat(other.emulator.ledger().entries(), hasSize(0));
    }
  }
}
