package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.emulator.http.Fault;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the ledger says was spent is what the service's bill says, to the byte. */
class SpendTest {
  private static final String GET_RANGE = "timeseries.get_range";
  private static final String COUNT = "metadata.get_record_count";

  /** Of {@link #job}. */
  private static final int CHUNKS = 6;

  @TempDir Path folder;

  private static Job job() {
    return Desk.job(
        BarSize.DAY, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", "2024-07-01", 1, 100);
  }

  private static Job hours() {
    return Desk.job(
        BarSize.HOUR, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", "2024-03-01", 1, 8);
  }

  private static JsonNode spent(Desk desk) throws IOException {
    assertThat(desk.spend(true), equalTo(0));
    return new ObjectMapper().readTree(desk.printed());
  }

  /** Nothing is in doubt, and what is known is the bill. */
  private static void assertAgrees(Desk desk) throws IOException {
    assertThat(spent(desk).path("total").path("in_doubt_bytes").asLong(), is(0L));
    assertBetween(desk);
  }

  /** The bill lies between what is known and that with what is in doubt, and is found if it can. */
  private static void assertBetween(Desk desk) throws IOException {
    JsonNode total = spent(desk).path("total");
    long known = total.path("billed_bytes").asLong();
    long doubt = total.path("in_doubt_bytes").asLong();
    long bill = desk.emulator.ledger().billedBytes();
    assertThat(bill, greaterThanOrEqualTo(known));
    assertThat(bill, lessThanOrEqualTo(known + doubt));
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("nothing", Fault.status(503).times(0)),
        Arguments.of("refusals", Fault.status(504).times(3)),
        Arguments.of("a reset in the body", Fault.reset(700).times(2)),
        Arguments.of("cut bodies", Fault.cut(900, false).times(3)),
        Arguments.of("cut bodies that end properly", Fault.cut(900, true).times(3)),
        Arguments.of("a body cut inside a record", Fault.cutRecord(5).times(2)),
        Arguments.of("a wrong byte", Fault.corrupt(800).times(2)),
        Arguments.of("a wrong checksum", Fault.checksum().times(2)),
        Arguments.of("missing bars", Fault.dropBars(7).times(2)),
        Arguments.of("cuts by chance", Fault.cut(700, false).withProbability(0.4).times(50)));
  }

  @ParameterizedTest(name = "after {0}")
  @MethodSource("faults")
  void theLedgerAgreesWithTheBill(String name, Fault fault) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(fault.on(GET_RANGE));
      int code = desk.run(job());
      assertThat(code, lessThanOrEqualTo(3));
      assertAgrees(desk);
      if (code != 0) {
        desk.run(job());
        assertAgrees(desk);
      }
      assertThat(desk.emulator.ledger().billedBytes(), greaterThan(0L));
    }
  }

  @Test
  void anAnswerThatNobodySawIsInDoubt() throws IOException, InterruptedException {
    try (Desk desk = Desk.in(folder).givingUpAfter(Duration.ofSeconds(2))) {
      desk.emulator.faults().add(Fault.reset(0).times(2));
      desk.emulator.faults().add(Fault.delay(5_000).times(2));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      await(null, () -> data(desk).size() == CHUNKS + 2);
      JsonNode total = spent(desk).path("total");
      long known = total.path("billed_bytes").asLong();
      long bill = desk.emulator.ledger().billedBytes();
      assertThat("two were billed", bill, greaterThan(known));
      assertThat("two were not", bill, lessThan(known + total.path("in_doubt_bytes").asLong()));
      assertThat(total.path("in_doubt_usd").asDouble(), greaterThan(0.0));
      assertThat(
          "what is known is the answers that came",
          TableRows.query(
              desk.database(),
              "SELECT CAST(sum(billable_bytes) AS BIGINT) FROM ops.requests WHERE outcome = 'ok'"),
          equalTo(List.of(String.valueOf(known))));
      desk.spend(false);
      assertThat(desk.printed(), containsString("In doubt: "));
    }
  }

  @ParameterizedTest(name = "wrong each time: {0}")
  @ValueSource(booleans = {true, false})
  void aWrongCountAndACutAnswerAreBilledByTheWholeOne(boolean always) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.cut(900, false).times(3));
      Fault count = Fault.countOff(20).on(COUNT);
      desk.emulator.faults().add(always ? count.times(-1) : count.after(1).times(4));
      assertThat(desk.said(), desk.run(job()), equalTo(0));
      assertAgrees(desk);
    }
  }

  @Test
  void aRunThatWasKilledBeforeItSentIsInDoubtUntilItIsRunAgain()
      throws IOException, InterruptedException {
    try (Desk desk = Desk.in(folder)) {
      try (CliProcess killed =
          CliProcess.run(desk, hours(), FailPoint.BEFORE_REQUEST.label() + ":4")) {
        killed.awaitFailPoint();
        killed.kill();
      }
      JsonNode total = spent(desk).path("total");
      assertThat(total.path("in_doubt_bytes").asLong(), greaterThan(0L));
      assertBetween(desk);
      assertThat(desk.said(), desk.run(hours()), equalTo(0));
      assertBetween(desk);
    }
  }

  @ParameterizedTest(name = "the service had counted: {0}")
  @ValueSource(booleans = {true, false})
  void aRunThatWasKilledInMidBodyIsBilledToTheByte(boolean counted)
      throws IOException, InterruptedException {
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder())) {
      desk.api();
      desk.emulator.faults().add(Fault.trickle(500).on(GET_RANGE).times(1_000));
      if (!counted) {
        desk.emulator.faults().add(Fault.delay(5_000).on(COUNT).times(1_000));
      }
      try (CliProcess killed = CliProcess.run(desk, hours(), "")) {
        await(
            killed,
            counted
                ? () -> lines("receiving") >= RunnerOptions.REQUESTS
                // The plan was counted as well, so that one more means that all are under way.
                : () -> desk.emulator.faults().hits() > 2 * RunnerOptions.REQUESTS);
        killed.kill();
      }
      desk.emulator.faults().clear();
      await(null, () -> data(desk).size() == RunnerOptions.REQUESTS);

      JsonNode spent = spent(desk);
      JsonNode total = spent.path("total");
      assertThat(total.path("requests").asInt(), is(RunnerOptions.REQUESTS));
      assertThat(total.path(counted ? "billed_bytes" : "in_doubt_bytes").asLong(), greaterThan(0L));
      if (counted) {
        assertAgrees(desk);
      } else {
        assertBetween(desk);
      }

      int code = desk.run(hours());
      assertThat(desk.said(), code, equalTo(0));
      if (counted) {
        assertAgrees(desk);
      } else {
        // Some may have been killed before their first byte came.
        assertBetween(desk);
      }
      assertThat(
          TableRows.query(
              desk.database(), "SELECT CAST(sum(billable_bytes) AS BIGINT) FROM ops.requests"),
          equalTo(List.of(String.valueOf(desk.emulator.ledger().billedBytes()))));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT CAST(sum(bytes_billable) AS BIGINT) FROM ops.backfill_runs"),
          equalTo(List.of(String.valueOf(desk.emulator.ledger().billedBytes()))));
    }
  }

  private static void await(CliProcess child, BooleanSupplier moment)
      throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!moment.getAsBoolean()) {
      if ((child != null && !child.isAlive()) || System.nanoTime() > giveUp) {
        throw new IOException("the moment did not come");
      }
      Thread.sleep(2);
    }
  }

  /** Lines of the journal with an outcome. */
  private long lines(String outcome) {
    Path journal = folder.resolve("landing").resolve("journal");
    if (!Files.isDirectory(journal)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(journal)) {
      long lines = 0;
      for (Path file : files.toList()) {
        lines +=
            Files.readAllLines(file).stream()
                .filter(l -> l.contains("\"" + outcome + "\""))
                .count();
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<BilledLedger.Entry> data(Desk desk) {
    return desk.emulator.ledger().entries().stream()
        .filter(e -> e.method().contains("get_range") && e.bytes() > 0)
        .toList();
  }

  @Test
  void whatWasOnlyLandedIsToldAtOnce() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(desk.options(job())), equalTo(0));
      assertThat("without a database", Files.exists(desk.database()), is(false));
      assertAgrees(desk);
      desk.spend(false);
      assertThat(desk.printed(), containsString("(landing) is what land, or a run into another"));
      assertThat(desk.load(job(), Optional.empty()), equalTo(0));
      assertAgrees(desk);
      assertThat(desk.run(hours()), equalTo(0));
      assertAgrees(desk);
      JsonNode months = spent(desk).path("months");
      assertThat(months.size(), is(2));
      assertThat(months.get(0).path("job").asText(), is("(landing)"));
      assertThat(months.get(1).path("job").asText(), is("test-job"));
    }
  }

  @Test
  void aCountThatIsAlwaysOffCostsOneMoreRequestAChunkOverAllRuns() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.emulator.faults().add(Fault.countOff(1).on(COUNT).times(1_000_000));
      desk.emulator.faults().add(Fault.status(503).on(GET_RANGE).withProbability(0.75));
      int code = desk.run(job());
      for (int again = 0; code != 0 && again < 40; again++) {
        code = desk.run(job());
      }
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          "it took several runs",
          TableRows.query(desk.database(), "SELECT count(*) > 1 FROM ops.backfill_runs"),
          equalTo(List.of("true")));
      Map<String, Long> bought =
          data(desk).stream()
              .collect(Collectors.groupingBy(e -> e.symbols() + e.start(), Collectors.counting()));
      assertThat(bought.size(), is(6));
      bought.forEach((chunk, times) -> assertThat(chunk, times, lessThanOrEqualTo(2L)));
      desk.emulator.faults().clear();
      desk.emulator.ledger().clear();
      assertThat(desk.run(job()), equalTo(0));
      assertThat(data(desk).size(), is(0));
    }
  }
}
