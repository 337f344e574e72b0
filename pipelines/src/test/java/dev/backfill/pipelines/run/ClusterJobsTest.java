package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.ProcessLock;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a cluster that this launcher has not begun, and clusters that cannot be had. */
class ClusterJobsTest {
  private static final String OTHER = "20240102T030405-beef";

  @TempDir Path folder;

  private static Job job() {
    return Desk.job(BarSize.DAY, List.of("ZL.v.0"), "2024-01-01", "2024-02-01", 1, 400);
  }

  /** A cluster that has no job. */
  private static HttpServer idleCluster() throws IOException {
    HttpServer server = server();
    answer(server, "/jobs/overview", () -> "{\"jobs\":[]}");
    server.start();
    return server;
  }

  private static HttpServer server() throws IOException {
    return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  private static void answer(HttpServer server, String path, Supplier<String> json) {
    server.createContext(
        path,
        exchange -> {
          byte[] body = json.get().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  /** A cluster whose one job works when it is looked at for the first time, and has then ended. */
  private static void letWork(HttpServer server, String name) {
    AtomicInteger looks = new AtomicInteger();
    answer(
        server,
        "/overview",
        () -> "{\"flink-version\":\"1.19.3\",\"taskmanagers\":1,\"slots-total\":1}");
    answer(
        server,
        "/jobs/overview",
        () -> "{\"jobs\":[{\"jid\":\"j1\",\"name\":\"" + name + "\",\"start-time\":1}]}");
    answer(
        server,
        "/jobs/j1",
        () -> looks.getAndIncrement() < 2 ? "{\"state\":\"RUNNING\"}" : "{\"state\":\"FINISHED\"}");
    server.start();
  }

  private static String master(HttpServer cluster) {
    return "127.0.0.1:" + cluster.getAddress().getPort();
  }

  /** The run that has landed a job's chunks. */
  private static String landedBy(Desk desk, Job job) throws IOException {
    return LandingArea.at(desk.landing().toString())
        .list(job.source(), job.dataset(), job.schema(), job.stypeIn())
        .get(0)
        .getRunId();
  }

  @Test
  void whatWasLoadedWhileAJobWasFollowedIsInTheSummary() throws IOException {
    Job job = Desk.job(BarSize.DAY, List.of("ZL.v.0", "ZS.v.0"), "2024-01-01", "2024-02-01", 1, 40);
    HttpServer cluster = server();
    String before = System.getProperty("backfill.job-jar", "");
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.land(desk.options(job)), is(0));
      String landed = landedBy(desk, job);
      RunFolder told = LandingArea.at(desk.landing().toString()).runFolder(landed);
      ClusterJob left = ClusterJob.of(master(cluster), job, landed, 3);
      told.writeRun(left.json());
      FollowProgress progress = new FollowProgress(context(desk, job), told, landed, left.chunks());
      progress.look();
      assertThat(progress.line(), startsWith("landed 2 of 3 chunks, loaded 0 rows of 0 chunks ("));
      letWork(cluster, left.name());
      Path jar = Files.createFile(folder.resolve("job.jar"));
      System.setProperty("backfill.job-jar", jar.toString());
      RunOptions options =
          desk.options(job)
              .withRunner(
                  new RunnerOptions(
                      RunnerOptions.Kind.FLINK,
                      OptionalInt.of(1),
                      1,
                      Optional.of(master(cluster)),
                      List.of()));
      assertThat(desk.said(), desk.run(options, true), is(0));
      assertThat(desk.said(), containsString("Following the Flink job"));
      List<String> rows = TableRows.in(desk.database(), job.table());
      assertThat(rows.size(), greaterThan(0));
      assertThat(
          desk.said(),
          containsString("of what it landed were loaded " + rows.size() + " rows of 2 chunks"));
      JsonNode summary = new ObjectMapper().readTree(desk.printed());
      assertThat(summary.path("rows_written").asInt(), is(rows.size()));
      assertThat(summary.path("chunks_loaded").asInt(), is(2));
      assertThat(summary.path("chunks_from_landing").asInt(), is(2));
      assertThat(summary.path("seconds").asDouble(), greaterThan(0.4));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT run_id, rows_written, chunks_done FROM ops.backfill_runs WHERE rows_written > 0"),
          contains(summary.path("loads").path(0).asText() + "|" + rows.size() + "|2"));
    } finally {
      System.setProperty("backfill.job-jar", before);
      cluster.stop(0);
    }
  }

  private static RunContext context(Desk desk, Job job) throws IOException {
    return RunContext.begin(
        desk.options(job),
        new Console(System.out, System.err, Console.Mode.QUIET, false, false),
        Clock.systemUTC(),
        RetryPolicy.forData());
  }

  @Test
  void whatAJobHasAskedAfterItsLauncherWasKilledIsInTheLedger() throws IOException {
    HttpServer cluster = idleCluster();
    try (Desk desk = Desk.in(folder)) {
      Job other = Desk.job(BarSize.DAY, List.of("ZS.v.0"), "2024-01-01", "2024-02-01", 1, 400);
      assertThat(desk.run(other), is(0));
      assertThat(desk.land(desk.options(job())), is(0));
      String landed =
          LandingArea.at(desk.landing().toString())
              .list("databento", "GLBX.MDP3", job().schema(), "continuous")
              .stream()
              .filter(one -> one.getChunk().getSymbols().contains("ZL.v.0"))
              .findFirst()
              .orElseThrow()
              .getRunId();
      try (Database database = Database.open(desk.database().toString())) {
        LedgerLog log = new LedgerLog(database);
        log.record(RunRow.begun(landed, "test-job", "h", "flink", Desk.NOW));
        assertThat(log.interruptRunning(), contains(landed));
      }
      LandingArea.at(desk.landing().toString())
          .runFolder(landed)
          .writeRun(ClusterJob.of(master(cluster), job(), landed, 1).json());
      assertThat(desk.run(job()), is(0));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT bytes_billable > 0, bytes_billable = (SELECT sum(billable_bytes) FROM"
                  + " ops.requests q WHERE q.run_id = r.run_id) FROM ops.backfill_runs r WHERE"
                  + " status = 'interrupted'"),
          contains("true|true"));
    } finally {
      cluster.stop(0);
    }
  }

