package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the emulated service to the table: every column of every row is what the market says. */
class WholePathTest {
  private static final List<String> ROOTS = List.of("CL", "6J", "ZN", "GE", "ZL", "BZ", "HE");

  @TempDir Path folder;

  private static List<String> symbols(List<String> roots) {
    return roots.stream().map(r -> r + ".v.0").toList();
  }

  @Test
  void theDailyTableIsExact() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, symbols(ROOTS), "2019-11-01", "2023-12-01", 3, 400);
      assertThat(desk.said(), desk.run(job), equalTo(0));

      List<String> rows = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      List<String> expected =
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              ROOTS,
              "2019-11-01T00:00:00Z",
              "2023-12-01T00:00:00Z");
      assertSame(rows, expected);
      assertThat(rows.size(), greaterThan(6_000));
      String crash =
          rows.stream().filter(r -> r.startsWith("CL|2020-04-20")).findFirst().orElseThrow();
      assertThat(crash, containsString("|-37.630000000|"));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT DISTINCT state FROM ops.coverage WHERE symbol = 'GE.v.0' ORDER BY ALL"),
          equalTo(List.of("loaded", "unresolved")));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT count(*) FROM ops.futures_1d_provenance WHERE run_id IS NULL"),
          equalTo(List.of("0")));
    }
  }

  @Test
  void theHourlyTableIsExactInManyChunks() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.HOUR, symbols(ROOTS), "2024-02-20", "2024-04-10", 2, 9);
      assertThat(desk.said(), desk.run(job), equalTo(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.HOUR.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.HOUR,
              ROOTS,
              "2024-02-20T00:00:00Z",
              "2024-04-10T00:00:00Z"));
    }
  }

  @Test
  void minuteBarsAreExact() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(BarSize.MINUTE, symbols(List.of("ZL", "6J")), "2024-03-04", "2024-03-08", 1, 2);
      assertThat(desk.said(), desk.run(job), equalTo(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.MINUTE.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.MINUTE,
              List.of("ZL", "6J"),
              "2024-03-04T00:00:00Z",
              "2024-03-08T00:00:00Z"));
    }
  }

  @Test
  void aSecondRunFetchesNothingAndWritesNoRows() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(BarSize.DAY, symbols(List.of("ZL", "LB")), "2024-01-01", "2024-03-01", 5, 400);
      assertThat(desk.said(), desk.run(job), equalTo(0));
      List<String> before = loaded(desk);
      desk.emulator.ledger().clear();

      assertThat(desk.said(), desk.run(job), equalTo(0));

      assertThat(desk.printed(), startsWith("test-job: nothing to do; all 2 symbols are covered"));
      assertThat(desk.printed(), containsString("never resolved: LB.v.0"));
      assertThat(
          desk.emulator.ledger().entries().stream().map(one -> one.method()).distinct().toList(),
          equalTo(List.of("metadata.get_dataset_range")));
      assertThat(loaded(desk), equalTo(before));
    }
  }

  /** The rows, when they were written, and what the ledger says of them. */
  private static List<String> loaded(Desk desk) {
    List<String> rows = new ArrayList<>();
    for (String table :
        List.of(
            BarSize.DAY.futuresTable(),
            "ops.coverage",
            "ops.backfill_chunks",
            "ops.requests",
            "ops.settings")) {
      rows.addAll(TableRows.query(desk.database(), "FROM " + table + " ORDER BY ALL"));
    }
    return rows;
  }

  @Test
  void aLongerRangeAsksForTheDifferenceOnly() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      List<String> roots = List.of("ZL", "ZS");
      desk.run(Desk.job(BarSize.DAY, symbols(roots), "2024-02-01", "2024-03-01", 5, 400));
      desk.emulator.ledger().clear();

      Job wider = Desk.job(BarSize.DAY, symbols(roots), "2024-01-01", "2024-04-01", 5, 400);
      assertThat(desk.said(), desk.run(wider), equalTo(0));

      List<String> asked =
          desk.emulator.ledger().entries().stream()
              .filter(e -> e.method().contains("get_range"))
              .map(
                  e ->
                      Times.text(Long.parseLong(e.start()))
                          + "/"
                          + Times.text(Long.parseLong(e.end())))
              .sorted()
              .toList();
      assertThat(asked, equalTo(List.of("2024-01-01/2024-02-01", "2024-03-01/2024-04-01")));
      assertSame(
          TableRows.in(desk.database(), BarSize.DAY.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.DAY,
              roots,
              "2024-01-01T00:00:00Z",
              "2024-04-01T00:00:00Z"));
    }
  }

  @Test
  void aLostDatabaseIsRebuiltFromTheLandingForNothing() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, symbols(ROOTS), "2023-01-01", "2023-12-01", 3, 100);
      desk.run(job);
      List<String> before = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      Files.delete(desk.database());
      desk.emulator.ledger().clear();

      assertThat(desk.said(), desk.run(job), equalTo(0));

      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), before);
      assertThat(before, is(not(empty())));
    }
  }

  @Test
  void everyRequestIsInTheLedgerAndItsKeyNowhere() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.run(Desk.job(BarSize.DAY, symbols(ROOTS), "2023-01-01", "2023-06-01", 3, 60));
      long billed =
          desk.emulator.ledger().entries().stream()
              .filter(e -> e.method().contains("get_range"))
              .mapToLong(e -> e.bytes())
              .sum();
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT CAST(sum(billable_bytes) AS BIGINT), min(outcome), max(outcome) FROM"
                  + " ops.requests"),
          equalTo(List.of(billed + "|ok|ok")));
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.getFileName().toString().equals("key.txt")) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(file.toString(), text, not(containsString("db-emulator000")));
          }
        }
      }
    }
  }

  @Test
  void theStatusSaysWhatIsThere() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      desk.run(
          Desk.job(BarSize.DAY, symbols(List.of("ZL", "CL")), "2024-01-01", "2024-02-01", 5, 400));
      assertThat(desk.status(false), equalTo(0));
      assertThat(
          desk.printed().lines().toList(),
          hasItem(startsWith("raw.databento_futures_ohlcv_1d        2")));
      assertThat(desk.status(true), equalTo(0));
      assertThat(desk.printed(), containsString("\"symbol\" : \"ZL\""));
    }
  }

  @Test
  void aDamagedAnswerIsNoticedSetAsideAndAskedForAgain() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, symbols(List.of("ZL")), "2023-01-01", "2023-12-01", 1, 400);
      desk.run(job);
      List<String> before = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      Files.delete(desk.database());
      try (var files = Files.walk(desk.landing())) {
        Path answer =
            files.filter(f -> f.toString().endsWith(".dbn.zst")).findFirst().orElseThrow();
        byte[] bytes = Files.readAllBytes(answer);
        bytes[bytes.length / 2] ^= 1;
        Files.write(answer, bytes);
      }

      int first = desk.run(job);
      assertThat(desk.said(), first, equalTo(3));
      int second = desk.run(job);
      assertThat(desk.said(), second, equalTo(0));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), before);
    }
  }

  @Test
  void aSymbolThatNeverResolvesIsAskedForByItselfToo() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job = Desk.job(BarSize.DAY, List.of("LB.v.0"), "2023-01-01", "2023-02-01", 1, 400);
      int code = desk.run(job);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(desk.printed(), containsString("never resolved: LB.v.0"));
    }
  }

  @Test
  void aLandingOfVeryManySmallChunksIsRebuilt() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(BarSize.DAY, symbols(List.of("ZL", "ZS")), "2023-01-01", "2023-05-01", 1, 2);
      int code = desk.run(job);
      assertThat(desk.said(), code, equalTo(0));
      List<String> before = TableRows.in(desk.database(), BarSize.DAY.futuresTable());
      Files.delete(desk.database());
      desk.emulator.ledger().clear();
      int again = desk.run(job);
      assertThat(desk.said(), again, equalTo(0));
      assertThat(desk.billedRequests(), equalTo(0L));
      assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), before);
    }
  }
}
