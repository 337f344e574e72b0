package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.pipelines.LandingPlace;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two halves of a run, and what is done about a landing that is not as it was left. */
class LandLoadTest {
  private static final String COVERAGE =
      "SELECT symbol, table_symbol, publishers, range_start, range_end, state, row_count, verified,"
          + " source_modified, date_trunc('second', recheck_after), chunk_id FROM ops.coverage"
          + " ORDER BY symbol, range_start";

  @TempDir Path folder;

  /** A retired root, one that never was, and the newest days, of which the last is not final. */
  private static Job job() {
    return Desk.job(
        BarSize.DAY,
        List.of("ZL.v.0", "CL.v.0", "GE.v.0", "NOSUCH.v.0"),
        "2023-01-01",
        "now",
        2,
        200);
  }

  private static List<String> rows(Desk desk) {
    return TableRows.in(desk.database(), BarSize.DAY.futuresTable());
  }

  private static List<String> query(Desk desk, String sql) {
    return TableRows.query(desk.database(), sql);
  }

  private static Path first(Path folder, String ending) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> !file.toString().contains("quarantine"))
          .filter(file -> file.toString().contains("ohlcv-1d"))
          .sorted()
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deleteDatabase() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().contains("my.duckdb")).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aLostDatabaseIsMadeAgainFromTheLandingWithoutTheService() throws IOException {
    List<String> before;
    List<String> coverage;
    String requests = "SELECT count(*), sum(billable_bytes) FROM ops.requests";
    List<String> spent;
    try (Desk desk = Desk.in(folder)) {
      int code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      before = rows(desk);
      coverage = query(desk, COVERAGE);
      spent = query(desk, requests);
      deleteDatabase();
      long served = desk.emulator.ledger().entries().size();

      code = desk.load(job(), Optional.empty());

      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.emulator.ledger().entries().size(), equalTo((int) served));
      assertSame(rows(desk), before);
      assertSame(query(desk, COVERAGE), coverage);
      assertThat(query(desk, requests), equalTo(spent));
      assertThat(desk.load(job(), Optional.empty()), equalTo(0));
      assertThat(desk.printed(), containsString("nothing to do"));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job()), equalTo(0));
      assertThat("it is not asked again", desk.billedRequests(), equalTo(0L));
    }
  }

  @Test
  void whatIsLandedWithoutADatabaseIsLoadedLater() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      int code = desk.land(desk.options(job()));
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.printed(), containsString("records landed in"));
      assertThat(Files.exists(desk.database()), equalTo(false));
      long bought = desk.billedRequests();
      assertThat(bought, greaterThan(0L));
      assertThat(desk.land(desk.options(job())), equalTo(0));
      assertThat(desk.printed(), containsString("nothing to land"));
      code = desk.load(job(), Optional.empty());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(bought));
      assertSame(
          rows(desk),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              List.of("CL", "GE", "ZL"),
              "2023-01-01T00:00:00Z",
              "2025-12-15T00:00:00Z"));
    }
  }

  @Test
  void aSmallerJobLoadsItsPartAndMissingOnesAreSaid() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job none = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 100);
      assertThat(desk.load(none, Optional.empty()), equalTo(2));
      assertThat(desk.said(), startsWith("There is nothing in the landing "));
      assertThat(desk.land(desk.options(job())), equalTo(0));
      int code = desk.load(none, Optional.empty());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          query(desk, "SELECT DISTINCT symbol FROM raw.databento_futures_ohlcv_1d"),
          equalTo(List.of("ZL")));
      assertThat(desk.load(none, Optional.of("20000101T000000-0000")), equalTo(2));
      assertThat(desk.said(), containsString("nothing that run 20000101T000000-0000"));
    }
  }

  @Test
  void theCommandThatLoadsNamesTheJobAndTheLandingAsTheyWereGiven() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(desk.options(job()).named("jobs/mine.yaml")), equalTo(0));
      assertThat(
          desk.printed(),
          containsString(
              "; backfill load jobs/mine.yaml --landing "
                  + desk.landing()
                  + " brings them into a database"));
      assertThat(LandingPlace.of(Path.of("landing")).option(), equalTo(""));
    }
  }

  @Test
  void aFileThatIsGoneBetweenLandingAndLoadingIsFetchedAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(desk.options(job())), equalTo(0));
      Files.delete(first(desk.landing(), ".dbn.zst"));
      int code = desk.load(job(), Optional.empty());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.said(), containsString("its file is missing"));
      desk.emulator.ledger().clear();
      code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(1L));
      assertComplete(desk);
    }
  }

  @Test
  void changedBytesAreFoundQuarantinedAndFetchedAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(desk.options(job())), equalTo(0));
      Path file = first(desk.landing(), ".dbn.zst");
      byte[] bytes = Files.readAllBytes(file);
      bytes[bytes.length / 2] ^= 1;
      Files.write(file, bytes);
      int code = desk.load(job(), Optional.empty());
      assertThat(desk.said(), code, equalTo(3));
      Path moved = desk.landing().resolve("quarantine").resolve(desk.landing().relativize(file));
      assertThat(Files.exists(moved), equalTo(true));
      assertThat(Files.readString(Path.of(moved + ".reason.txt")), containsString("sha256"));
      assertThat(
          desk.printed(),
          containsString(
              "A damaged answer is moved to the landing's quarantine/ with the reason beside it: run"
                  + " or land fetches it again"));
      assertThat(desk.printed(), not(containsString("same command again")));
      desk.emulator.ledger().clear();
      code = desk.run(job());
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(1L));
      assertComplete(desk);
    }
  }

  @Test
  void anAnswerToAnotherRequestIsNotLoadedThoughItsSidecarFits() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job one = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 100);
      Job other = Desk.job(BarSize.DAY, List.of("CL.v.0"), "2024-01-01", "2024-02-01", 1, 100);
      assertThat(desk.land(desk.options(one)), equalTo(0));
      Path file = first(desk.landing(), ".dbn.zst");
      Path sidecar = first(desk.landing(), "Z.json");
      byte[] ofOne = Files.readAllBytes(file);
      String text = Files.readString(sidecar);
      Files.delete(file);
      Files.delete(sidecar);
      assertThat(desk.land(desk.options(other)), equalTo(0));
      Path own = first(desk.landing(), "Z.json");
      String ownText = Files.readString(own);
      Files.write(first(desk.landing(), ".dbn.zst"), ofOne);
      // The sidecar tells the truth of the file's bytes, and not of what was asked.
      Files.writeString(
          own,
          ownText
              .replaceAll("\"bytes\" : \\d+", value(text, "bytes"))
              .replaceAll("\"sha256\" : \"\\w+\"", value(text, "sha256"))
              .replaceAll("\"record_count\" : \\d+", value(text, "record_count")));
      int code = desk.load(other, Optional.empty());
      assertThat(desk.said() + desk.printed(), code, equalTo(3));
      assertThat(desk.printed(), containsString("its sidecar has symbols [CL.v.0]"));
      code = desk.run(other);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(
          query(desk, "SELECT DISTINCT symbol FROM raw.databento_futures_ohlcv_1d"),
          equalTo(List.of("CL")));
    }
  }

  @Test
  void aLandingThatCannotBeWrittenIsOneSentenceAndNothingIsSpent() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Files.createDirectories(desk.landing());
      Files.writeString(desk.landing().resolve("databento"), "in the way");
      assertThat(desk.run(job()), equalTo(2));
      assertThat(desk.said(), containsString("Cannot use " + desk.landing().resolve("databento")));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertThat(desk.land(desk.options(job())), equalTo(2));
      assertThat(desk.billedRequests(), equalTo(0L));
    }
  }

  private static String value(String json, String name) {
    return json.lines()
        .map(String::strip)
        .filter(line -> line.startsWith("\"" + name + "\" :"))
        .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsRefusedIsStillRefusedInADatabaseThatIsMadeAgain() throws IOException {
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder())) {
      Job one = Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 100);
      desk.emulator
          .faults()
          .add(dev.backfill.emulator.http.Fault.status(403).on("timeseries.get_range").times(1));
      assertThat(desk.run(one), equalTo(5));
      deleteDatabase();
      assertThat(desk.load(one, Optional.empty()), equalTo(5));
      assertThat(query(desk, "SELECT state FROM ops.coverage"), equalTo(List.of("not_entitled")));
    }
  }

  private static void assertComplete(Desk desk) {
    assertSame(
        rows(desk),
        TableRows.expected(
            desk.emulator.market(),
            BarSize.DAY,
            List.of("CL", "GE", "ZL"),
            "2023-01-01T00:00:00Z",
            "2025-12-15T00:00:00Z"));
  }
}
