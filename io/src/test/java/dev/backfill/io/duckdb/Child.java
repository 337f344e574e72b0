package dev.backfill.io.duckdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBDriver;

/** Another Java process: holds a database open, or dies in the middle of a group. */
final class Child {
  private Child() {}

  public static void main(String[] args) throws IOException, SQLException {
    Path file = Path.of(args[1]);
    if (args[0].equals("read") || args[0].equals("write")) {
      another(file, args[0].equals("read"));
      return;
    }
    if (args[0].equals("hold")) {
      try (Database database = Database.open(file.toString())) {
        System.out.println("holding " + database.path());
        int end = System.in.read();
        System.out.println("released " + end);
      }
    } else {
      load(file, args[2]);
    }
  }

  /** As a program that is none of ours: with DuckDB's own lock and nothing beside it. */
  private static void another(Path file, boolean isReading) throws IOException, SQLException {
    Properties settings = new Properties();
    settings.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, Boolean.toString(isReading));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, settings)) {
      System.out.println("holding " + connection.getCatalog());
      int end = System.in.read();
      System.out.println("released " + end);
    }
  }

  /** Writes groups until one reaches the boundary for the third time, then waits to be killed. */
  private static void load(Path file, String boundary) {
    TargetSpec target =
        new TargetSpec(file.toString(), TestDatabase.HOURLY, List.of(), false, "run-child");
    Database database = Database.open(file.toString());
    Tables.prepare(database, target);
    int[] seen = new int[1];
    GroupWriter writer =
        new GroupWriter(
            database,
            target,
            java.time.Clock.systemUTC(),
            step -> {
              if (step.equals(boundary) && ++seen[0] == 3) {
                System.out.println("at " + boundary);
                try {
                  int end = System.in.read();
                  throw new IllegalStateException("not killed: " + end);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            });
    for (int i = 0; i < 3; i++) {
      writer.write(List.of(year(2020 + i)), GroupWriter.DATA_END_UNKNOWN, List.of());
    }
  }

  /** Some hours of a year, the last of them in the year before the next. */
  static FakeChunk year(int year) {
    FakeChunk chunk =
        new FakeChunk("c" + year)
            .batches(1000)
            .stretch("ZL.v.0", year + "-01-01", (year + 1) + "-01-01")
            .segment("ZL", year, "ZLF", null);
    long start = FakeChunk.ns(year + "-01-01") / 1_000_000_000L;
    for (int hour = 0; hour < 5000; hour++) {
      chunk.bar(java.time.Instant.ofEpochSecond(start + 3600L * hour).toString(), hour, hour);
    }
    return chunk;
  }

  /** Starts one and returns once it has said its first line. */
  static Process start(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      if (line.startsWith("holding") || line.startsWith("at ")) {
        return process;
      }
    }
    throw new IllegalStateException("The other process ended: " + said);
  }
}
