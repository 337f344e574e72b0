package dev.backfill.pipelines.run;

import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.PacedDirectRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that make a runner right for this work, so that nobody needs to know them. Each can
 * be given otherwise after {@code --}. A runner is named as an option is, by text: its classes are
 * on the class path only when it is asked for.
 */
final class RunnerSettings {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerSettings.class);

  /**
   * What Flink's client decides. Without this its scheduler takes the number of workers from the
   * bytes that a step sends on: a plan is small, so all of it would be asked for by one worker.
   */
  private static final String CLIENT = "execution.batch.adaptive.auto-parallelism.enabled: false\n";

  private static final String FLINK = "org.apache.beam.runners.flink.FlinkRunner";

  private static final String FLINK_VERSION = "1.19.";
  private static final String JOB_JAR = "backfill.job-jar";

  private RunnerSettings() {}

  /**
   * Refuses a cluster for what is asked from one place: FRED counts the requests of a key by the
   * minute, and a few hundred series are no work for several machines.
   */
  static void requireSuits(RunnerOptions runner, Job job) {
    if (runner.isRemote() && Fred.isSourceOf(job)) {
      throw new UsageException(
          job.name()
              + " asks FRED, which is done from this process: leave --flink-master away; --runner"
              + " flink alone runs Flink here");
    }
  }

  /**
   * The options of a pipeline in this process.
   *
   * @throws RefusedException if the runner is not on the class path
   */
  static PipelineOptions inProcess(RunnerOptions runner) throws IOException {
    return switch (runner.kind()) {
      case DIRECT -> direct(runner);
      case FLINK -> flink(runner, "[local]", Map.of("numberOfExecutionRetries", "0"));
    };
  }

  /**
   * On the direct runner: its checks of immutability and encodability, twelve times the cost of the
   * work, belong to tests, and its busy waiting to nobody.
   */
  private static PipelineOptions direct(RunnerOptions runner) {
    return paced(options(usualDirect(runner.slots()), runner.beamArgs()));
  }

  /** The same for a pipeline that does no work: nobody wants to know of its settings. */
  static PipelineOptions forNoWork() {
    return paced(read(withUsual(usualDirect(1), List.of())));
  }

  private static Map<String, String> usualDirect(int slots) {
    Map<String, String> usual = new LinkedHashMap<>();
    usual.put("targetParallelism", String.valueOf(slots));
    usual.put("enforceImmutability", "false");
    usual.put("enforceEncodability", "false");
    return usual;
  }

  private static PipelineOptions paced(PipelineOptions options) {
    options.setRunner(PacedDirectRunner.class);
    return options;
  }

  /**
   * On Flink: batch as a data stream, which never ends a bundle of a task that was cancelled, and
   * no copies between steps, which change nothing they were given. In this process a failure is no
   * worker's death, so nothing is tried again.
   */
  private static PipelineOptions flink(
      RunnerOptions runner, String master, Map<String, String> more) throws IOException {
    requireFlink();
    Map<String, String> usual = new LinkedHashMap<>();
    usual.put("runner", "FlinkRunner");
    usual.put("flinkMaster", master);
    usual.put("parallelism", String.valueOf(runner.workers()));
    usual.put("useDataStreamForBatch", "true");
    usual.put("fasterCopy", "true");
    usual.put("objectReuse", "true");
    usual.putAll(more);
    usual.put("flinkConfDir", clientSettings().toString());
    return options(usual, runner.beamArgs());
  }

  /**
   * The options of a pipeline on a cluster, which returns as soon as it is submitted. A worker that
   * dies is replaced, and what it did is done again, three times.
   *
   * @param name of the job there
   * @throws RefusedException if Flink or the cluster's jar is not there
   */
  static PipelineOptions onCluster(RunnerOptions runner, String name) throws IOException {
    String jar = jobJar();
    Map<String, String> more = new LinkedHashMap<>();
    more.put("attachedMode", "false");
    more.put("jobName", name);
    more.put("filesToStage", jar);
    more.put("numberOfExecutionRetries", "3");
    more.put("executionRetryDelay", "2000");
    return flink(runner, runner.flinkMaster().orElseThrow(), more);
  }

  /**
   * What the cluster's workers run.
   *
   * @throws RefusedException if it is not there
   */
  static String jobJar() {
    String jar = System.getProperty(JOB_JAR, "");
    if (!Files.isRegularFile(Path.of(jar))) {
      throw new RefusedException(
          "The jar for a Flink cluster is not there"
              + (jar.isEmpty() ? "" : " (" + jar + ")")
              + ": start with the launcher ./backfill, which builds it, or name it with java"
              + " -Dbackfill.job-jar=FILE");
    }
    return jar;
  }

  /** Refuses a cluster of another Flink than the one whose jars we have. */
  static void requireVersion(String there) {
    if (!there.startsWith(FLINK_VERSION)) {
      throw new RefusedException(
          "The cluster runs Flink " + there + "; this program works with " + FLINK_VERSION + "x");
    }
  }

  private static void requireFlink() {
    try {
      Class.forName(FLINK, false, RunnerSettings.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new RefusedException(
          "Flink is not on the class path, so --runner flink cannot work: start with the launcher"
              + " ./backfill, which puts it there, or with the `all` jar");
    }
  }

  private static PipelineOptions options(Map<String, String> usual, List<String> given) {
    List<String> args = withUsual(usual, given);
    LOG.info("The runner's settings: {}", String.join(" ", args));
    return read(args);
  }

  private static List<String> withUsual(Map<String, String> usual, List<String> given) {
    List<String> args = new ArrayList<>(given);
    usual.forEach(
        (name, value) -> {
          if (given.stream()
              .noneMatch(arg -> arg.equals("--" + name) || arg.startsWith("--" + name + "="))) {
            args.add("--" + name + "=" + value);
          }
        });
    return args;
  }

  /**
   * Reads what the user gave before anything is begun with it.
   *
   * @throws UsageException if Beam knows no such option or takes no such value
   */
  static void requireKnown(List<String> given) {
    if (!given.isEmpty()) {
      read(given);
    }
  }

  private static PipelineOptions read(List<String> args) {
    try {
      return PipelineOptionsFactory.fromArgs(args.toArray(String[]::new)).withValidation().create();
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "What follows -- are Beam's own options, like --targetParallelism=2: "
              + String.valueOf(e.getMessage()).replaceFirst("\\.+$", ""),
          e);
    }
  }

  /** A folder with the settings of Flink's client, which it reads while a pipeline is submitted. */
  private static Path clientSettings() throws IOException {
    Path folder = Files.createTempDirectory("backfill-flink");
    Path file = folder.resolve("config.yaml");
    Files.writeString(file, CLIENT, StandardCharsets.UTF_8);
    file.toFile().deleteOnExit();
    folder.toFile().deleteOnExit();
    return folder;
  }
}