  @Test
  void whatWorkersTellALauncherThatIsThereIsLeftToIt() throws IOException {
    HttpServer cluster = idleCluster();
    String master = master(cluster);
    try (Desk desk = Desk.in(folder)) {
      RunFolder told = LandingArea.at(desk.landing().toString()).runFolder(OTHER);
      told.writeRun(ClusterJob.of(master, job(), OTHER, 3).json());
      Path lock = desk.landing().toRealPath().resolve("databento-GLBX.MDP3-ohlcv-1d.lock");
      try (ProcessLock launcher = ProcessLock.acquire(lock, Holder.self("run " + OTHER))) {
        assertThat(desk.run(job()), is(5));
        assertThat(desk.said(), containsString("(run " + OTHER + ")"));
        assertThat(told.run().isPresent(), is(true));
        launcher.close();
      }
      assertThat(desk.run(job()), is(0));
      assertThat(told.run().isPresent(), is(false));
    } finally {
      cluster.stop(0);
    }
  }

  @Test
  void anOptionThatBeamDoesNotKnowIsRefusedBeforeAnythingIsAsked() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      RunOptions options =
          desk.options(job())
              .withRunner(RunnerOptions.direct(OptionalInt.empty(), List.of("--nonsense=3")));
      assertThat(desk.run(options), is(2));
      assertThat(desk.said(), containsString("What follows -- are Beam's own options"));
      assertThat(desk.said(), containsString("'nonsense'"));
      assertThat(desk.billedRequests(), is(0L));
      assertThat(Files.exists(desk.database()), is(false));
    }
  }
}
