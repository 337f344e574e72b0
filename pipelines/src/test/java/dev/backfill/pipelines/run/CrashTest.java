package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.oneOf;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A run is killed, at several moments, and run again: the table is exact, and what had landed is
 * not bought a second time.
 */
class CrashTest {
  private static final List<String> ROOTS = List.of("ZL", "6J", "CL");
  private static final int CHUNKS = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static final Job JOB =
      Desk.job(
          BarSize.HOUR,
          ROOTS.stream().map(r -> r + ".v.0").toList(),
          "2024-01-01",
          "2024-03-01",
          1,
          8);

  @TempDir Path folder;

  private LandingArea landing() {
    return LandingArea.at(folder.resolve("landing").toString());
  }

  private Set<String> landed() {
    try {
      return landing().landedChunks("databento", "GLBX.MDP3", BarSize.HOUR.schema());
    } catch (IOException e) {
      // The folder changes while it is listed.
      return Set.of();
    }
  }

  private boolean isLoading() {
    Path wal = folder.resolve("my.duckdb.wal");
    return landed().size() == CHUNKS && Files.exists(wal) && wal.toFile().length() > 50_000;
  }

  private static void await(Process child, BooleanSupplier moment)
      throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!moment.getAsBoolean()) {
      if (!child.isAlive() || System.nanoTime() > giveUp) {
        child.destroyForcibly();
        throw new IOException(
            "the moment did not come: "
                + new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      }
      Thread.sleep(1);
    }
  }

  @ParameterizedTest(name = "when {0} chunks of 24 have landed")
  @ValueSource(ints = {1, 12, 24})
  void aKilledRunIsFinishedByTheNext(int moment) throws IOException, InterruptedException {
    try (Desk desk = Desk.in(folder, EmulatorConfig.builder().latency(Duration.ofMillis(10)))) {
      desk.api();
      Process child = Child.start("run", folder.toString(), desk.emulator.url());
      await(child, moment == CHUNKS ? this::isLoading : () -> landed().size() >= moment);
      child.destroyForcibly().waitFor();
      Set<String> whole = new HashSet<>(landed());
      landing()
          .orphans("databento", "GLBX.MDP3", BarSize.HOUR.schema())
          .forEach(o -> whole.add(o.chunkId()));
      assertThat(whole.size(), greaterThanOrEqualTo(moment));

      int code = desk.run(JOB);

      assertThat(desk.said(), code, equalTo(0));
      assertExact(desk);
      List<String> runs =
          TableRows.query(
              desk.database(), "SELECT status FROM ops.backfill_runs ORDER BY started_at, run_id");
      // Killed after its last commit, it leaves nothing to do.
      assertThat(runs, is(oneOf(List.of("interrupted", "success"), List.of("interrupted"))));
      assertBoughtOnce(desk, whole.size());
    }
  }

  private static void assertExact(Desk desk) {
    assertSame(
        TableRows.in(desk.database(), BarSize.HOUR.futuresTable()),
        TableRows.expected(
            desk.emulator.market(),
            BarSize.HOUR,
            ROOTS,
            "2024-01-01T00:00:00Z",
            "2024-03-01T00:00:00Z"));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT symbol, ts_event FROM raw.databento_futures_ohlcv_1h GROUP BY ALL"
                + " HAVING count(*) > 1"),
        is(empty()));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT c.symbol FROM ops.coverage c WHERE c.row_count <> (SELECT count(*) FROM"
                + " raw.databento_futures_ohlcv_1h t WHERE t.symbol = c.table_symbol AND"
                + " t.ts_event >= c.range_start AND t.ts_event < c.range_end)"),
        is(empty()));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT sum(row_count) = (SELECT count(*) FROM raw.databento_futures_ohlcv_1h) FROM"
                + " ops.coverage"),
        equalTo(List.of("true")));
  }

  /** Only what was under way at the kill may have been asked for twice. */
  private static void assertBoughtOnce(Desk desk, int whole) {
    Map<String, Long> bought =
        desk.emulator.ledger().entries().stream()
            .filter(e -> e.method().contains("get_range") && e.bytes() > 0)
            .collect(Collectors.groupingBy(CrashTest::asked, Collectors.counting()));
    assertThat(bought.size(), equalTo(CHUNKS));
    List<String> twice =
        bought.entrySet().stream().filter(e -> e.getValue() > 1).map(Map.Entry::getKey).toList();
    assertThat(
        twice.toString(),
        twice.size(),
        lessThanOrEqualTo(Math.min(RunContext.PARALLELISM, CHUNKS - whole)));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT count(*) FROM (SELECT chunk_id FROM ops.requests GROUP BY chunk_id)"),
        equalTo(List.of(String.valueOf(CHUNKS))));
  }

  private static String asked(BilledLedger.Entry entry) {
    return entry.symbols() + " " + entry.start() + "/" + entry.end();
  }
}
