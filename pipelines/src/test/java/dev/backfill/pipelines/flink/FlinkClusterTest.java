package dev.backfill.pipelines.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read from a cluster's REST interface, with answers as Flink 1.19 gives them. */
class FlinkClusterTest {
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private HttpServer server;
  private FlinkCluster cluster;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String answer = answers.get(exchange.getRequestURI().getPath());
          byte[] body = String.valueOf(answer).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    cluster = FlinkCluster.at("127.0.0.1:" + server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theOverviewTellsVersionAndSlots() throws IOException {
    answers.put(
        "/overview",
        "{\"taskmanagers\":2,\"slots-total\":4,\"slots-available\":3,\"flink-version\":\"1.19.3\"}");
    assertThat(cluster.overview(), equalTo(new FlinkCluster.Overview("1.19.3", 2, 4, 3)));
  }

  @Test
  void theNewestJobOfANameIsFound() throws IOException {
    answers.put(
        "/jobs/overview",
        "{\"jobs\":[{\"jid\":\"a\",\"name\":\"one\",\"start-time\":5},"
            + "{\"jid\":\"b\",\"name\":\"one\",\"start-time\":7},"
            + "{\"jid\":\"c\",\"name\":\"two\",\"start-time\":9}]}");
    assertThat(cluster.jobNamed("one"), equalTo(Optional.of("b")));
    assertThat(cluster.jobNamed("three"), equalTo(Optional.empty()));
  }

  @Test
  void aJobIsUnderWayUntilItCannotGoOn() throws IOException {
    for (String state :
        new String[] {"CREATED", "RUNNING", "FAILING", "RESTARTING", "CANCELLING"}) {
      answers.put("/jobs/a", "{\"state\":\"" + state + "\"}");
      assertThat(state, cluster.status("a").isOver(), is(false));
    }
    answers.put("/jobs/a", "{\"state\":\"CANCELED\"}");
    assertThat(cluster.status("a"), is(JobStatus.CANCELED));
    assertThat(cluster.status("gone"), is(JobStatus.UNKNOWN));
  }

  @Test
  void aFailureIsTheInnermostCausesSentence() throws IOException {
    answers.put(
        "/jobs/a/exceptions",
        "{\"root-exception\":\"org.apache.flink.runtime.JobException: Recovery is suppressed\\n"
            + "\\tat org.apache.flink.X.y(X.java:1)\\n"
            + "Caused by: org.apache.beam.sdk.util.UserCodeException: java.io.IOException: outer\\n"
            + "\\tat dev.backfill.Z.z(Z.java:2)\\n"
            + "Caused by: java.io.IOException: This worker does not see the run's landing\\n"
            + "\\t... 8 more\\n\"}");
    assertThat(
        cluster.failure("a"), equalTo(Optional.of("This worker does not see the run's landing")));
  }

  @Test
  void whoDoesNotAnswerIsNamed() {
    server.stop(0);
    ClusterException failure = assertThrows(ClusterException.class, cluster::overview);
    assertThat(failure.getMessage(), containsString(cluster.master() + " does not answer"));
  }

  @Test
  void whatIsNoClusterIsTold() {
    ClusterException failure = assertThrows(ClusterException.class, cluster::overview);
    assertThat(failure.getMessage(), containsString("is no Flink cluster"));
  }
}
