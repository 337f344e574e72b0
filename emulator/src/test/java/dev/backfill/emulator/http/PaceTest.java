package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.DAYS;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static EmulatorConfig.Builder config() {
    return EmulatorConfig.builder()
        .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
        .rateLimitFactor(0);
  }

  @Test
  void latencyComesBeforeEachAnswer() throws IOException {
    try (EmulatorServer server =
        EmulatorServer.start(config().latency(Duration.ofMillis(120)).build())) {
      long begin = System.nanoTime();
      new Probe(server).get("metadata.list_datasets", Map.of());
      assertThat(System.nanoTime() - begin, is(greaterThanOrEqualTo(120_000_000L)));
    }
  }

  @Test
  void throughputIsBoundedForEachAnswer() throws IOException {
    Map<String, String> f = with(DAYS, "schema", "ohlcv-1h", "encoding", "dbn");
    try (EmulatorServer server = EmulatorServer.start(config().bytesPerSecond(20_000).build())) {
      long begin = System.nanoTime();
      int size = new Probe(server).post("timeseries.get_range", f).body().length;
      assertThat(System.nanoTime() - begin, is(greaterThan(size * 45_000L)));
    }
  }

  @Test
  void aClientThatGoesAwayIsBilledInFull() throws Exception {
    Map<String, String> f = with(DAYS, "schema", "ohlcv-1m", "encoding", "dbn");
    try (EmulatorServer server = EmulatorServer.start(config().build())) {
      long all =
          server
              .market()
              .query(
                  dev.backfill.emulator.market.Dataset.GLBX,
                  dev.backfill.schemas.BarSize.MINUTE,
                  dev.backfill.io.dbn.SType.CONTINUOUS,
                  java.util.List.of("ES.v.0"),
                  RequestTime.toNs(Instant.parse("2022-03-04T00:00:00Z")),
                  RequestTime.toNs(Instant.parse("2024-03-07T00:00:00Z")))
              .count();
      hangUp(server, with(f, "start", "2022-03-04"));
      while (server.ledger().entries().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(server.ledger().billedBytes(), is(all * 56));
    }
  }

  private static void hangUp(EmulatorServer server, Map<String, String> fields) throws IOException {
    StringBuilder query = new StringBuilder();
    fields.forEach((k, v) -> query.append(k).append('=').append(v).append('&'));
    String basic =
        Base64.getEncoder()
            .encodeToString((EmulatorConfig.DEFAULT_KEY + ":").getBytes(StandardCharsets.UTF_8));
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      String request =
          "GET /v0/timeseries.get_range?"
              + query
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic "
              + basic
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(in.readNBytes(1000).length, is(1000));
    }
  }
}
