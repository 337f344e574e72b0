package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.io.fred.FredKeySource;
import dev.backfill.pipelines.Main;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program itself, in a Java process of its own, at a desk's folder. Closing it kills it with
 * SIGKILL, if it lives, and removes what a killed JVM leaves in its temporary folder.
 */
final class CliProcess implements AutoCloseable {
  private static final String STOPPED = "Stopped at fail point ";

  private final Process process;
  private final Path temporary;
  private final StringBuilder said = new StringBuilder();

  private CliProcess(Process process, Path temporary) {
    this.process = process;
    this.temporary = temporary;
  }

  private static CliProcess start(
      List<String> javaOptions, List<String> args, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path temporary = Files.createTempDirectory("trial");
    List<String> command = new ArrayList<>(java(temporary));
    command.addAll(ChildJars.options());
    command.addAll(javaOptions);
    command.add(Main.class.getName());
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new CliProcess(builder.start(), temporary);
  }

  /** Java and its options for the program, but for the class path. */
  static List<String> java(Path temporary) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx160m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Djava.io.tmpdir=" + temporary,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "--add-opens=java.base/java.nio=ALL-UNNAMED");
  }

  /**
   * Starts the run of a job at a desk, from its YAML.
   *
   * @param failPoint the value of {@link FailPoint#PROPERTY}; empty for none
   */
  static CliProcess run(Desk desk, Job job, String failPoint)
      throws IOException, InterruptedException {
    return start(
        failPoint.isEmpty() ? List.of() : List.of("-D" + FailPoint.PROPERTY + "=" + failPoint),
        arguments(desk, job, "--api-key-file", keyFile(desk).toString()),
        Map.of());
  }

  /** Starts the run of a job on a cluster; the key is in its environment. */
  static CliProcess onCluster(Desk desk, Job job, FlinkProcesses cluster, String key)
      throws IOException, InterruptedException {
    return start(
        List.of("-Xmx256m", "-Dbackfill.job-jar=" + System.getProperty("backfill.job-jar")),
        arguments(
            desk,
            job,
            "--runner",
            "flink",
            "--flink-master",
            cluster.master(),
            "--parallelism",
            String.valueOf(FlinkProcesses.WORKERS),
            "--verbose"),
        Map.of(ApiKeySource.VARIABLE, key));
  }

  /** Runs some series of FRED at a desk; the key is in its environment. */
  static CliProcess ofFred(Desk desk, String ids, String key)
      throws IOException, InterruptedException {
    return start(
        List.of(),
        List.of(
            "run",
            "fred",
            "--symbols",
            ids,
            "--db",
            desk.database().toString(),
            "--landing",
            desk.landing().toString(),
            "--api-url",
            desk.emulator.url(),
            "--verbose"),
        Map.of(FredKeySource.VARIABLE, key));
  }

  private static Path keyFile(Desk desk) throws IOException {
    desk.api();
    return desk.folder.resolve("key.txt");
  }

  private static List<String> arguments(Desk desk, Job job, String... more) throws IOException {
    Path yaml = Files.writeString(desk.folder.resolve("job.yaml"), yaml(job));
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                yaml.toString(),
                "--db",
                desk.database().toString(),
                "--landing",
                desk.landing().toString(),
                "--api-url",
                desk.emulator.url()));
    args.addAll(List.of(more));
    return args;
  }

  private static String yaml(Job job) {
    return String.join(
        "\n",
        "name: " + job.name(),
        "source: " + job.source(),
        "dataset: " + job.dataset(),
        "schema: " + job.schema(),
        "stype_in: " + job.stypeIn(),
        "symbols: [" + String.join(", ", job.symbols()) + "]",
        "from: " + time(job.from()),
        "to: " + time(job.to()),
        "table: " + job.table(),
        "chunk: {symbols: " + job.chunk().symbols() + ", days: " + job.chunk().days() + "}");
  }

  private static String time(JobTime time) {
    if (time instanceof JobTime.At at) {
      return Times.instant(at.nanos()).toString();
    }
    throw new IllegalArgumentException("A trial's job has fixed times, not " + time);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it as {@code kill -9} does, and returns once it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits until its fail point holds it. */
  void awaitFailPoint() throws IOException {
    if (!read(STOPPED)) {
      throw new IOException("The process ended before its fail point: " + said);
    }
  }

  /** Waits for its end; its exit code. */
  int awaitEnd() throws IOException, InterruptedException {
    read(null);
    return process.waitFor();
  }

  /** All it has said, once it has ended. */
  String said() {
    return said.toString();
  }

  private boolean read(String until) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (until != null && line.contains(until)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    ChildJars.delete(temporary);
  }
}
