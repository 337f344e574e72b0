package dev.backfill.io.databento;

import static dev.backfill.io.databento.ClientFixture.QUERY;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.databento.HistoricalClient.Answer;
import dev.backfill.io.databento.HistoricalClient.DatasetRange;
import dev.backfill.io.databento.HistoricalClient.DayCondition;
import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.databento.HistoricalClient.Range;
import dev.backfill.io.databento.HistoricalClient.Resolution;
import dev.backfill.io.http.HttpMessage;
import dev.backfill.io.http.Reply;
import dev.backfill.io.http.ScriptedServer;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHistoricalClientTest {
  private static final String BASIC =
      "Basic "
          + Base64.getEncoder()
              .encodeToString((ClientFixture.KEY + ":").getBytes(StandardCharsets.US_ASCII));

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
  void getRangePostsAFormAndStreamsTheBody() throws IOException {
    server.then(
        Reply.status(
            200,
            "the bytes",
            "Request-ID: req-1",
            "x-warning: [\"Warning: no data\", \"DeprecationWarning: old\"]"));
    try (Answer answer = client.getRange(QUERY)) {
      assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8), is("the bytes"));
      assertThat(answer.requestId(), is("req-1"));
      assertThat(answer.warnings(), contains("Warning: no data", "DeprecationWarning: old"));
    }
    HttpMessage request = server.request();
    assertThat(request.method() + " " + request.path(), is("POST /v0/timeseries.get_range"));
    assertThat(request.headers(), hasEntry("authorization", BASIC));
    assertThat(request.headers(), hasEntry("content-type", "application/x-www-form-urlencoded"));
    assertThat(request.headers(), hasEntry("user-agent", "backfill"));
    assertThat(request.headers(), not(hasKey("accept-encoding")));
    assertThat(
        request.fields(),
        equalTo(
            Map.of(
                "dataset", "GLBX.MDP3",
                "schema", "ohlcv-1h",
                "stype_in", "continuous",
                "stype_out", "instrument_id",
                "symbols", "ES.c.0,KC  FMZ0026!",
                "start", "1704067200000000000",
                "end", "1704153600000000000",
                "encoding", "dbn",
                "compression", "zstd")));
    assertThat(
        new String(request.body(), StandardCharsets.UTF_8).contains("symbols=ES.c.0%2CKC++FM"),
        is(true));
  }

  @Test
  void partialContentIsSuccess() throws IOException {
    server.then(Reply.status(206, "part", "X-Request-Id: other", "X-Warning: plain words"));
    try (Answer answer = client.getRange(QUERY)) {
      assertThat(answer.requestId(), is("other"));
      assertThat(answer.warnings(), contains("plain words"));
    }
  }

  @Test
  void countsAndCostsAreFormsWithTheSameQuery() throws IOException {
    server.then(Reply.ok("1234"), Reply.ok("69104"), Reply.ok("0.467667996883"));
    assertThat(client.recordCount(QUERY), is(1234L));
    assertThat(client.billableSize(QUERY), is(69_104L));
    assertThat(client.cost(QUERY), is(0.467667996883));
    assertThat(
        server.requests().stream().map(r -> r.method() + " " + r.path()).toList(),
        contains(
            "POST /v0/metadata.get_record_count",
            "POST /v0/metadata.get_billable_size",
            "POST /v0/metadata.get_cost"));
    for (HttpMessage request : server.requests()) {
      assertThat(request.headers(), hasEntry("authorization", BASIC));
      assertThat(
          request.fields(),
          equalTo(
              Map.of(
                  "dataset", "GLBX.MDP3",
                  "schema", "ohlcv-1h",
                  "stype_in", "continuous",
                  "symbols", "ES.c.0,KC  FMZ0026!",
                  "start", "1704067200000000000",
                  "end", "1704153600000000000")));
    }
    assertThat(server.connections(), is(1));
  }

  @Test
  void datasetRangeHasItsSchemas() throws IOException {
    server.then(
        Reply.ok(
            """
            {"start": "2010-06-06T00:00:00.000000000Z", "end": "2026-07-01T14:35:00.000000001Z",
             "schema": {"ohlcv-1d": {"start": "2010-06-06", "end": "2026-07-01T00:00:00Z"}}}\
            """));
    DatasetRange range = client.datasetRange("GLBX.MDP3");
    Range whole = new Range(ns("2010-06-06T00:00:00Z"), ns("2026-07-01T14:35:00.000000001Z"));
    assertThat(range.of("trades"), is(whole));
    assertThat(range.of("ohlcv-1d"), is(new Range(whole.startNs(), ns("2026-07-01T00:00:00Z"))));
    assertThat(server.request().method(), is("GET"));
    assertThat(server.request().target(), is("/v0/metadata.get_dataset_range?dataset=GLBX.MDP3"));
    assertThat(server.request().headers(), hasEntry("authorization", BASIC));
  }

  @Test
  void conditionsKeepTheirDates() throws IOException {
    server.then(
        Reply.ok(
            """
            [{"date": "2022-05-18", "condition": "degraded", "last_modified_date": "2022-05-19"},
             {"date": "2022-05-19", "condition": "pending", "last_modified_date": null}]\
            """));
    LocalDate first = LocalDate.of(2022, 5, 18);
    assertThat(
        client.datasetCondition("GLBX.MDP3", first, first.plusDays(1)),
        contains(
            new DayCondition(first, "degraded", first.plusDays(1)),
            new DayCondition(first.plusDays(1), "pending", null)));
    assertThat(server.request().path(), is("/v0/metadata.get_dataset_condition"));
    assertThat(
        server.request().fields(),
        is(Map.of("dataset", "GLBX.MDP3", "start_date", "2022-05-18", "end_date", "2022-05-19")));
  }

  @Test
  void pricesAreThoseOfHistoricalStreaming() throws IOException {
    server.then(
        Reply.ok(
            """
            [{"mode": "historical", "unit_prices": {"ohlcv-1d": 190.0}},
             {"mode": "historical-streaming", "unit_prices": {"ohlcv-1d": 191.5, "mbo": 1}},
             {"mode": "live", "unit_prices": {"ohlcv-1d": 1.0}}]\
            """),
        Reply.ok("[]"));
    assertThat(client.unitPrices("GLBX.MDP3"), is(Map.of("ohlcv-1d", 191.5, "mbo", 1.0)));
    assertThat(client.unitPrices("GLBX.MDP3"), anEmptyMap());
  }

  @Test
  void resolutionHasMappingsAndWhatIsMissing() throws IOException {
    server.then(
        Reply.ok(
            """
            {"result": {"ES.c.0": [{"d0": "2024-01-02", "d1": "2024-03-17", "s": "17077"},
                                   {"d0": "2024-03-17", "d1": "2024-04-01", "s": ""}],
                        "XXXX": []},
             "symbols": ["ES.c.0", "XXXX"], "partial": ["ES.c.0"], "not_found": ["XXXX"],
             "message": "Partially resolved", "status": 1}\
            """));
    LocalDate start = LocalDate.of(2024, 1, 2);
    Resolution resolution =
        client.resolve(
            "GLBX.MDP3",
            List.of("ES.c.0", "XXXX"),
            "continuous",
            "instrument_id",
            start,
            LocalDate.of(2024, 4, 1));
    assertThat(
        resolution.result(),
        is(
            Map.of(
                "ES.c.0", List.of(new Mapped(start, LocalDate.of(2024, 3, 17), "17077")),
                "XXXX", List.of())));
    assertThat(resolution.partial(), contains("ES.c.0"));
    assertThat(resolution.notFound(), contains("XXXX"));
    HttpMessage request = server.request();
    assertThat(request.method() + " " + request.path(), is("POST /v0/symbology.resolve"));
    assertThat(
        request.fields(),
        is(
            Map.of(
                "dataset", "GLBX.MDP3",
                "symbols", "ES.c.0,XXXX",
                "stype_in", "continuous",
                "stype_out", "instrument_id",
                "start_date", "2024-01-02",
                "end_date", "2024-04-01")));
  }

  @Test
  void originIsAskedWithoutTheKey() throws IOException {
    server.then(
        Reply.ok("{\"api-version\":\"v0\"}"),
        Reply.ok(
            "{\"api-version\":\"v0\",\"emulator\":{\"market\":\"calm-1\",\"seed\":-7,\"x\":1}}"));
    assertThat(client.origin().origin(), is("http://localhost:" + server.port()));
    assertThat(client.origin().origin(), is("emulator:calm-1:-7"));
    for (HttpMessage request : server.requests()) {
      assertThat(request.method() + " " + request.target(), is("GET /v0/"));
      assertThat(request.headers(), not(hasKey("authorization")));
    }
  }

  @Test
  void twoThousandSymbolsAreTheMost() {
    List<String> symbols = Collections.nCopies(2_001, "ES.c.0");
    HistoricalClient.Query query =
        new HistoricalClient.Query("GLBX.MDP3", "ohlcv-1d", "continuous", symbols, 0, 1);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> client.getRange(query));
    assertThat(refused.getMessage(), is("A request takes 1 to 2000 symbols, but has 2001"));
    assertThat(server.requests(), empty());
  }

  private static long ns(String instant) {
    return Times.nanos(Instant.parse(instant));
  }
}
