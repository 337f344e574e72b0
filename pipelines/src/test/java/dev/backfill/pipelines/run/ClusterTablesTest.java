package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in jobs on a cluster leave the same tables as on the direct runner, and no secret. */
@Tag("slow")
class ClusterTablesTest {
  @TempDir Path folder;
  FlinkProcesses cluster;

  @BeforeEach
  void startCluster() throws IOException, InterruptedException {
    cluster = FlinkProcesses.running();
  }

  @AfterAll
  static void print() {
    ClusterResults.print("On two TaskManagers and on the direct runner:");
  }

  @Test
  void hourlyFuturesOfAYearAreTheSame() throws IOException {
    assertSameTables("hourly-futures", BarSize.HOUR);
  }

  @Test
  void dailyFuturesAreTheSame() throws IOException {
    assertSameTables("daily-futures", BarSize.DAY);
  }

  private void assertSameTables(String name, BarSize size) throws IOException {
    Job job = JobFile.read(name);
    try (Desk desk = Desk.in(folder)) {
      RunOptions direct =
          Desk.options(Files.createDirectory(folder.resolve("direct")), job, desk.api());
      double directTook = seconds(desk, direct);
      long billed = desk.emulator.ledger().billedBytes();
      double clusterTook = seconds(desk, cluster.on(desk.options(job)));
      assertThat(desk.emulator.ledger().billedBytes(), equalTo(2 * billed));
      Path expected = direct.database().orElseThrow();
      long rows = assertSame(desk.database(), expected, size.futuresTable());
      ClusterResults.add(
          name,
          job.symbols().size() + " symbols, " + rows + " rows the same",
          String.format("%.1f s, direct %.1f s", clusterTook, directTook));
    }
  }

  private static double seconds(Desk desk, RunOptions options) {
    long began = System.nanoTime();
    int code = desk.run(options);
    assertThat(desk.said(), code, equalTo(0));
    return (System.nanoTime() - began) / 1e9;
  }

  /** Fails where a row or a column but the time of loading differs; how many rows there are. */
  private static long assertSame(Path actual, Path expected, String table) {
    String attached = "ATTACH '" + expected + "' AS expected (READ_ONLY)";
    String columns = "SELECT column_name, column_type FROM (DESCRIBE %s)";
    assertThat(
        TableRows.query(actual, String.format(columns, table)),
        equalTo(TableRows.query(expected, String.format(columns, table))));
    String mine = "SELECT * EXCLUDE (ingested_at) FROM " + table;
    String theirs = "SELECT * EXCLUDE (ingested_at) FROM expected." + table;
    String differing = "SELECT * FROM ((%s) EXCEPT ALL (%s)) LIMIT 5";
    assertThat(
        "only on the cluster",
        TableRows.query(actual, attached, String.format(differing, mine, theirs)),
        is(empty()));
    assertThat(
        "only on the direct runner",
        TableRows.query(actual, attached, String.format(differing, theirs, mine)),
        is(empty()));
    long rows = Long.parseLong(TableRows.query(actual, "SELECT count(*) FROM " + table).get(0));
    assertThat(rows, greaterThan(100_000L));
    return rows;
  }

  @Test
  void nobodyCanReadTheKey() throws Exception {
    String key = EmulatorConfig.DEFAULT_KEY;
    List<String> seen = new ArrayList<>();
    try (Desk desk = Desk.in(folder)) {
      Job job =
          Desk.job(BarSize.DAY, List.of("CL.v.0", "ZL.v.0"), "2022-01-01", "2023-12-01", 1, 100);
      try (CliProcess launcher = CliProcess.onCluster(desk, job, cluster, key)) {
        assertThat(launcher.said(), launcher.awaitEnd(), equalTo(0));
        assertThat(launcher.said(), allOf(containsString("bars"), not(containsString(key))));
      }
      String id = cluster.newestJob();
      for (String path : List.of("", "/config", "/plan", "/exceptions", "/accumulators")) {
        seen.add(cluster.rest("/jobs/" + id + path).map(JsonNode::toString).orElseThrow());
      }
      assertThat(seen.get(1), containsString("user-config"));
      assertThat(desk.billedRequests(), greaterThan(0L));
    }
    Map<Path, String> files = contents(cluster.folder());
    long logs = files.keySet().stream().filter(file -> file.toString().endsWith(".log")).count();
    assertThat(logs, greaterThan(2L));
    seen.addAll(files.values());
    for (String text : seen) {
      assertThat("the key is in it", text.contains(key), is(false));
    }
    ClusterResults.add("The key", "in none of " + seen.size() + " files and answers");
  }

  /** All files below a folder in which a cluster lives, which deletes some while they are read. */
  private static Map<Path, String> contents(Path folder) throws IOException {
    Map<Path, String> contents = new HashMap<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
            try {
              contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
            } catch (NoSuchFileException e) {
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(folder, e);
          }
        });
    return contents;
  }
}
