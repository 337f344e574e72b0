package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.HttpServer;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.ProcessLock;
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
import java.util.List;
import java.util.OptionalInt;
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
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jobs/overview",
        exchange -> {
          byte[] none = "{\"jobs\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, none.length);
          exchange.getResponseBody().write(none);
          exchange.close();
        });
    server.start();
    return server;
  }

  @Test
  void whatWorkersTellALauncherThatIsThereIsLeftToIt() throws IOException {
    HttpServer cluster = idleCluster();
    String master = "127.0.0.1:" + cluster.getAddress().getPort();
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
