package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.duckdb.Database;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Another Java process at the same desk: it runs a job, or holds the database. */
final class Child {
  /** What it runs. */
  static final Job JOB =
      Desk.job(
          BarSize.HOUR, List.of("ZL.v.0", "6J.v.0", "CL.v.0"), "2024-01-01", "2024-03-01", 1, 8);

  private Child() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    if (args[0].equals("hold")) {
      try (Database database = Database.open(folder.resolve("my.duckdb").toString())) {
        System.out.println("holding " + database.path());
        int end = System.in.read();
        System.out.println("released " + end);
      }
      return;
    }
    if (args[0].equals("notebook")) {
      try (Database database = Database.openReadOnly(folder.resolve("my.duckdb").toString())) {
        System.out.println("holding " + database.path());
        int end = System.in.read();
        System.out.println("released " + end);
      }
      return;
    }
    if (args[0].equals("wait")) {
      System.exit(update(folder, args[2], args[3]));
    }
    ApiOptions api =
        ApiOptions.of(args[2], ApiKeySource.file(folder.resolve("key.txt").toString()));
    Console console = new Console(System.out, System.out, Console.Mode.NORMAL, false, false);
    int code = new BackfillActions().run(List.of(Desk.options(folder, JOB, api)), console);
    System.out.println("exit " + code);
    // The pipeline's threads are no reason to stay.
    System.exit(code);
  }

  /** What a schedule calls: it waits while another process has the database. */
  private static int update(Path folder, String url, String schema) throws IOException {
    ApiOptions api = ApiOptions.of(url, ApiKeySource.file(folder.resolve("key.txt").toString()));
    BarSize size = schema.equals("ohlcv-1d") ? BarSize.DAY : BarSize.HOUR;
    Job job = Desk.job(size, List.of("ZC.v.0"), "2024-01-01", "2024-02-01", 1, 400);
    Console console = new Console(System.out, System.out, Console.Mode.NORMAL, false, false);
    return new BackfillActions()
        .update(
            List.of(Desk.options(folder, job, api).withPatience(Duration.ofMinutes(2))), console);
  }

  /** Starts one; it ends with its parent's test, by {@code destroyForcibly}. */
  static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Child.class.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** A holder of the folder's database, once it holds it. */
  static Process holding(Path folder) throws IOException {
    return waitedFor(start("hold", folder.toString()));
  }

  /** One that has the folder's database open to read it, once it has. */
  static Process notebook(Path folder) throws IOException {
    return waitedFor(start("notebook", folder.toString()));
  }

  private static Process waitedFor(Process child) throws IOException {
    BufferedReader said =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    if (line == null || !line.startsWith("holding ")) {
      child.destroyForcibly();
      throw new IOException("the child says " + line);
    }
    return child;
  }
}
