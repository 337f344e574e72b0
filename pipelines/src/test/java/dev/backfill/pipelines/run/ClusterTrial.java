package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.BilledLedger;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A desk whose run on a cluster is long enough to have a middle, in which something happens. */
final class ClusterTrial implements AutoCloseable {
  static final BarSize SIZE = BarSize.HOUR;
  static final int CHUNKS = 114;

  /** One chunk takes a worker two requests, so all of them some twelve seconds. */
  private static final Duration LATENCY = Duration.ofMillis(400);

  static final Job JOB =
      Desk.job(SIZE, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", "2024-06-01", 1, 4);

  final Desk desk;
  final FlinkProcesses cluster;
  private final long began = System.nanoTime();
  private Set<String> landedAtMoment = Set.of();

  ClusterTrial(Path folder, FlinkProcesses cluster) {
    this.desk = Desk.in(folder, EmulatorConfig.builder().latency(LATENCY));
    this.cluster = cluster;
  }

  /** What the tables and the ledger must hold in the end, by the direct runner. */
  static Books undisturbed(Path folder) throws IOException {
    try (Desk direct = Desk.in(folder)) {
      int code = direct.run(JOB);
      assertThat(direct.said(), code, equalTo(0));
      assertThat(direct.billedRequests(), equalTo((long) CHUNKS));
      Books.assertConsistent(direct, SIZE);
      return Books.of(direct, SIZE);
    }
  }

  /** Runs on the cluster; what the run ends with. */
  int run() throws IOException {
    return desk.run(cluster.on(desk.options(JOB)));
  }

  /** Runs in a thread of its own. */
  CompletableFuture<Integer> begin() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return run();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Waits for the middle, and notes what has landed then. */
  void awaitMiddle() {
    FlinkProcesses.await(
        Duration.ofSeconds(90), "a third has landed", () -> landed().size() >= CHUNKS / 3);
    landedAtMoment = landed();
    assertThat("it is the middle", landedAtMoment.size(), lessThanOrEqualTo(CHUNKS * 2 / 3));
  }

  /** The chunks whose sidecar is there: what is in the landing for good. */
  private Set<String> landed() {
    String[] names =
        desk.landing()
            .resolve("databento")
            .resolve("GLBX.MDP3")
            .resolve(SIZE.schema())
            .toFile()
            .list();
    Set<String> ids = new HashSet<>();
    for (String name : names == null ? new String[0] : names) {
      if (name.matches("[0-9A-Za-z_]+-[0-9T.]+Z\\.json")) {
        ids.add(name.substring(0, name.indexOf('-')));
      }
    }
    return ids;
  }

  /**
   * Fails where the tables are not exact, where what had landed at the moment was billed again, or
   * where more was billed twice than requests were under way.
   *
   * @return a line for the table of results
   */
  void assertExact(String what, Books undisturbed, int underWay) {
    // What a worker has begun when its job ends, it ends; and is billed.
    cluster.awaitFreeSlots(FlinkProcesses.WORKERS);
    Books.of(desk, SIZE).assertEqual(undisturbed);
    Map<String, Integer> times = new HashMap<>();
    for (BilledLedger.Entry entry : desk.emulator.ledger().entries()) {
      if (entry.method().equals("timeseries.get_range") && entry.bytes() > 0) {
        times.merge(Books.id(entry), 1, Integer::sum);
      }
    }
    int twice = times.values().stream().mapToInt(count -> count - 1).sum();
    ClusterResults.add(
        what,
        landedAtMoment.size() + " of " + CHUNKS + " chunks had landed",
        twice + " billed twice, of " + underWay + " requests under way",
        cluster.restarts(cluster.newestJob()) + " restarts of the job",
        (System.nanoTime() - began) / 1_000_000_000 + " s");
    landedAtMoment.forEach(id -> assertThat("landed " + id, times.get(id), equalTo(1)));
    assertThat("billed twice", twice, lessThanOrEqualTo(underWay));
    assertThat("chunks billed", times.size(), equalTo(CHUNKS));
  }

  @Override
  public void close() {
    desk.close();
  }
}
