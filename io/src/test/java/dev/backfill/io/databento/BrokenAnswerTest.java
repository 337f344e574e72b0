package dev.backfill.io.databento;

import static dev.backfill.io.databento.ClientFixture.QUERY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.databento.HistoricalClient.Answer;
import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import dev.backfill.io.http.ServiceConnectionException;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenAnswerTest {
  private static final String CALL = "timeseries.get_range of GLBX.MDP3 ohlcv-1h 2 symbols: ";
  private final ClientFixture fixture = new ClientFixture();
  private ScriptedServer server;
  private HttpHistoricalClient client;

  @BeforeEach
  void start() throws IOException {
    server = ScriptedServer.start();
    client = fixture.connect(server.url());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void bodyShorterThanItsLengthIsBroken() throws IOException {
    server.then(Reply.cut("half", 8, Reply.After.CLOSE));
    assertThat(
        brokenBody().getMessage(),
        allOf(
            startsWith(CALL + "the body is not whole: it ended early"), endsWith("after 4 bytes")));
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSE", "RESET"})
  void bodyWithoutItsLastChunkIsBroken(Reply.After after) throws IOException {
    server.then(Reply.chunkedWithoutEnd("half", after));
    assertThat(brokenBody().getMessage(), startsWith(CALL + "the body is not whole: it ended"));
  }

  @Test
  void bodyOneByteAtATimeIsWatchedToo() throws IOException {
    server.then(Reply.cut("ab", 3, Reply.After.CLOSE));
    try (Answer answer = client.getRange(QUERY)) {
      assertThat(answer.body().read(), is((int) 'a'));
      assertThat(answer.body().read(), is((int) 'b'));
      IOException broken = assertThrows(IOException.class, () -> answer.body().read());
      assertThat(broken.getMessage(), endsWith("after 2 bytes"));
    }
  }

  @Test
  void stalledBodyTimesOut() throws IOException {
    server.then(Reply.cut("half", 8, Reply.After.STALL));
    assertThat(
        brokenBody().getMessage(),
        is(CALL + "the body is not whole: no byte came for 300 ms after 4 bytes"));
  }

  @Test
  void answerThatNeverBeginsTimesOut() {
    server.then(Reply.raw("", Reply.After.STALL));
    ApiOptions options =
        ClientFixture.options(server.url())
            .withTimeouts(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(60));
    try (HttpHistoricalClient impatient = fixture.connect(options)) {
      ServiceConnectionException late =
          assertThrows(ServiceConnectionException.class, () -> impatient.getRange(QUERY));
      assertThat(late.getMessage(), is(CALL + server.url() + " sent no answer within 200 ms"));
      assertThat(late.isRetryable(), is(true));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSE", "RESET"})
  void connectionThatBreaksBeforeTheAnswerIsNotTriedAgainBelowUs(Reply.After after) {
    server.then(Reply.raw("", after));
    ServiceConnectionException broken =
        assertThrows(ServiceConnectionException.class, () -> client.getRange(QUERY));
    assertThat(broken.getMessage(), containsString("broke before the answer"));
    assertThat(broken.isRetryable(), is(true));
    assertThat(server.requests(), hasSize(1));
  }

  @Test
  void metadataSurvivesBrokenConnectionsAndBodies() throws IOException {
    server.then(
        Reply.raw("", Reply.After.RESET),
        Reply.cut("12", 4, Reply.After.CLOSE),
        Reply.cut("12", 4, Reply.After.STALL),
        Reply.chunkedWithoutEnd("12", Reply.After.CLOSE),
        Reply.status(504, "<html>gateway</html>"),
        Reply.ok("<html>hello</html>"),
        Reply.ok("1234"));
    assertThat(client.recordCount(QUERY), is(1234L));
    assertThat(server.requests(), hasSize(7));
    assertThat(fixture.time.sleeps(), hasSize(6));
  }

  @Test
  void closingEarlyDoesNotReadTheRest() throws IOException {
    server.then(Reply.cut("half", 1 << 20, Reply.After.STALL), Reply.ok("1"));
    Duration idle = Duration.ofSeconds(30);
    ApiOptions options =
        ClientFixture.options(server.url())
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), idle);
    try (HttpHistoricalClient patient = fixture.connect(options)) {
      long start = System.nanoTime();
      try (Answer answer = patient.getRange(QUERY)) {
        assertThat(answer.body().read(), is((int) 'h'));
      }
      // To read on would have met the stall.
      assertThat(System.nanoTime() - start, lessThan(Duration.ofSeconds(5).toNanos()));
      assertThat(patient.recordCount(QUERY), is(1L));
    }
  }

  @Test
  void closedAnswersGiveTheirConnectionsBack() throws IOException {
    for (int i = 0; i < OriginLimits.CONNECTIONS + 5; i++) {
      server.then(i % 2 == 0 ? Reply.ok("body") : Reply.status(500, "no"));
    }
    for (int i = 0; i < OriginLimits.CONNECTIONS + 5; i++) {
      if (i % 2 == 0) {
        try (Answer answer = client.getRange(QUERY)) {
          answer.body().readAllBytes();
        }
      } else {
        assertThrows(DatabentoApiException.class, () -> client.getRange(QUERY));
      }
    }
    assertThat(server.connections(), is(1));
  }

  @Test
  void manyAnswersAreReadAtOnce() throws IOException {
    List<Answer> open = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      server.then(Reply.ok("body " + i));
      open.add(client.getRange(QUERY));
    }
    assertThat(server.connections(), is(64));
    for (int i = 0; i < 64; i++) {
      try (Answer answer = open.get(i)) {
        assertThat(new String(answer.body().readAllBytes(), UTF_8), is("body " + i));
      }
    }
  }

  @Test
  void unreachableUrlIsNamedAfterTheAttempts() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (HttpHistoricalClient nowhere = fixture.connect("http://localhost:" + port)) {
      ServiceConnectionException broken =
          assertThrows(ServiceConnectionException.class, () -> nowhere.datasetRange("X"));
      assertThat(
          broken.getMessage(),
          allOf(
              startsWith(
                  "metadata.get_dataset_range of X failed after 8 attempts: no connection to"
                      + " http://localhost:"
                      + port),
              containsString("Check --api-url")));
      assertThat(fixture.time.sleeps(), hasSize(7));
    }
  }

  @Test
  void unknownHostIsNamedAfterTheAttempts() {
    try (HttpHistoricalClient nowhere = fixture.connect("https://nowhere.invalid:8443")) {
      ServiceConnectionException broken =
          assertThrows(ServiceConnectionException.class, () -> nowhere.datasetRange("X"));
      assertThat(
          broken.getMessage(),
          containsString("the host of https://nowhere.invalid:8443 is unknown"));
      assertThat(fixture.time.sleeps(), hasSize(7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"12\"", "{}", "null", "99999999999999999999"})
  void countOfAnotherShapeIsRefusedAtOnce(String body) {
    server.then(Reply.ok(body));
    ServiceConnectionException wrong =
        assertThrows(ServiceConnectionException.class, () -> client.recordCount(QUERY));
    assertThat(
        wrong.getMessage(),
        is(
            "metadata.get_record_count of GLBX.MDP3 ohlcv-1h 2 symbols: the answer has another"
                + " shape than documented: expected a whole number, 0 or more, got "
                + body
                + ". Check --api-url, or whether the service has changed"));
    assertThat(server.requests(), hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "12 13", "{\"a\":1,\"a\":2}", "<html/>", "12,"})
  void whatIsNotJsonIsAskedAgain(String body) throws IOException {
    server.then(Reply.ok(body), Reply.ok("5"));
    assertThat(client.billableSize(QUERY), is(5L));
    assertThat(server.requests(), hasSize(2));
  }

  @Test
  void wrongPlaceInAnAnswerIsNamed() {
    server.then(
        Reply.ok("{\"start\":\"2020-01-01\",\"end\":\"2021-01-01\",\"schema\":{\"mbo\":[1]}}"),
        Reply.ok("[{\"date\":\"2020-01-01\",\"condition\":\"fine\"}]"),
        Reply.ok("{\"api-version\":\"v1\"}"));
    assertThat(
        assertThrows(IOException.class, () -> client.datasetRange("X")).getMessage(),
        containsString("at schema.mbo: expected an object, got [1]"));
    assertThat(
        assertThrows(
                IOException.class,
                () -> client.datasetCondition("X", LocalDate.EPOCH, LocalDate.EPOCH))
            .getMessage(),
        containsString("at [0].condition: expected available, degraded, pending or missing"));
    assertThat(
        assertThrows(IOException.class, () -> client.origin()).getMessage(),
        containsString("expected \"v0\""));
  }

  private ServiceConnectionException brokenBody() throws IOException {
    try (Answer answer = client.getRange(QUERY)) {
      ServiceConnectionException broken =
          assertThrows(ServiceConnectionException.class, () -> answer.body().readAllBytes());
      assertThat(broken.isRetryable(), is(true));
      return broken;
    }
  }
}
