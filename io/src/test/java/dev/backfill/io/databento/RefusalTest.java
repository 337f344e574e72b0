package dev.backfill.io.databento;

import static dev.backfill.io.databento.ClientFixture.QUERY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalTest {
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
  void textShape() {
    DatabentoApiException refusal =
        refused(401, "{\"detail\": \"Not authenticated\"}", "WWW-Authenticate: Basic");
    assertThat(
        refusal.getMessage(),
        is(
            "timeseries.get_range of GLBX.MDP3 ohlcv-1h 2 symbols failed: HTTP 401: Not"
                + " authenticated. Check DATABENTO_API_KEY or --api-key-file."));
    assertThat(refusal.errorCase(), nullValue());
    assertThat(refusal.stopsRun(), is(true));
    assertThat(server.requests(), hasSize(1));
  }

  @Test
  void objectShape() {
    DatabentoApiException refusal =
        refused(
            422,
            """
            {"detail": {"case": "data_start_before_available_start", "message": "too early",
             "status_code": 422, "docs": "https://databento.com/docs/x",
             "payload": {"available_start": "2010-06-06T00:00:00.000000000Z",
                         "available_end": "2026-07-01T00:00:00.000000000Z"}}}\
            """,
            "REQUEST-ID: abc");
    assertThat(refusal.status(), is(422));
    assertThat(refusal.errorCase(), is("data_start_before_available_start"));
    assertThat(refusal.detail(), is("too early"));
    assertThat(refusal.docs(), is("https://databento.com/docs/x"));
    assertThat(refusal.requestId(), is("abc"));
    assertThat(refusal.availableStart(), is(Instant.parse("2010-06-06T00:00:00Z")));
    assertThat(refusal.availableEnd(), is(Instant.parse("2026-07-01T00:00:00Z")));
    assertThat(refusal.isRetryable(), is(false));
    assertThat(
        refusal.getMessage(),
        endsWith(
            "failed: HTTP 422 data_start_before_available_start: too early. Available from"
                + " 2010-06-06T00:00:00Z to 2026-07-01T00:00:00Z. See https://databento.com/docs/x"
                + " (request id abc)"));
  }

  @Test
  void objectShapeWithNulls() {
    DatabentoApiException refusal =
        refused(
            403, "{\"detail\": {\"case\": null, \"message\": \"no licence.\", \"payload\": null}}");
    assertThat(refusal.errorCase(), nullValue());
    assertThat(refusal.lacksRights(), is(true));
    assertThat(
        refusal.getMessage(),
        endsWith("HTTP 403: no licence. Check the subscription and licence of the dataset."));
  }

  @Test
  void listShape() {
    DatabentoApiException refusal =
        refused(
            422,
            """
            {"detail": [{"loc": ["body", "start"], "msg": "Field required", "type": "missing"},
                        {"loc": ["body", "symbols", 0], "msg": "Bad"}]}\
            """);
    assertThat(refusal.detail(), is("body.start: Field required; body.symbols.0: Bad"));
  }

  @Test
  void pageOfAGatewayIsReducedToItsWords() {
    DatabentoApiException refusal =
        refused(
            502,
            "<html><head><title>502 Bad</title><style>b {x}</style></head>\r\n<body><b>nginx</b>"
                + "x".repeat(2_000)
                + "</body></html>");
    assertThat(refusal.detail(), containsString("502 Bad nginx"));
    assertThat(refusal.detail(), not(containsString("<")));
    assertThat(refusal.detail(), not(containsString("{x}")));
    assertThat(refusal.detail().length(), is(501));
    assertThat(refusal.isRetryable(), is(true));
  }

  @Test
  void onlyTheServicesOwn403IsAboutRights() {
    for (String own :
        List.of(
            "{\"detail\": \"Not entitled\"}",
            "{\"detail\": {\"case\": \"auth_something_new\", \"message\": \"no\"}}")) {
      assertThat(own, refused(403, own).lacksRights(), is(true));
    }
    for (String other :
        List.of(
            "",
            "<html><body>Request blocked</body></html>",
            "{\"message\": \"Forbidden\"}",
            "{\"detail\": null}",
            "{\"detail\": [{\"loc\": [\"body\"], \"msg\": \"Bad\"}]}")) {
      DatabentoApiException refusal = refused(403, other);
      assertThat(other, refusal.lacksRights(), is(false));
      assertThat(refusal.isRetryable(), is(false));
      assertThat(refusal.stopsRun(), is(false));
    }
    assertThat(
        refused(403, "<html><body>Request blocked</body></html>").getMessage(),
        endsWith(
            "failed: HTTP 403: Request blocked. These are not the service's own words: check what"
                + " stands between it and this machine, a proxy, gateway or firewall."));
  }

  @Test
  void aLockedAccountIsNoMissingRight() {
    DatabentoApiException refusal =
        refused(403, "{\"detail\": {\"case\": \"auth_account_locked\", \"message\": \"locked\"}}");
    assertThat(refusal.stopsRun(), is(true));
    assertThat(refusal.lacksRights(), is(false));
  }

  @Test
  void timeoutsHaveTheirOwnSentences() {
    assertThat(
        refused(504, "<html>504</html>").getMessage(),
        endsWith(
            "HTTP 504: the service took too long to answer and its gateway gave up (gateway timed"
                + " out). Try again later, or ask for less at once."));
    assertThat(
        refused(408, "").getMessage(),
        endsWith(
            "HTTP 408: the request did not reach the service in time (transmission timed out). It"
                + " may pass: try again later."));
  }

  @Test
  void unpaidBillsNameThePortal() {
    DatabentoApiException refusal =
        refused(402, "{\"detail\":{\"case\":\"account_insufficient_funds\",\"message\":\"Pay\"}}");
    assertThat(refusal.stopsRun(), is(true));
    assertThat(refusal.getMessage(), containsString("https://databento.com/portal/billing"));
  }

  @Test
  void unavailableRangeNamesTheEndThatWouldDo() {
    DatabentoApiException refusal =
        refused(
            422,
            """
            {"detail": {"case": "dataset_unavailable_range", "message":
             "Part of the range needs a licence. Try an end time before \
            2025-12-15T16:00:00.000000000Z."}}\
            """);
    assertThat(refusal.lacksRights(), is(true));
    assertThat(refusal.availableEnd(), is(Instant.parse("2025-12-15T16:00:00Z")));
  }

  @Test
  void redirectIsNotFollowed() throws IOException {
    try (ScriptedServer elsewhere = ScriptedServer.start(Reply.ok("1"))) {
      server.then(Reply.status(307, "", "Location: " + elsewhere.url() + "/v0/metadata.get_cost"));
      DatabentoApiException refusal =
          assertThrows(DatabentoApiException.class, () -> client.cost(QUERY));
      assertThat(refusal.getMessage(), containsString("Redirects are not followed"));
      assertThat(elsewhere.requests(), empty());
    }
  }

  @Test
  void metadataIsAskedEightTimesAndDataOnce() {
    for (int i = 0; i < 8; i++) {
      server.then(Reply.status(503, "busy"));
    }
    DatabentoApiException last =
        assertThrows(DatabentoApiException.class, () -> client.recordCount(QUERY));
    assertThat(last.attempts(), is(8));
    assertThat(server.requests(), hasSize(8));
    refused(503, "busy");
    assertThat(server.requests(), hasSize(9));
  }

  @Test
  void retryAfterIsWaitedFor() throws IOException {
    server.then(Reply.status(429, "slow down", "retry-after: 45"), Reply.ok("7"));
    assertThat(client.recordCount(QUERY), is(7L));
    assertThat(fixture.time.sleeps(), contains(Duration.ofSeconds(45)));
  }

  @Test
  void retryAfterMayBeADate() {
    DatabentoApiException refusal = refused(503, "", "Retry-After: Tue, 16 Dec 2025 00:01:30 GMT");
    assertThat(refusal.retryAfter(), is(Duration.ofSeconds(90)));
  }

  @Test
  void tooManyRequestsSlowAllClientsOfTheProcess() throws IOException {
    refused(429, "slow down", "Retry-After: 20");
    assertThat(fixture.time.sleeps(), empty());
    server.then(Reply.ok("7"));
    try (HttpHistoricalClient other = fixture.connect(server.url())) {
      assertThat(other.recordCount(QUERY), is(7L));
    }
    assertThat(fixture.time.sleeps(), contains(Duration.ofSeconds(20)));
  }

  @Test
  void echoedKeyIsMasked() {
    String encoded =
        Base64.getEncoder()
            .encodeToString((ClientFixture.KEY + ":").getBytes(StandardCharsets.US_ASCII));
    DatabentoApiException refusal =
        refused(
            400, "{\"detail\": \"bad key " + ClientFixture.KEY + " in Basic " + encoded + "\"}");
    assertThat(refusal.detail(), is("bad key db-…pqrs in Basic db-…pqrs"));
  }

  @Test
  void refusalTravels() {
    DatabentoApiException refusal =
        refused(422, "{\"detail\":{\"case\":\"c\",\"message\":\"m\"}}", "Retry-After: 3");
    DatabentoApiException copy = SerializableUtils.clone(refusal);
    assertThat(copy.getMessage(), is(refusal.getMessage()));
    assertThat(copy.errorCase(), is("c"));
    assertThat(copy.retryAfter(), is(Duration.ofSeconds(3)));
  }

  private DatabentoApiException refused(int status, String body, String... headers) {
    server.then(Reply.status(status, body, headers));
    return assertThrows(DatabentoApiException.class, () -> client.getRange(QUERY));
  }
}
