package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.io.duckdb.MotherDuckStandIn;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a database that is no file: all that can be tried without MotherDuck. */
class ElsewhereTest {
  private static final Path NAME = Path.of("md:research");
  private static final Job DAILY =
      Desk.job(BarSize.DAY, List.of("ZL.v.0", "6J.v.0"), "2024-01-01", "2024-03-01", 1, 400);
  private static final Job HOURLY =
      Desk.job(BarSize.HOUR, List.of("CL.v.0"), "2024-01-01", "2024-01-20", 1, 400);

  @TempDir Path folder;

  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private final PrintStream usual = System.err;

  @BeforeEach
  void logs() {
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void noMore() {
    System.setErr(usual);
    usual.print(logged.toString(StandardCharsets.UTF_8));
    assertThat(
        logged.toString(StandardCharsets.UTF_8), not(containsString(MotherDuckStandIn.TOKEN)));
  }

  @Test
  void jobsAreLoadedThereAsIntoAFileAndTheTokenIsNowhere() throws IOException {
    try (Desk desk = Desk.in(folder).databaseAt(NAME);
        MotherDuckStandIn there = new MotherDuckStandIn(folder, MotherDuckStandIn.TOKEN)) {
      String said = "";
      List<RunOptions> jobs = List.of(desk.options(DAILY), desk.options(HOURLY));
      int code = desk.update(jobs, false);
      said += desk.said() + desk.printed();
      assertThat(said, code, is(0));
      assertThat(desk.update(jobs, true), is(0));
      said += desk.said() + desk.printed();
      assertThat(desk.printed(), containsString("\"rows\" : 0"));
      assertThat(desk.status(false), is(0));
      said += desk.said() + desk.printed();
      assertThat(desk.printed(), containsString("raw.databento_futures_ohlcv_1h"));
      assertThat(desk.status(true), is(0));
      assertThat(desk.printed(), containsString("\"database\" : \"md:research\""));
      assertThat(desk.plan(desk.options(DAILY), false), is(0));
      said += desk.said() + desk.printed();
      assertThat(desk.repair(true), is(0));
      said += desk.said() + desk.printed();

      assertThat(desk.validate(asOfTheEnd(), false), is(0));
      said += desk.said() + desk.printed();
      assertThat(desk.printed(), containsString(BarSize.DAY.futuresTable() + ": passed"));
      assertThat(desk.symbols(DAILY, true, false), is(0));
      said += desk.said() + desk.printed();
      assertThat(
          TableRows.query(
              there.file("research"), "SELECT table_name, status FROM ops.data_quality_log"),
          equalTo(List.of("databento_futures_ohlcv_1d|PASSED")));
      assertThat(
          TableRows.query(
              there.file("research"),
              "SELECT DISTINCT requested_symbol FROM reference.databento_symbology"
                  + " WHERE requested_symbol <> 'CL.v.0' ORDER BY ALL"),
          equalTo(List.of("6J.v.0", "ZL.v.0")));

      assertSame(
          TableRows.in(there.file("research"), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("ZL", "6J"),
              "2024-01-01T00:00:00Z",
              "2024-03-01T00:00:00Z"));
      assertThat(
          TableRows.query(
              there.file("research"),
              "SELECT status, count(*) FROM ops.backfill_runs GROUP BY ALL",
              "SELECT count(*) FROM ops.job_locks"),
          equalTo(List.of("0")));
      assertThat(said, not(containsString(MotherDuckStandIn.TOKEN)));
    }
    assertThat("files with the token", withToken(), empty());
    assertThat(Files.exists(Path.of("md:research.run.json")), is(false));
  }

  private ValidateOptions asOfTheEnd() {
    return new ValidateOptions(
        List.of(DAILY),
        true,
        NAME,
        List.of(DAILY.table()),
        Optional.of(Instant.parse("2024-03-01T00:00:00Z")),
        true,
        false,
        Duration.ZERO);
  }

  /** Every file that a run has left. */
  private List<Path> withToken() throws IOException {
    String token = MotherDuckStandIn.TOKEN.split("\\.")[2];
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).filter(file -> read(file).contains(token)).toList();
    }
  }

  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatHasLandedIsLoadedThereForNothing() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(DAILY), is(0));
      long bought = desk.billedRequests();
      try (MotherDuckStandIn there = new MotherDuckStandIn(folder, MotherDuckStandIn.TOKEN)) {
        desk.databaseAt(NAME);
        int code = desk.run(desk.options(DAILY));
        assertThat(desk.said(), code, is(0));
        assertThat(desk.billedRequests(), is(bought));
        assertThat(desk.forget(DAILY, true, false), is(0));
        assertThat(
            TableRows.query(
                there.file("research"), "SELECT count(*) FROM " + BarSize.DAY.futuresTable()),
            equalTo(List.of("0")));
        assertThat(desk.load(DAILY, Optional.empty()), is(0));
        assertThat(desk.billedRequests(), is(bought));
      }
    }
  }

  @Test
  void aTokenThatIsNotTakenIsOneSentenceBeforeAnythingIsBought() throws IOException {
    String wrong = "eyJhbGciOi.wrong.token";
    try (Desk desk = Desk.in(folder).databaseAt(NAME);
        MotherDuckStandIn there = new MotherDuckStandIn(folder, wrong)) {
      assertThat(desk.run(desk.options(DAILY)), is(2));
      assertThat(
          desk.said(),
          startsWith(
              "Cannot reach md:research: MotherDuck does not accept the token in"
                  + " MOTHERDUCK_TOKEN. Make a new one"));
      assertThat(desk.said(), not(containsString(wrong)));
      assertThat(desk.billedRequests(), is(0L));
      assertThat(Files.exists(there.file("research")), is(false));
    }
  }
}
