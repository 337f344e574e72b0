package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.DAYS;
import static dev.backfill.emulator.http.Probe.fields;
import static dev.backfill.emulator.http.Probe.json;
import static dev.backfill.emulator.http.Probe.text;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.KeyRights;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private static final Map<String, String> GLBX = fields("dataset", "GLBX.MDP3");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static EmulatorServer server;
  private static Probe probe;

  @BeforeAll
  static void start() {
    server =
        EmulatorServer.start(
            EmulatorConfig.builder()
                .clock(EmulatorClock.real())
                .rateLimitFactor(0)
                .key("db-plain", KeyRights.of("GLBX.MDP3"))
                .key("db-live", KeyRights.of("GLBX.MDP3").withLicensed("GLBX.MDP3"))
                .key("db-flat", KeyRights.of("GLBX.MDP3").withFlatRate("GLBX.MDP3"))
                .build());
    probe = new Probe(server, "db-plain", CLIENT);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void setClock() {
    server.clock().set(Instant.parse("2025-12-16T06:37:21Z"));
  }

  private static String end(Probe p, String schema) throws IOException {
    return json(p.get("metadata.get_dataset_range", GLBX))
        .path("schema")
        .path(schema)
        .path("end")
        .asText();
  }

  @Test
  void theRangeMovesWithTheClockAndTheRights() throws IOException {
    JsonNode range = json(probe.get("metadata.get_dataset_range", GLBX));
    assertThat(range.path("start").asText(), is("2010-06-06T00:00:00.000000000Z"));
    assertThat(range.path("end").asText(), is("2025-12-15T22:37:00.000000000Z"));
    assertThat(end(probe, "ohlcv-1s"), is("2025-12-15T22:37:00.000000000Z"));
    assertThat(end(probe, "ohlcv-1m"), is("2025-12-15T22:37:00.000000000Z"));
    assertThat(end(probe, "ohlcv-1h"), is("2025-12-15T22:00:00.000000000Z"));
    assertThat(end(probe, "ohlcv-1d"), is("2025-12-15T00:00:00.000000000Z"));
    Probe live = new Probe(server, "db-live", CLIENT);
    assertThat(end(live, "ohlcv-1d"), is("2025-12-16T00:00:00.000000000Z"));
    assertThat(end(live, "ohlcv-1h"), is("2025-12-16T06:00:00.000000000Z"));
    probe.raw("POST", "/control/clock", "{\"now\":\"2025-12-16T08:00:00Z\"}");
    assertThat(end(probe, "ohlcv-1d"), is("2025-12-16T00:00:00.000000000Z"));
    assertThat(probe.raw("POST", "/control/clock", "{\"now\":\"soon\"}").statusCode(), is(400));
  }

  @Test
  void sizesAreCountsTimesFiftySixBytesTimesThePrice() throws IOException {
    assertThat(text(probe.post("metadata.get_record_count", DAYS)), is("3"));
    assertThat(text(probe.get("metadata.get_record_count", DAYS)), is("3"));
    assertThat(text(probe.post("metadata.get_billable_size", DAYS)), is("168"));
    // 168 / 2^30 × 190
    assertThat(
        json(probe.post("metadata.get_cost", DAYS)).decimalValue().toPlainString(),
        is("0.000029727817"));
    assertThat(
        json(new Probe(server, "db-flat", CLIENT).post("metadata.get_cost", DAYS)).asDouble(),
        is(0.0));
    assertThat(text(probe.post("metadata.get_record_count", with(DAYS, "limit", "2"))), is("2"));
  }

  @Test
  void aFiguresOfTheServiceComesOutTheSame() {
    assertThat(Metadata.dollars(56, 190).toPlainString(), is("0.000009909272"));
    assertThat(Metadata.dollars(336, 190).toPlainString(), is("0.000059455633"));
  }

  @Test
  void countsAreWidenedToTenMinutes() throws IOException {
    Map<String, String> f =
        with(DAYS, "schema", "ohlcv-1m", "start", "2024-03-05T15:03", "end", "2024-03-05T15:04");
    assertThat(text(probe.post("metadata.get_record_count", f)), is("10"));
    Map<String, String> edges = with(f, "start", "2024-03-05T15:00", "end", "2024-03-05T15:10");
    assertThat(text(probe.post("metadata.get_record_count", edges)), is("10"));
  }

  @Test
  void listsSayWhatThereIs() throws IOException {
    assertThat(
        text(probe.get("metadata.list_datasets", Map.of())),
        is("[\"GLBX.MDP3\",\"IFUS.IMPACT\",\"XCBF.PITCH\"]"));
    assertThat(
        text(probe.get("metadata.list_datasets", fields("end_date", "2018-12-01"))),
        is("[\"GLBX.MDP3\",\"XCBF.PITCH\"]"));
    assertThat(
        text(probe.get("metadata.list_schemas", GLBX)),
        is(
            "[\"ohlcv-1s\",\"ohlcv-1m\",\"ohlcv-1h\",\"ohlcv-1d\",\"definition\","
                + "\"statistics\"]"));
    assertThat(
        text(probe.get("metadata.list_publishers", Map.of())),
        startsWith(
            "[{\"publisher_id\":1,\"dataset\":\"GLBX.MDP3\",\"venue\":\"GLBX\","
                + "\"description\":\"CME Globex MDP 3.0\"},{\"publisher_id\":97,"));
    assertThat(
        json(probe.get("metadata.list_unit_prices", GLBX))
            .path(1)
            .path("unit_prices")
            .path("ohlcv-1d")
            .asDouble(),
        is(190.0));
    assertThat(
        text(probe.get("metadata.list_fields", fields("schema", "ohlcv-1d", "encoding", "csv"))),
        startsWith("[{\"name\":\"ts_event\",\"type\":\"uint64_t\"},{\"name\":\"rtype\",\"type\":"));
  }

  @Test
  void conditionsHaveAnInclusiveEndAndPendingDays() throws IOException {
    JsonNode list =
        json(
            probe.get(
                "metadata.get_dataset_condition",
                with(GLBX, "start_date", "2011-05-04", "end_date", "2011-05-05")));
    assertThat(list.size(), is(2));
    assertThat(list.get(1).path("date").asText(), is("2011-05-05"));
    assertThat(list.get(1).path("condition").asText(), is("missing"));
    JsonNode newest =
        json(probe.get("metadata.get_dataset_condition", with(GLBX, "start_date", "2025-12-16")));
    assertThat(newest.get(0).path("condition").asText(), is("pending"));
    assertThat(newest.get(0).path("last_modified_date").isNull(), is(true));
    JsonNode all = json(probe.get("metadata.get_dataset_condition", GLBX));
    int degraded = 0;
    for (JsonNode day : all) {
      degraded += day.path("condition").asText().equals("degraded") ? 1 : 0;
    }
    assertThat(degraded > 10 && degraded < 60, is(true));
  }

  @Test
  void resolveAnswersAsTheServiceDoes() throws IOException {
    Map<String, String> f =
        fields(
            "dataset", "GLBX.MDP3",
            "symbols", "ES.v.0,XXXX.v.0",
            "stype_in", "continuous",
            "stype_out", "instrument_id",
            "start_date", "2024-01-02",
            "end_date", "2024-01-05");
    String id = json(probe.post("symbology.resolve", f)).at("/result/ES.v.0/0/s").asText();
    String expected =
        "{\"result\":{\"ES.v.0\":[{\"d0\":\"2024-01-02\",\"d1\":\"2024-01-05\",\"s\":\""
            + id
            + "\"}],\"XXXX.v.0\":[]},\"symbols\":[\"ES.v.0\",\"XXXX.v.0\"],"
            + "\"stype_in\":\"continuous\",\"stype_out\":\"instrument_id\","
            + "\"start_date\":\"2024-01-02\",\"end_date\":\"2024-01-05\",\"partial\":[],"
            + "\"not_found\":[\"XXXX.v.0\"],\"message\":\"Partially resolved\",\"status\":1}";
    assertThat(text(probe.post("symbology.resolve", f)), is(expected));
    assertThat(text(probe.get("symbology.resolve", f)), is(expected));
    JsonNode name =
        json(
            probe.post(
                "symbology.resolve",
                with(
                    f,
                    "symbols",
                    id,
                    "stype_in",
                    "instrument_id",
                    "stype_out",
                    "raw_symbol",
                    "end_date",
                    null)));
    assertThat(name.at("/result/" + id + "/0/s").asText(), is("ESH4"));
    assertThat(name.path("end_date").asText(), is("2024-01-03"));
    assertThat(name.path("status").asInt(), is(0));
    JsonNode none = json(probe.post("symbology.resolve", with(f, "symbols", "LB.v.0")));
    assertThat(none.path("status").asInt(), is(2));
    assertThat(none.path("message").asText(), is("Not found"));
  }

  @Test
  void theRootAnnouncesTheMarket() throws IOException {
    assertThat(
        text(new Probe(server, "", CLIENT).raw("GET", "/v0/", "")),
        is("{\"api-version\":\"v0\",\"emulator\":{\"market\":\"1\",\"seed\":1}}"));
  }
}
