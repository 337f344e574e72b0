package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests are spread over the TaskManagers, and what cannot work is refused before any. */
@Tag("slow")
class ClusterSpreadTest {
  private static final double LATENCY = 0.3;

  @TempDir Path folder;
  FlinkProcesses cluster;

  @BeforeEach
  void startCluster() throws IOException, InterruptedException {
    cluster = FlinkProcesses.running();
  }

  @AfterAll
  static void print() {
    ClusterResults.print("Spread over two TaskManagers:");
  }

  private static Job job(String end) {
    return Desk.job(BarSize.HOUR, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", end, 1, 4);
  }

  /**
   * A job that lands.
   *
   * @param landed data requests that were answered
   * @param seconds from the job's start to its end, by Flink
   * @param chunks that each worker was given
   */
  private record Landed(long landed, double seconds, List<Long> chunks) {}

  private Landed land(String name, Job job) throws IOException {
    Path place = Files.createDirectory(folder.resolve(name));
    EmulatorConfig.Builder slow =
        EmulatorConfig.builder().latency(Duration.ofMillis((long) (LATENCY * 1000)));
    try (Desk desk = Desk.in(place, slow)) {
      RunOptions options = cluster.on(desk.options(job));
      int code = desk.land(options);
      assertThat(desk.said(), code, equalTo(0));
      String id = cluster.newestJob();
      JsonNode done = cluster.rest("/jobs/" + id).orElseThrow();
      return new Landed(
          desk.billedRequests(), done.path("duration").asLong() / 1000.0, chunks(id, done));
    }
  }

  /** The records that each subtask of the step that asks has read. */
  private List<Long> chunks(String id, JsonNode job) {
    List<Long> chunks = new ArrayList<>();
    for (JsonNode vertex : job.path("vertices")) {
      String path = "/jobs/" + id + "/vertices/" + vertex.path("id").asText();
      if (vertex.path("name").asText().contains("Ask and verify/Ask and verify ->")
          || vertex.path("name").asText().endsWith("Ask and verify/Ask and verify")) {
        for (JsonNode task : cluster.rest(path).orElseThrow().path("subtasks")) {
          chunks.add(task.path("metrics").path("read-records").asLong());
        }
      }
    }
    return chunks;
  }

  @Test
  void requestsAreSpreadOverTheTaskManagers() throws IOException {
    Landed one = land("one", job("2024-01-03"));
    Landed many = land("many", job("2024-08-01"));
    // A chunk's bars and then its contracts; its records are counted beside the first.
    long inTurn = 2 * many.landed();
    double start = one.seconds() - 2 * LATENCY;
    double ideal = inTurn * LATENCY / FlinkProcesses.SLOTS;
    assertThat(many.chunks().size(), equalTo(FlinkProcesses.WORKERS));
    long most = Collections.max(many.chunks());
    long least = Collections.min(many.chunks());
    ClusterResults.add(
        "Landing, " + FlinkProcesses.SLOTS + " at once",
        inTurn + " requests of 300 ms in " + many.seconds() + " s",
        String.format("job start %.1f s, ideal %.1f s", start, ideal),
        String.format("%.2f times the ideal without start", (many.seconds() - start) / ideal),
        "chunks of each worker " + many.chunks());
    assertThat("seconds", many.seconds(), lessThanOrEqualTo(1.3 * ideal + start));
    assertThat("the most of " + many.chunks(), most, lessThanOrEqualTo(Math.round(1.2 * least)));
  }

  /** Runs what cannot work: it ends as refused, in one sentence, and nothing was asked or made. */
  private String refused(RunnerOptions runner, int code) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      RunOptions options = desk.options(job("2024-02-01")).withRunner(runner);
      assertThat(desk.run(options), equalTo(code));
      assertThat(desk.emulator.ledger().entries(), is(empty()));
      assertThat(Files.exists(desk.database()), is(false));
      assertThat(desk.said().strip(), not(containsString("\n")));
      return desk.said();
    }
  }

  @Test
  void withoutAClusterAtTheAddressNothingIsAsked() throws IOException {
    RunnerOptions nobody =
        new RunnerOptions(
            RunnerOptions.Kind.FLINK,
            OptionalInt.empty(),
            RunnerOptions.REQUESTS,
            Optional.of("127.0.0.1:1"),
            List.of());
    assertThat(
        refused(nobody, 2), containsString("The Flink cluster at 127.0.0.1:1 does not answer"));
  }

  @Test
  void moreWorkersThanSlotsAreRefused() throws IOException {
    assertThat(
        refused(cluster.runner(FlinkProcesses.WORKERS + 1), 5),
        containsString("--parallelism 3 is more than the 2 slots"));
  }

  @Test
  void aMissingJarIsRefused() throws IOException {
    String jar = System.setProperty("backfill.job-jar", folder.resolve("no.jar").toString());
    try {
      assertThat(
          refused(cluster.runner(FlinkProcesses.WORKERS), 5),
          containsString("The jar for a Flink cluster is not there"));
    } finally {
      System.setProperty("backfill.job-jar", jar);
    }
  }
}
