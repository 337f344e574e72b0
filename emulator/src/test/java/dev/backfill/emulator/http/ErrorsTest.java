package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.DAYS;
import static dev.backfill.emulator.http.Probe.fields;
import static dev.backfill.emulator.http.Probe.json;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.KeyRights;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  private static final String RANGE = "timeseries.get_range";
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static EmulatorServer server;

  @BeforeAll
  static void start() {
    server =
        EmulatorServer.start(
            EmulatorConfig.builder()
                .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T06:30:00Z")))
                .rateLimitFactor(0)
                .key("db-good", KeyRights.of("GLBX.MDP3"))
                .key("db-licensed", KeyRights.of("GLBX.MDP3").withLicensed("GLBX.MDP3"))
                .key("db-poor", KeyRights.of("GLBX.MDP3").withoutFunds())
                .key("db-locked", KeyRights.of("GLBX.MDP3").withLocked())
                .key(
                    "db-nolicense",
                    KeyRights.of("GLBX.MDP3").withDenial(KeyRights.Denial.NO_LICENSE))
                .key(
                    "db-norange",
                    KeyRights.of("GLBX.MDP3").withDenial(KeyRights.Denial.UNAVAILABLE_RANGE))
                .build());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Probe as(String key) {
    return new Probe(server, key, CLIENT);
  }

  private static JsonNode refused(String key, Map<String, String> fields, int status)
      throws IOException {
    HttpResponse<byte[]> response = as(key).post(RANGE, fields);
    assertThat(Probe.text(response), response.statusCode(), is(status));
    return json(response).path("detail");
  }

  private static void refusedAs(
      String key, Map<String, String> fields, int status, String errorCase) throws IOException {
    JsonNode detail = refused(key, fields, status);
    assertThat(detail.path("case").asText(), is(errorCase));
    assertThat(detail.path("status_code").asInt(), is(status));
  }

  @Test
  void noCredentialsIsTheTextShape() throws IOException {
    HttpResponse<byte[]> response = as("").post(RANGE, DAYS);
    assertThat(response.statusCode(), is(401));
    assertThat(Probe.text(response), is("{\"detail\":\"Not authenticated\"}"));
    assertThat(response.headers().firstValue("WWW-Authenticate").orElse(""), is("Basic"));
  }

  @Test
  void aWrongKeyIsTheObjectShape() throws IOException {
    refusedAs("db-wrong", DAYS, 401, "auth_authentication_failed");
  }

  @Test
  void missingFieldsAreTheListShape() throws IOException {
    JsonNode list = refused("db-good", fields("symbols", "ES.v.0"), 422);
    assertThat(
        list.toString(),
        is(
            "[{\"loc\":[\"body\",\"dataset\"],\"msg\":\"Field"
                + " required\",\"type\":\"missing\"},{\"loc\":[\"body\",\"start\"],\"msg\":\"Field"
                + " required\",\"type\":\"missing\"}]"));
  }

  @Test
  void aGatewayPageIsNotJson() throws IOException {
    server.faults().add(Fault.status(504));
    HttpResponse<byte[]> response = as("db-good").post(RANGE, DAYS);
    assertThat(response.statusCode(), is(504));
    assertThat(Probe.text(response), containsString("<h1>504 Gateway Time-out</h1>"));
    assertThat(response.headers().firstValue("Content-Type").orElse(""), is("text/html"));
  }

  @Test
  void illTypedFieldsAreTheListShape() throws IOException {
    assertThat(
        refused("db-good", with(DAYS, "start", "yesterday"), 422).path(0).path("type").asText(),
        is("datetime_parsing"));
    assertThat(
        refused("db-good", with(DAYS, "limit", "0"), 422).path(0).path("type").asText(),
        is("greater_than_equal"));
    assertThat(
        refused("db-good", with(DAYS, "pretty_px", "maybe"), 422).path(0).path("type").asText(),
        is("bool_parsing"));
  }

  @Test
  void badValuesAreRefused() throws IOException {
    refusedAs("db-good", with(DAYS, "dataset", "GLBX.MDP4"), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "schema", "ohlcv-2d"), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "schema", null), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "stype_in", "smart"), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "encoding", "xml"), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "compression", "gzip"), 400, "validation_failed");
    refusedAs("db-good", with(DAYS, "symbols", "ES"), 400, "symbology_invalid_symbol");
    refusedAs(
        "db-good",
        with(DAYS, "symbols", String.join(",", Collections.nCopies(2001, "ES.v.0"))),
        400,
        "validation_failed");
    refusedAs(
        "db-good",
        with(DAYS, "stype_in", "parent", "symbols", "RB"),
        400,
        "symbology_invalid_symbol");
  }

  @Test
  void rangesThatCannotBeServedAreRefusedWithTheirPayload() throws IOException {
    JsonNode early =
        refused("db-good", with(DAYS, "start", "2010-01-01", "end", "2010-07-01"), 422);
    assertThat(early.path("case").asText(), is("data_start_before_available_start"));
    assertThat(
        early.path("payload").toString(),
        is(
            "{\"start\":\"2010-01-01T00:00:00.000000000Z\","
                + "\"end\":\"2010-07-01T00:00:00.000000000Z\",\"dataset\":\"GLBX.MDP3\","
                + "\"available_start\":\"2010-06-06T00:00:00.000000000Z\","
                + "\"available_end\":\"2025-12-16T06:10:00.000000000Z\"}"));
    refusedAs(
        "db-good",
        with(DAYS, "start", "2024-03-07", "end", "2024-03-07"),
        422,
        "data_time_range_start_on_or_after_end");
    refusedAs("db-good", with(DAYS, "end", "2026-01-01"), 422, "data_end_after_available_end");
    refusedAs(
        "db-good",
        with(DAYS, "start", "2026-01-01", "end", "2026-02-01"),
        422,
        "data_start_after_available_end");
    JsonNode schema =
        refused("db-licensed", with(DAYS, "end", "2025-12-16T00:00:00.000000001Z"), 422);
    assertThat(schema.path("case").asText(), is("data_schema_not_fully_available"));
    assertThat(
        schema.path("payload").path("available_end").asText(),
        is("2025-12-16T00:00:00.000000000Z"));
  }

  @Test
  void theRecentPartNeedsALicence() throws IOException {
    Map<String, String> recent =
        with(DAYS, "schema", "ohlcv-1h", "start", "2025-12-15", "end", "2025-12-16");
    JsonNode detail = refused("db-good", recent, 422);
    assertThat(detail.path("case").asText(), is("dataset_unavailable_range"));
    assertThat(detail.path("message").asText(), containsString("2025-12-15T22:00:00.000000000Z"));
    assertThat(as("db-licensed").post(RANGE, recent).statusCode(), is(200));
    assertThat(
        as("db-good").post(RANGE, with(recent, "end", "2025-12-15T22:00")).statusCode(), is(200));
  }

  @Test
  void accountsWithoutRightsOrMoneyAreRefused() throws IOException {
    refusedAs("db-locked", DAYS, 403, "auth_account_locked");
    refusedAs("db-poor", DAYS, 402, "account_insufficient_funds");
    Map<String, String> ice = with(DAYS, "dataset", "IFUS.IMPACT", "symbols", "SB.v.0");
    refusedAs("db-good", ice, 403, "auth_no_dataset_entitlement");
    refusedAs("db-nolicense", ice, 403, "license_not_found_unauthorized");
    refusedAs("db-norange", ice, 422, "dataset_unavailable_range");
  }

  @Test
  void symbolsOfWhichNoneResolvesAreRefused() throws IOException {
    refusedAs("db-good", with(DAYS, "symbols", "LB.v.0"), 422, "symbology_invalid_request");
    refusedAs(
        "db-good",
        with(DAYS, "stype_in", "parent", "symbols", "ES.FUT,LB.FUT"),
        422,
        "symbology_invalid_request");
    refusedAs("db-good", with(DAYS, "stype_out", "raw_symbol"), 422, "symbology_invalid_request");
  }

  @Test
  void checksComeInTheirOrder() throws IOException {
    // Everything is wrong; one thing after the other is mended.
    Map<String, String> f =
        with(
            DAYS,
            "dataset",
            "NO.SUCH",
            "schema",
            "none",
            "stype_in",
            "smart",
            "symbols",
            "LB",
            "start",
            "2009-01-01",
            "end",
            "2008-01-01");
    refused("", f, 401);
    refusedAs("db-locked", f, 403, "auth_account_locked");
    refusedAs("db-poor", f, 400, "validation_failed");
    f = with(f, "dataset", "GLBX.MDP3");
    assertThat(refused("db-poor", f, 400).path("message").asText(), containsString("schema"));
    f = with(f, "schema", "ohlcv-1h");
    assertThat(refused("db-poor", f, 400).path("message").asText(), containsString("stype_in"));
    f = with(f, "stype_in", "continuous");
    refusedAs("db-poor", f, 400, "symbology_invalid_symbol");
    f = with(f, "symbols", "LB.v.0");
    refusedAs("db-poor", f, 422, "data_time_range_start_on_or_after_end");
    f = with(f, "end", "2026-01-01");
    refusedAs("db-poor", f, 422, "data_start_before_available_start");
    f = with(f, "start", "2024-01-01", "end", "2025-12-16T06:10:00Z");
    refusedAs("db-poor", f, 422, "data_schema_not_fully_available");
    f = with(f, "end", "2025-12-16T06:00:00Z");
    refusedAs("db-poor", f, 422, "dataset_unavailable_range");
    f = with(f, "end", "2025-12-01");
    refusedAs("db-poor", f, 402, "account_insufficient_funds");
    refusedAs("db-good", f, 422, "symbology_invalid_request");
  }

  @Test
  void resolveHasItsOwnDateChecks() throws IOException {
    Map<String, String> f =
        fields(
            "dataset", "GLBX.MDP3",
            "symbols", "ES.v.0",
            "stype_in", "continuous",
            "stype_out", "instrument_id",
            "start_date", "2024-03-07",
            "end_date", "2024-03-07");
    HttpResponse<byte[]> same = as("db-good").post("symbology.resolve", f);
    assertThat(same.statusCode(), is(422));
    assertThat(
        json(same).path("detail").path("case").asText(),
        is("data_date_range_start_on_or_after_end"));
    HttpResponse<byte[]> early =
        as("db-good").post("symbology.resolve", with(f, "start_date", "2010-06-05"));
    assertThat(
        json(early).path("detail").path("case").asText(), is("data_start_before_available_start"));
    HttpResponse<byte[]> toName =
        as("db-good").post("symbology.resolve", with(f, "stype_out", "raw_symbol"));
    assertThat(toName.statusCode(), is(422));
  }

  @Test
  void unknownRoutesAre404() throws IOException {
    assertThat(as("db-good").raw("GET", "/v1/", "x").statusCode(), is(404));
    assertThat(as("db-good").get("metadata.nothing", Map.of()).statusCode(), is(404));
    assertThat(as("db-good").raw("POST", "/v0/metadata.list_datasets", "").statusCode(), is(405));
  }
}
