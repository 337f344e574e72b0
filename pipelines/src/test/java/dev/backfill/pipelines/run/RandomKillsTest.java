package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program is killed at random times, some runs several times in a row, and run again: after
 * each everything is as if it had never been killed. 200 kills at full scale.
 */
@Tag("slow")
@EnabledIfSystemProperty(
    named = Trials.SCALE,
    matches = ".+",
    disabledReason = "takes minutes; mvn verify -Pslow runs it")
class RandomKillsTest {
  private static final BarSize SIZE = BarSize.HOUR;
  private static final int KILLS = 200;
  private static final int CHUNKS = 48;
  private static final double AGAIN = 0.25;

  private static final Job JOB =
      Desk.job(
          SIZE, List.of("ZL.v.0", "6J.v.0", "CL.v.0", "ES.v.0"), "2023-01-01", "2024-01-01", 1, 31);

  @TempDir Path folder;

  private static EmulatorConfig.Builder service() {
    return EmulatorConfig.builder().latency(Duration.ofMillis(20));
  }

  private Path newFolder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @Test
  void afterKillsAtAnyTimeTheNextRunEndsAsIfThereHadBeenNone()
      throws IOException, InterruptedException {
    long seed = Trials.seed();
    Random random = new Random(seed);
    int kills = Trials.scaled(KILLS);
    Whole whole = runUndisturbed();
    Tally tally = new Tally();
    for (int trial = 0; tally.kills < kills; trial++) {
      String about = "trial " + trial + " of seed " + seed;
      try (Desk desk = Desk.in(newFolder("trial-" + trial), service())) {
        List<Set<String>> landed = new ArrayList<>();
        do {
          long delay = (long) (random.nextDouble() * whole.nanos());
          if (killed(desk, delay)) {
            landed.add(Books.landed(desk));
            tally.count(desk, landed.get(landed.size() - 1));
          }
        } while (random.nextDouble() < AGAIN);
        int code = desk.run(JOB);
        assertThat(about + ": " + desk.said(), code, equalTo(0));
        Books.of(desk, SIZE).assertEqual(whole.books());
        Books.assertConsistent(desk, SIZE);
        tally.bytesAgain += Books.assertBoughtOnce(desk, landed);
        tally.spent(desk);
      } catch (AssertionError e) {
        throw new AssertionError(about, e);
      }
    }
    System.out.println("Random kills, seed " + seed + ": " + tally);
    assertThat(tally.kills, greaterThan(0));
  }

  /**
   * A run that nobody disturbs.
   *
   * @param nanos from its first request to its end
   */
  private record Whole(Books books, long nanos) {}

  private Whole runUndisturbed() throws IOException, InterruptedException {
    try (Desk desk = Desk.in(newFolder("undisturbed"), service());
        CliProcess run = CliProcess.run(desk, JOB, "")) {
      awaitFirstRequest(desk, run);
      long since = System.nanoTime();
      int code = run.awaitEnd();
      assertThat(run.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo((long) CHUNKS));
      return new Whole(Books.of(desk, SIZE), System.nanoTime() - since);
    }
  }

  /** Runs and kills, so long after the first request; whether there was something to kill. */
  private static boolean killed(Desk desk, long delay) throws IOException, InterruptedException {
    int before = desk.emulator.ledger().entries().size();
    try (CliProcess run = CliProcess.run(desk, JOB, "")) {
      awaitRequests(desk, run, before);
      TimeUnit.NANOSECONDS.sleep(delay);
      boolean alive = run.isAlive();
      run.kill();
      return alive;
    }
  }

  private static void awaitFirstRequest(Desk desk, CliProcess run) throws InterruptedException {
    awaitRequests(desk, run, 0);
  }

  private static void awaitRequests(Desk desk, CliProcess run, int before)
      throws InterruptedException {
    while (run.isAlive() && desk.emulator.ledger().entries().size() == before) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** What the kills fell on. */
  private static final class Tally {
    private final TreeMap<String, Integer> moments = new TreeMap<>();
    private int kills;
    private long bytesAgain;
    private int trials;
    private int exactBills;

    void count(Desk desk, Set<String> landed) {
      kills++;
      String moment =
          landed.isEmpty()
              ? "before anything had landed"
              : landed.size() < CHUNKS
                  ? "while chunks landed"
                  : Files.exists(desk.folder.resolve("my.duckdb.wal"))
                      ? "with the database open"
                      : "at the end";
      moments.merge(moment, 1, Integer::sum);
    }

    /**
     * What the ledger says was spent is the bill, or more: a run may have died between the line in
     * its journal and the request.
     */
    void spent(Desk desk) {
      long ledger =
          Long.parseLong(
              TableRows.query(
                      desk.database(),
                      "SELECT CAST(sum(billable_bytes) AS BIGINT) FROM ops.requests")
                  .get(0));
      long bill = desk.emulator.ledger().billedBytes();
      assertThat("bytes by the ledger", ledger, greaterThanOrEqualTo(bill));
      trials++;
      exactBills += ledger == bill ? 1 : 0;
    }

    @Override
    public String toString() {
      return kills
          + " kills: "
          + moments
          + ", "
          + bytesAgain
          + " bytes billed twice, the bill and the ledger equal in "
          + exactBills
          + " of "
          + trials
          + " trials";
    }
  }
}
