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
  private static final int CHUNKS = 24;
  private static final double AGAIN = 0.25;

  private static final Job JOB =
      Desk.job(SIZE, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2023-01-01", "2024-01-01", 1, 46);

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
          Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
          if (killed(desk, moment, (long) (random.nextDouble() * whole.after(moment)))) {
            landed.add(Books.landed(desk, SIZE));
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

  /** From when on the time to a kill is counted: its parts take long and short in turn. */
  private enum Moment {
    FIRST_REQUEST,
    FIRST_CHUNK,
    LAST_CHUNK;

    boolean hasCome(Desk desk, long earlier) {
      return switch (this) {
        case FIRST_REQUEST -> desk.emulator.ledger().entries().size() > earlier;
        case FIRST_CHUNK -> !Books.landed(desk, SIZE).isEmpty();
        case LAST_CHUNK -> Books.landed(desk, SIZE).size() == CHUNKS;
      };
    }
  }

  /**
   * A run that nobody disturbs.
   *
   * @param nanos when each moment came, and when the run ended
   */
  private record Whole(Books books, long[] nanos) {
    /** How long it took from a moment to the next but one. */
    long after(Moment moment) {
      return nanos[Math.min(moment.ordinal() + 2, nanos.length - 1)] - nanos[moment.ordinal()];
    }
  }

  private Whole runUndisturbed() throws IOException, InterruptedException {
    try (Desk desk = Desk.in(newFolder("undisturbed"), service());
        CliProcess run = CliProcess.run(desk, JOB, "")) {
      long[] nanos = new long[Moment.values().length + 1];
      for (Moment moment : Moment.values()) {
        await(desk, run, moment, 0);
        nanos[moment.ordinal()] = System.nanoTime();
      }
      int code = run.awaitEnd();
      nanos[Moment.values().length] = System.nanoTime();
      assertThat(run.said(), code, equalTo(0));
      assertThat(desk.billedRequests(), equalTo((long) CHUNKS));
      return new Whole(Books.of(desk, SIZE), nanos);
    }
  }

  /** Runs and kills, so long after a moment; whether there was something to kill. */
  private static boolean killed(Desk desk, Moment moment, long delay)
      throws IOException, InterruptedException {
    long earlier = desk.emulator.ledger().entries().size();
    try (CliProcess run = CliProcess.run(desk, JOB, "")) {
      await(desk, run, Moment.FIRST_REQUEST, earlier);
      await(desk, run, moment, earlier);
      TimeUnit.NANOSECONDS.sleep(delay);
      boolean alive = run.isAlive();
      run.kill();
      return alive;
    }
  }

  /** Comes back too when the process has ended. */
  private static void await(Desk desk, CliProcess run, Moment moment, long earlier)
      throws InterruptedException {
    while (run.isAlive() && !moment.hasCome(desk, earlier)) {
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
      moments.merge(moment(desk, landed), 1, Integer::sum);
    }

    private static String moment(Desk desk, Set<String> landed) {
      if (landed.size() < CHUNKS) {
        return landed.isEmpty() ? "before anything had landed" : "while chunks landed";
      }
      return desk.database().resolveSibling("my.duckdb.wal").toFile().length() > 0
          ? "while rows were loaded"
          : "between loads and at the end";
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
