package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * In the middle of a run on a cluster a process is killed or frozen, or the job is cancelled. In
 * the end everything is as if nothing had happened, and nothing that had landed is bought again.
 */
@Tag("slow")
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterKillsTest {
  private static final Duration FROZEN = Duration.ofSeconds(20);

  static Books undisturbed = new Books(List.of(), List.of(), List.of());

  @TempDir Path folder;
  FlinkProcesses cluster;

  @BeforeAll
  static void runUndisturbed(@TempDir Path folder) throws IOException, InterruptedException {
    FlinkProcesses.running();
    undisturbed = ClusterTrial.undisturbed(folder);
  }

  @AfterAll
  static void print() {
    ClusterResults.print("Disturbed in the middle of a run on two TaskManagers:");
  }

  @BeforeEach
  void startCluster() throws IOException, InterruptedException {
    cluster = FlinkProcesses.running();
  }

  @Test
  void aKilledTaskManagerIsReplacedAndTheRunEnds() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      CompletableFuture<Integer> run = trial.begin();
      trial.awaitMiddle();
      cluster.kill(FlinkProcesses.taskManager(1));
      FlinkProcesses.running();
      int code = run.get();
      assertThat(trial.desk.said(), code, equalTo(0));
      trial.assertExact("TaskManager killed, replaced", undisturbed, FlinkProcesses.SLOTS);
    }
  }

  @Test
  void withoutAReplacementTheOtherTaskManagerDoesTheRest() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      CompletableFuture<Integer> run = trial.begin();
      trial.awaitMiddle();
      cluster.kill(FlinkProcesses.taskManager(2));
      int code = run.get();
      assertThat(trial.desk.said(), code, equalTo(0));
      FlinkProcesses.running();
      trial.assertExact("TaskManager killed, not replaced", undisturbed, FlinkProcesses.SLOTS);
    }
  }

  @Test
  void aKilledJobManagerFailsTheRunAndTheNextEndsIt() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      CompletableFuture<Integer> run = trial.begin();
      trial.awaitMiddle();
      cluster.kill(FlinkProcesses.JOB_MANAGER);
      FlinkProcesses.running();
      assertThat(run.get(), equalTo(3));
      assertThat(trial.desk.said(), containsString("JobManager was started anew"));
      assertThat(trial.desk.said(), containsString("run the same command again"));

      int code = trial.run();

      assertThat(trial.desk.said(), code, equalTo(0));
      trial.assertExact("JobManager killed, run again", undisturbed, FlinkProcesses.SLOTS);
    }
  }

  @Test
  void aKilledLauncherFindsTheJobItLeft() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      try (CliProcess launcher =
          CliProcess.onCluster(trial.desk, ClusterTrial.JOB, cluster, EmulatorConfig.DEFAULT_KEY)) {
        trial.awaitMiddle();
        assertThat("it is killed in the middle", launcher.isAlive(), is(true));
        launcher.kill();
      }
      int code = trial.desk.run(cluster.on(trial.desk.options(ClusterTrial.JOB)), true);
      assertThat(trial.desk.said(), code, equalTo(0));
      assertThat(trial.desk.said(), containsString("Following the Flink job"));
      trial.assertExact("Launcher killed, run again", undisturbed, 0);
      assertTold(trial.desk);
    }
  }

  /** The summary, the ledger and the tables agree of a run that followed another's job. */
  private static void assertTold(Desk desk) throws IOException {
    JsonNode summary = new ObjectMapper().readTree(desk.printed());
    List<String> runs = new ArrayList<>(List.of("'" + summary.path("run_id").asText() + "'"));
    summary.path("loads").forEach(run -> runs.add("'" + run.asText() + "'"));
    String those = " IN (" + String.join(", ", runs) + ")";
    int rows = summary.path("rows_written").asInt();
    assertThat(rows, greaterThan(0));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT sum(rows_written) FROM ops.backfill_runs WHERE run_id" + those),
        equalTo(List.of(String.valueOf(rows))));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT count(*) FROM ops.backfill_chunks WHERE state = 'loaded' AND last_run_id"
                + those),
        equalTo(List.of(summary.path("chunks_loaded").asText())));
    assertThat(
        TableRows.query(
            desk.database(),
            "SELECT (SELECT (sum(bytes_billable), sum(cost_estimate_usd)) FROM ops.backfill_runs)"
                + " = (SELECT (sum(billable_bytes), sum(cost_estimate_usd)) FROM ops.requests)"),
        equalTo(List.of("true")));
  }

  @Test
  void aFrozenTaskManagerThatWakesDoesNoHarm() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      CompletableFuture<Integer> run = trial.begin();
      trial.awaitMiddle();
      String frozen = FlinkProcesses.taskManager(1);
      cluster.signal(frozen, "STOP");
      TimeUnit.NANOSECONDS.sleep(FROZEN.toNanos());
      cluster.signal(frozen, "CONT");
      int code = run.get();
      assertThat(trial.desk.said(), code, equalTo(0));
      FlinkProcesses.running();
      trial.assertExact("TaskManager frozen for 20 s", undisturbed, FlinkProcesses.SLOTS);
    }
  }

  @Test
  void aCancelledJobIsSaidAndTheNextRunEndsIt() throws Exception {
    try (ClusterTrial trial = new ClusterTrial(folder, cluster)) {
      CompletableFuture<Integer> run = trial.begin();
      trial.awaitMiddle();
      cluster.cancel(cluster.newestJob());
      assertThat(run.get(), equalTo(3));
      assertThat(trial.desk.said(), containsString("it was cancelled"));

      int code = trial.run();

      assertThat(trial.desk.said(), code, equalTo(0));
      trial.assertExact("Job cancelled, run again", undisturbed, FlinkProcesses.SLOTS);
    }
  }
}
