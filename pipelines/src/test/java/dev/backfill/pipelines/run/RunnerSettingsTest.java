package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunnerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.PacedDirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerSettingsTest {
  private static FlinkPipelineOptions flink(String... given) throws IOException {
    RunnerOptions runner = RunnerOptions.flink(3, 4, List.of(given));
    return RunnerSettings.inProcess(runner).as(FlinkPipelineOptions.class);
  }

  @Test
  void theDirectRunnerHasASlotForEachRequestAndNoChecks() throws IOException {
    DirectOptions options =
        RunnerSettings.inProcess(RunnerOptions.direct(OptionalInt.of(7), List.of()))
            .as(DirectOptions.class);
    assertThat(options.getRunner(), equalTo(PacedDirectRunner.class));
    assertThat(options.getTargetParallelism(), is(7));
    assertThat(options.isEnforceImmutability(), is(false));
    assertThat(options.isEnforceEncodability(), is(false));
  }

  @Test
  void checksOfTheDirectRunnerCanBeTurnedOn() throws IOException {
    DirectOptions options =
        RunnerSettings.inProcess(
                RunnerOptions.direct(
                    OptionalInt.empty(),
                    List.of("--enforceImmutability=true", "--enforceEncodability=true")))
            .as(DirectOptions.class);
    assertThat(options.isEnforceImmutability(), is(true));
    assertThat(options.isEnforceEncodability(), is(true));
  }

  @Test
  void flinkIsSetForBatchAsADataStreamWithoutCopiesAndWithoutItsOwnChoiceOfWorkers()
      throws IOException {
    FlinkPipelineOptions options = flink();
    assertThat(options.getRunner(), equalTo(FlinkRunner.class));
    assertThat(options.getFlinkMaster(), equalTo("[local]"));
    assertThat(options.getParallelism(), is(3));
    assertThat(options.getUseDataStreamForBatch(), is(true));
    assertThat(options.getFasterCopy(), is(true));
    assertThat(options.getObjectReuse(), is(true));
    assertThat(options.getNumberOfExecutionRetries(), is(0));
    assertThat(
        Files.readString(Path.of(options.getFlinkConfDir(), "config.yaml")),
        containsString("auto-parallelism.enabled: false"));
  }

  @Test
  void whatIsGivenAfterTheDashesWins() throws IOException {
    FlinkPipelineOptions options = flink("--objectReuse=false", "--numberOfExecutionRetries=2");
    assertThat(options.getObjectReuse(), is(false));
    assertThat(options.getNumberOfExecutionRetries(), is(2));
    assertThat(options.getFasterCopy(), is(true));
  }

  @Test
  void aClusterIsGivenTheJobAndItsJarAndTriesAgain(@TempDir Path folder) throws IOException {
    RunnerOptions runner =
        new RunnerOptions(
            RunnerOptions.Kind.FLINK, OptionalInt.of(2), 4, Optional.of("127.0.0.1:1"), List.of());
    RefusedException missing =
        assertThrows(RefusedException.class, () -> RunnerSettings.onCluster(runner, "a job"));
    assertThat(missing.getMessage(), containsString("The jar for a Flink cluster is not there"));

    Path jar = Files.writeString(folder.resolve("job.jar"), "");
    System.setProperty("backfill.job-jar", jar.toString());
    try {
      FlinkPipelineOptions options =
          RunnerSettings.onCluster(runner, "a job").as(FlinkPipelineOptions.class);
      assertThat(options.getFlinkMaster(), equalTo("127.0.0.1:1"));
      assertThat(options.getJobName(), equalTo("a job"));
      assertThat(options.getFilesToStage(), equalTo(List.of(jar.toString())));
      assertThat(options.getAttachedMode(), is(false));
      assertThat(options.getNumberOfExecutionRetries(), is(3));
      assertThat(options.getExecutionRetryDelay(), is(2_000L));
    } finally {
      System.clearProperty("backfill.job-jar");
    }
  }

  @Test
  void anotherFlinkIsRefused() {
    RunnerSettings.requireVersion("1.19.3");
    RefusedException refused =
        assertThrows(RefusedException.class, () -> RunnerSettings.requireVersion("1.20.0"));
    assertThat(refused.getMessage(), containsString("Flink 1.20.0"));
  }
}
