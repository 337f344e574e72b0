package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A Flink cluster of processes, as {@code runner-configs/flink-cluster} starts it: one JobManager
 * and two TaskManagers of one slot each, which know the emulator's key from their environment. One
 * for all tests of this JVM; it ends with it.
 */
final class FlinkProcesses {
  static final String JOB_MANAGER = "jobmanager";
  static final int WORKERS = 2;
  static final int SLOTS = WORKERS * RunnerOptions.REQUESTS;

  /** How soon a loss is seen, in milliseconds: heartbeats, and a request for a slot. */
  private static final Map<String, String> QUICK =
      Map.of("HEARTBEAT", "1000", "HEARTBEAT_TIMEOUT", "6000", "SLOT_TIMEOUT", "20000");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static @Nullable FlinkProcesses shared;

  private final Path scripts;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private FlinkProcesses(Path scripts, Path folder) {
    this.scripts = scripts;
    this.folder = folder;
  }

  /**
   * The cluster with all its processes: those that are gone are started. Where what it needs has
   * not been built, the test is skipped and says how.
   */
  static synchronized FlinkProcesses running() throws IOException, InterruptedException {
    FlinkProcesses cluster = shared;
    if (cluster == null) {
      Path root = Path.of(System.getProperty("backfill.root", ".."));
      System.setProperty("backfill.job-jar", jobJar(root).toString());
      Path scripts = root.resolve("runner-configs").resolve("flink-cluster").toRealPath();
      if (!Files.exists(scripts.resolve("target/lib/key"))) {
        skip(
            "Flink's jars are not in "
                + scripts.resolve("target/lib")
                + ": run start.sh there once");
      }
      cluster = new FlinkProcesses(scripts, Files.createTempDirectory("flink-cluster"));
      Runtime.getRuntime().addShutdownHook(new Thread(cluster::end));
      shared = cluster;
    }
    cluster.start();
    return cluster;
  }

  /** The jar of this very code; one of older sources would test those. */
  private static Path jobJar(Path root) throws IOException {
    String build = "mvn -q -Dquick -Djars -pl runner-configs/flink-local -am package";
    Path folder = root.resolve("runner-configs").resolve("flink-local").resolve("target/quick");
    List<Path> jars = files(folder, "-job.jar");
    if (jars.isEmpty()) {
      skip("the cluster's jar is not in " + folder + ": " + build);
    }
    FileTime built = Files.getLastModifiedTime(jars.get(0));
    for (String module : List.of("schemas", "io", "transforms", "pipelines")) {
      for (Path source : files(root.resolve(module).resolve("src/main"), "")) {
        if (Files.getLastModifiedTime(source).compareTo(built) > 0) {
          skip("the cluster's jar is older than " + source + ": " + build);
        }
      }
    }
    return jars.get(0).toRealPath();
  }

  private static void skip(String reason) {
    System.out.println("Cluster trials SKIPPED: " + reason);
    Assumptions.abort(reason);
  }

  private static List<Path> files(Path folder, String suffix) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder, new FileVisitOption[0])) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().endsWith(suffix))
          .toList();
    }
  }

  private void start() throws IOException, InterruptedException {
    script("start.sh", String.valueOf(WORKERS));
    awaitFreeSlots(WORKERS);
  }

  private void end() {
    try {
      script("stop.sh");
      ChildJars.delete(folder);
    } catch (IOException e) {
      System.err.println("The cluster in " + folder + " could not be stopped: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void script(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command));
    line.set(0, scripts.resolve(command[0]).toString());
    ProcessBuilder script = new ProcessBuilder(line).redirectErrorStream(true);
    script.environment().putAll(QUICK);
    script.environment().put("FLINK_RUN_DIR", folder.toString());
    script.environment().put("REST_PORT", "0");
    script.environment().put("SLOTS", "1");
    script.environment().put("JAVA_HOME", System.getProperty("java.home"));
    script.environment().put("DATABENTO_API_KEY", EmulatorConfig.DEFAULT_KEY);
    Process process = script.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command[0] + ": " + said);
    }
  }

  /** Where PIDs, settings and logs lie. */
  Path folder() {
    return folder;
  }

  /** Host and port, for --flink-master. */
  String master() throws IOException {
    return "127.0.0.1:" + Files.readString(folder.resolve("ports")).trim().split(" ", -1)[0];
  }

  /** The same run, on this cluster. */
  RunOptions on(RunOptions options) throws IOException {
    return options.withRunner(runner(WORKERS));
  }

  RunnerOptions runner(int workers) throws IOException {
    return new RunnerOptions(
        RunnerOptions.Kind.FLINK,
        OptionalInt.of(workers),
        RunnerOptions.REQUESTS,
        Optional.of(master()),
        List.of());
  }

  static String taskManager(int number) {
    return "taskmanager-" + number;
  }

  /** Kills a process as {@code kill -9} does, and returns once it is gone. */
  void kill(String name) throws IOException, InterruptedException {
    signal(name, "KILL");
    String pid = pid(name);
    await(Duration.ofSeconds(10), name + " is gone", () -> isGone(pid));
  }

  /** Sends a process a signal. */
  void signal(String name, String signal) throws IOException, InterruptedException {
    output("kill", "-s", signal, pid(name));
  }

  private String pid(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".pid")).trim();
  }

  /** A dead process that nobody has waited for still has its PID. */
  private static boolean isGone(String pid) {
    try {
      String state = output("ps", "-o", "stat=", "-p", pid);
      return state.isBlank() || state.startsWith("Z");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(10, TimeUnit.SECONDS);
    return said.trim();
  }

  /** What the cluster answers; empty where it does not. */
  Optional<JsonNode> rest(String path) {
    try {
      HttpResponse<byte[]> answer = send(path, "GET");
      return answer.statusCode() == 200
          ? Optional.of(JSON.readTree(answer.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The id of the job that was given to it last. */
  String newestJob() {
    JsonNode newest = JSON.createObjectNode();
    for (JsonNode job : rest("/jobs/overview").orElseThrow().path("jobs")) {
      if (job.path("start-time").asLong() >= newest.path("start-time").asLong()) {
        newest = job;
      }
    }
    return newest.path("jid").asText();
  }

  /** How often tasks of a job were started again after a failure. */
  int restarts(String job) {
    return rest("/jobs/" + job + "/metrics?get=numRestarts")
        .map(metrics -> metrics.path(0).path("value").asInt())
        .orElse(0);
  }

  /** Cancels a job, as a person does in the UI. */
  void cancel(String job) throws IOException {
    send("/jobs/" + job + "?mode=cancel", "PATCH");
  }

  private HttpResponse<byte[]> send(String path, String method) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master() + path))
            .timeout(Duration.ofSeconds(10))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Waits until no job has any of the slots of all workers. */
  void awaitFreeSlots(int slots) {
    await(
        Duration.ofSeconds(60),
        slots + " slots are free",
        () ->
            rest("/overview")
                .filter(all -> all.path("slots-total").asInt() == slots)
                .filter(all -> all.path("slots-available").asInt() == slots)
                .isPresent());
  }

  /** Waits for something that must come. */
  static void await(Duration longest, String what, BooleanSupplier isSo) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("after " + longest.toSeconds() + " s it is not so that " + what);
      }
      LockSupport.parkNanos(50_000_000);
    }
  }
}
