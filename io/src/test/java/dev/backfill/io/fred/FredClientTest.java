package dev.backfill.io.fred;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import dev.backfill.io.http.ServiceConnectionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FredClientTest {
  private final FredFixture fixture = new FredFixture();

  private static String printed(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void aSeriesIsAskedWithTheKeyInTheQueryAndRead() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(Reply.ok(FredFixture.series("DGS10")));
        FredClient client = fixture.connect(server.url())) {
      FredClient.SeriesAnswer answer = client.series("DGS10");
      assertThat(
          answer.series(),
          is(
              new FredSeries(
                  "DGS10",
                  "A title",
                  "Daily",
                  "Percent",
                  "Not Seasonally Adjusted",
                  LocalDate.of(1962, 1, 2),
                  LocalDate.of(2025, 12, 12),
                  Instant.parse("2025-12-15T21:16:04Z"),
                  93,
                  "It's \"so\"")));
      assertThat(
          new String(answer.body(), StandardCharsets.UTF_8), is(FredFixture.series("DGS10")));
      assertThat(server.requests().get(0).path(), is("/fred/series"));
      assertThat(
          server.requests().get(0).fields(),
          is(Map.of("series_id", "DGS10", "file_type", "json", "api_key", FredFixture.KEY)));
    }
  }

  @Test
  void observationsArePagedAndForAPeriod() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(Reply.ok("{}"), Reply.ok("{}"));
        FredClient client = fixture.connect(server.url())) {
      client.observations("A&B", null, 200_000, 100_000);
      assertThat(
          server.requests().get(0).fields(),
          is(
              Map.of(
                  "series_id",
                  "A&B",
                  "limit",
                  "100000",
                  "offset",
                  "200000",
                  "file_type",
                  "json",
                  "api_key",
                  FredFixture.KEY)));
      client.observations("DGS10", new RealTime(RealTime.FIRST, RealTime.STILL), 0, 10);
      assertThat(
          server.requests().get(1).fields().get("realtime_start")
              + server.requests().get(1).fields().get("realtime_end"),
          is("1776-07-049999-12-31"));
    }
  }

  @Test
  void vintageDatesAreReadOverSeveralPages() throws IOException {
    String first = "{\"count\":3,\"offset\":0,\"vintage_dates\":[\"2001-01-01\",\"2001-02-01\"]}";
    String second = "{\"count\":3,\"offset\":2,\"vintage_dates\":[\"2001-03-01\"]}";
    try (ScriptedServer server = ScriptedServer.start(Reply.ok(first), Reply.ok(second));
        FredClient client = fixture.connect(server.url())) {
      assertThat(
          client.vintageDates("GDP"),
          is(
              List.of(
                  LocalDate.of(2001, 1, 1), LocalDate.of(2001, 2, 1), LocalDate.of(2001, 3, 1))));
      assertThat(server.requests().get(1).fields().get("offset"), is("2"));
      server.then(Reply.ok("{\"count\":3,\"vintage_dates\":[]}"));
      assertThrows(ServiceConnectionException.class, () -> client.vintageDates("GDP"));
    }
  }

  @Test
  void refusalsAreToldApart() throws IOException {
    String unknown =
        "{\"error_code\":400,\"error_message\":\"Bad Request.  The series does not exist.\"}";
    String key =
        "{\"error_code\":400,\"error_message\":\"Bad Request.  The value for variable api_key is"
            + " not registered: "
            + FredFixture.KEY
            + "\"}";
    try (ScriptedServer server =
            ScriptedServer.start(
                Reply.status(400, unknown),
                Reply.status(400, key),
                Reply.status(504, "<html><h1>504 Gateway Time-out</h1></html>"));
        FredClient client = fixture.connect(server.url())) {
      FredApiException one = assertThrows(FredApiException.class, () -> client.series("NONE"));
      assertThat(one.isUnknownSeries(), is(true));
      assertThat(one.isRetryable(), is(false));
      assertThat(
          one.getMessage(),
          is("fred/series of NONE failed: HTTP 400, Bad Request. The series does not exist."));
      FredApiException two = assertThrows(FredApiException.class, () -> client.series("GDP"));
      assertThat(two.refusesKey(), is(true));
      assertThat(
          printed(two),
          allOf(
              containsString("not registered: …cdef. Check FRED_API_KEY or --fred-key-file"),
              not(containsString(FredFixture.KEY))));
      FredApiException three = assertThrows(FredApiException.class, () -> client.series("GDP"));
      assertThat(three.isRetryable(), is(true));
      assertThat(
          three.getMessage(),
          is("fred/series of GDP failed: HTTP 504, 504 Gateway Time-out. Run it again later"));
    }
  }

  @Test
  void a429StopsAllRequestsForAsLongAsItSays() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.start(
                Reply.status(429, "{}", "Retry-After: 7"),
                Reply.ok(FredFixture.series("GDP")),
                Reply.status(429, "{}"),
                Reply.ok(FredFixture.series("GDP")));
        FredClient client = fixture.connect(server.url());
        FredClient other = fixture.connect(server.url())) {
      FredApiException refusal = assertThrows(FredApiException.class, () -> client.series("GDP"));
      assertThat(refusal.retryAfter(), is(Duration.ofSeconds(7)));
      other.series("GDP");
      assertThat(fixture.time.sleeps(), is(List.of(Duration.ofSeconds(7))));
      assertThrows(FredApiException.class, () -> client.series("GDP"));
      client.series("GDP");
      assertThat(
          "a minute is not over, but nobody says so",
          fixture.time.sleeps(),
          is(List.of(Duration.ofSeconds(7), Duration.ofSeconds(20))));
    }
  }

  @Test
  void theLimitOfAMinuteHoldsForAllClientsOfTheProcess() throws IOException {
    Reply[] replies = new Reply[5];
    java.util.Arrays.fill(replies, Reply.ok(FredFixture.series("GDP")));
    try (ScriptedServer server = ScriptedServer.start(replies);
        FredClient client = fixture.connect(server.url(), 2);
        FredClient other = fixture.connect(server.url(), 50)) {
      client.series("GDP");
      other.series("GDP");
      assertThat(fixture.time.sleeps(), is(List.of()));
      client.series("GDP");
      other.series("GDP");
      client.series("GDP");
      Duration minute = Duration.ofMillis(60_500);
      assertThat(fixture.time.sleeps(), is(List.of(minute, minute)));
    }
  }

  @Test
  void anAnswerThatBreaksOffOrMakesNoSenseMayBeWholeTheNextTime() throws IOException {
    String series = FredFixture.series("GDP");
    try (ScriptedServer server =
            ScriptedServer.start(
                Reply.cut(series.substring(0, 40), series.length(), Reply.After.CLOSE),
                Reply.ok(series.substring(0, 40)),
                Reply.ok("{}"),
                Reply.ok(series.replace("GDP", "GNP")));
        FredClient client = fixture.connect(server.url())) {
      for (String why :
          List.of("the body is not whole", "it is cut or damaged", "has no id", "is about GNP")) {
        ServiceConnectionException broken =
            assertThrows(ServiceConnectionException.class, () -> client.series("GDP"));
        assertThat(broken.isRetryable(), is(true));
        assertThat(broken.getMessage(), containsString(why));
        assertThat(printed(broken), not(containsString(FredFixture.KEY)));
      }
    }
  }

  @Test
  void noFailureOfTheConnectionHoldsTheKey() throws IOException {
    try (FredClient client = fixture.connect("http://127.0.0.1:1")) {
      IOException failure = assertThrows(IOException.class, () -> client.series("GDP"));
      assertThat(failure.getMessage(), containsString("fred/series of GDP: no connection to "));
      assertThat(printed(failure), not(containsString(FredFixture.KEY)));
    }
  }

  @Test
  void anEmulatorIsKnownByItsHeaderAndIsToldNoKey() throws IOException {
    try (ScriptedServer server =
            ScriptedServer.start(
                Reply.status(404, "{}", "X-Emulator: market=1; seed=7"),
                Reply.status(404, "Not Found"));
        FredClient client = fixture.connect(server.url())) {
      assertThat(client.origin(), is("emulator:1:7"));
      assertThat(client.origin(), is(server.url()));
      assertThat(server.requests().get(0).target(), is("/fred/"));
    }
  }

  @Test
  void theKeyIsMaskedAndItsFormChecked() {
    FredKey key = FredKey.of(" " + FredFixture.KEY + "\n", "a test");
    assertThat(key.toString(), is("…cdef"));
    ApiSettingsException wrong =
        assertThrows(ApiSettingsException.class, () -> FredKey.of("SECRET", "FRED_API_KEY"));
    assertThat(
        wrong.getMessage(),
        allOf(
            containsString("The FRED API key in FRED_API_KEY must be 32 lower-case letters"),
            not(containsString("SECRET"))));
    ApiSettingsException none =
        assertThrows(
            ApiSettingsException.class, () -> FredKeySource.environment().read(name -> null));
    assertThat(
        none.getMessage(), containsString("set the environment variable FRED_API_KEY, or name"));
  }
}
