package dev.backfill.emulator.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.fred.FredObservation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FRED's shapes and words. */
class FredTest {
  private static final Instant NOW = Instant.parse("2025-12-16T00:00:00Z");
  private static final String KEYED = "&file_type=json&api_key=" + EmulatorConfig.DEFAULT_FRED_KEY;

  private static EmulatorServer emulator;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    emulator =
        EmulatorServer.start(
            EmulatorConfig.builder().clock(EmulatorClock.fixed(NOW)).rateLimitFactor(0).build());
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    emulator.close();
  }

  private static HttpResponse<String> get(String pathAndQuery) {
    return send(HttpRequest.newBuilder(URI.create(emulator.url() + pathAndQuery)).build());
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode ok(String pathAndQuery) throws IOException {
    HttpResponse<String> answer = get(pathAndQuery);
    assertThat(answer.body(), answer.statusCode(), is(200));
    assertThat(answer.headers().firstValue("x-emulator").orElse(""), is("market=1; seed=1"));
    return Answers.JSON.readTree(answer.body());
  }

  @Test
  void aSeriesIsDescribed() throws IOException {
    JsonNode answer = ok("/fred/series?series_id=DGS10" + KEYED);
    assertThat(answer.path("realtime_start").asText(), is("2025-12-15"));
    JsonNode one = answer.path("seriess").path(0);
    assertThat(one.path("id").asText(), is("DGS10"));
    assertThat(one.path("frequency").asText(), is("Daily"));
    assertThat(one.path("frequency_short").asText(), is("D"));
    assertThat(one.path("units").asText(), is("Percent"));
    assertThat(one.path("observation_end").asText(), is("2025-12-12"));
    assertThat(one.path("last_updated").asText(), is("2025-12-15 00:01:00-06"));
    JsonNode ended = ok("/fred/series?series_id=STLFSI" + KEYED).path("seriess").path(0);
    assertThat(ended.path("title").asText(), containsString("(DISCONTINUED)"));
    assertThat(
        LocalDate.parse(ended.path("observation_end").asText()).isBefore(LocalDate.of(2024, 1, 1)),
        is(true));
  }

  @Test
  void pagesTogetherAreTheTruth() throws IOException {
    List<String> read = new ArrayList<>();
    int count;
    do {
      JsonNode page =
          ok("/fred/series/observations?series_id=DGS10&limit=1000&offset=" + read.size() + KEYED);
      count = page.path("count").asInt();
      assertThat(page.path("offset").asInt(), is(read.size()));
      assertThat(page.path("limit").asInt(), is(1000));
      assertThat(page.path("units").asText(), is("lin"));
      assertThat(page.path("output_type").asInt(), is(1));
      assertThat(page.path("order_by").asText(), is("observation_date"));
      page.path("observations")
          .forEach(o -> read.add(o.path("date").asText() + " " + o.path("value").asText()));
    } while (read.size() < count);
    assertThat(
        read,
        is(
            emulator.fred().observations("DGS10").stream()
                .map(o -> o.date() + " " + o.value())
                .toList()));
    assertThat("a holiday", read.contains("2024-12-25 ."), is(true));
  }

  @Test
  void theDayWtiWentBelowZeroIsThere() throws IOException {
    JsonNode page =
        ok(
            "/fred/series/observations?series_id=DCOILWTICO&observation_start=2020-04-20"
                + "&observation_end=2020-04-20"
                + KEYED);
    assertThat(page.path("observations").toString(), containsString("\"value\":\"-36.98\""));
  }

  @Test
  void whatWasKnownOnADayIsServedAndSoIsEveryVintage() throws IOException {
    String id = "B235RC1Q027SBEA";
    List<FredObservation> vintages = emulator.fred().vintages(id);
    JsonNode all =
        ok(
            "/fred/series/observations?series_id="
                + id
                + "&realtime_start=1776-07-04&realtime_end=9999-12-31"
                + KEYED);
    assertThat(all.path("count").asInt(), is(vintages.size()));
    assertThat(vintages.size(), is(greaterThan(emulator.fred().observations(id).size())));
    JsonNode then =
        ok(
            "/fred/series/observations?series_id="
                + id
                + "&realtime_start=2020-06-01&realtime_end=2020-06-01"
                + KEYED);
    LocalDate day = LocalDate.of(2020, 6, 1);
    assertThat(
        then.path("count").asLong(),
        is(
            vintages.stream()
                .filter(v -> !v.realtimeStart().isAfter(day) && !v.realtimeEnd().isBefore(day))
                .count()));
    JsonNode days = ok("/fred/series/vintagedates?series_id=" + id + KEYED);
    assertThat(days.path("vintage_dates").size(), is(days.path("count").asInt()));
    assertThat(days.path("order_by").asText(), is("vintage_date"));
  }

  @Test
  void aRevisionMovesLastUpdatedAndTheValuesFromADateOn() throws IOException {
    List<FredObservation> before = emulator.fred().observations("PPIFGS");
    HttpResponse<String> revised =
        send(
            HttpRequest.newBuilder(URI.create(emulator.url() + "/control/fred/revise"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"series_id\":\"PPIFGS\",\"from\":\"2015-01-01\",\"at\":"
                            + "\"2025-12-15T15:16:04Z\"}"))
                .build());
    assertThat(revised.statusCode(), is(200));
    assertThat(
        ok("/fred/series?series_id=PPIFGS" + KEYED)
            .path("seriess")
            .path(0)
            .path("last_updated")
            .asText(),
        is("2025-12-15 09:16:04-06"));
    List<FredObservation> after = emulator.fred().observations("PPIFGS");
    for (int i = 0; i < before.size(); i++) {
      boolean isRevised = !before.get(i).date().isBefore(LocalDate.of(2015, 1, 1));
      assertThat(after.get(i).value().equals(before.get(i).value()), is(!isRevised));
    }
  }

  @Test
  void aWithdrawnSeriesDoesNotExist() throws IOException {
    ok("/fred/series?series_id=TEDRATE" + KEYED);
    for (int status : new int[] {200, 400}) {
      HttpResponse<String> withdrawn =
          send(
              HttpRequest.newBuilder(URI.create(emulator.url() + "/control/fred/withdraw"))
                  .POST(HttpRequest.BodyPublishers.ofString("{\"series_id\":\"TEDRATE\"}"))
                  .build());
      assertThat(withdrawn.statusCode(), is(status));
      HttpResponse<String> answer = get("/fred/series?series_id=TEDRATE" + KEYED);
      assertThat(answer.statusCode(), is(400));
      assertThat(answer.body(), containsString("The series does not exist."));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "series?series_id=NONE&file_type=json&api_key=KEY | The series does not exist.",
        "series?file_type=json&api_key=KEY | Variable series_id is not set.",
        "series?series_id=GDP&api_key=KEY | This emulator serves file_type=json only; the default is xml.",
        "series?series_id=GDP&file_type=json | Variable api_key is not set.",
        "series?series_id=GDP&file_type=json&api_key=abc | The value for variable api_key is not a 32",
        "series?series_id=GDP&file_type=json&api_key=ffffffffffffffffffffffffffffffff | The value for variable api_key is not registered.",
        "series/observations?series_id=DGS10&limit=100001&file_type=json&api_key=KEY | Variable limit is not between 1 and 100000.",
        "series/observations?series_id=DGS10&offset=-1&file_type=json&api_key=KEY | Variable offset is not a",
        "series/observations?series_id=DGS10&realtime_start=x&file_type=json&api_key=KEY | Variable realtime_start is not a YYYY-MM-DD",
        "series/observations?series_id=DGS10&output_type=2&file_type=json&api_key=KEY | This emulator serves output_type=1 only.",
        "series/observations?series_id=DGS10&realtime_start=1776-07-04&realtime_end=9999-12-31&file_type=json&api_key=KEY | There are ",
      })
  void refusalsHaveFredsShape(String path, String words) throws IOException {
    HttpResponse<String> answer =
        get("/fred/" + path.replace("KEY", EmulatorConfig.DEFAULT_FRED_KEY));
    assertThat(answer.statusCode(), is(400));
    JsonNode body = Answers.JSON.readTree(answer.body());
    assertThat(body.path("error_code").asInt(), is(400));
    assertThat(body.path("error_message").asText(), startsWith("Bad Request.  " + words));
  }

  @Test
  void within120RequestsAMinuteIsTheLimit() {
    AtomicLong now = new AtomicLong();
    FredLimit limit = new FredLimit(1, now::get);
    for (int i = 0; i < 120; i++) {
      assertThat(limit.allows("a"), is(true));
    }
    assertThat(limit.allows("a"), is(false));
    assertThat(limit.allows("b"), is(true));
    now.set(59_999_999_999L);
    assertThat(limit.allows("a"), is(false));
    now.set(60_000_000_000L);
    assertThat(limit.allows("a"), is(true));
  }

  @Test
  void aboveTheLimitIs429() throws IOException {
    try (EmulatorServer slow =
        EmulatorServer.start(
            EmulatorConfig.builder()
                .clock(EmulatorClock.fixed(NOW))
                .rateLimitFactor(1 / 120.0)
                .build())) {
      String url = slow.url() + "/fred/series?series_id=GDP" + KEYED;
      assertThat(send(HttpRequest.newBuilder(URI.create(url)).build()).statusCode(), is(200));
      HttpResponse<String> refused = send(HttpRequest.newBuilder(URI.create(url)).build());
      assertThat(refused.statusCode(), is(429));
      assertThat(
          refused.body(),
          is("{\"error_code\":429,\"error_message\":\"Too Many Requests.  Exceeded Rate Limit\"}"));
    }
  }
}
