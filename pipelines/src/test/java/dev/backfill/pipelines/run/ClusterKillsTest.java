package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.EmulatorConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
      int code = trial.run();
      assertThat(trial.desk.said(), code, equalTo(0));
      assertThat(trial.desk.said(), containsString("Following the Flink job"));
      trial.assertExact("Launcher killed, run again", undisturbed, 0);
    }
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
