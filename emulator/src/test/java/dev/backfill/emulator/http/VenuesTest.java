package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.fields;
import static dev.backfill.emulator.http.Probe.json;
import static dev.backfill.emulator.http.Probe.text;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Options and the other venues over HTTP. */
class VenuesTest {
  private static final String RANGE = "timeseries.get_range";
  private static final Map<String, String> DEFINITIONS =
      fields(
          "dataset", "GLBX.MDP3",
          "schema", "definition",
          "stype_in", "parent",
          "symbols", "OZM.OPT",
          "start", "2024-03-05",
          "end", "2024-03-06");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static EmulatorServer server;
  private static Probe probe;

  @BeforeAll
  static void start() {
    server =
        EmulatorServer.start(
            EmulatorConfig.builder()
                .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
                .key(EmulatorConfig.DEFAULT_KEY, KeyRights.of("GLBX.MDP3"))
                .key("db-ice", KeyRights.of("IFUS.IMPACT", "XCBF.PITCH"))
                .withoutContinuous(Dataset.XCBF)
                .rateLimitFactor(0)
                .build());
    probe = new Probe(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static long ns(String date) {
    return RequestTime.toNs(Instant.parse(date + "T00:00:00Z"));
  }

  @Test
  void optionBarsComeByParentNameAndId() throws IOException {
    Map<String, String> f =
        with(DEFINITIONS, "schema", "ohlcv-1d", "encoding", "csv", "map_symbols", "true");
    List<String> lines = text(probe.post(RANGE, f)).lines().skip(1).toList();
    List<MarketBar> bars =
        server
            .market()
            .bars(
                "GLBX.MDP3",
                BarSize.DAY,
                SType.PARENT,
                "OZM.OPT",
                ns("2024-03-05"),
                ns("2024-03-06"));
    assertThat(lines.size(), is(bars.size()));
    MarketBar bar = bars.get(0);
    assertThat(lines.get(0), containsString("," + bar.volume() + "," + bar.rawSymbol()));
    Map<String, String> byName = with(f, "stype_in", "raw_symbol", "symbols", bar.rawSymbol());
    assertThat(text(probe.post(RANGE, byName)).lines().skip(1).toList().get(0), is(lines.get(0)));
  }

  @Test
  void parentsOfNothingAreRefused() throws IOException {
    for (String parent : List.of("CL.OPT", "HO.OPT", "ZL.OPT")) {
      HttpResponse<byte[]> refused = probe.post(RANGE, with(DEFINITIONS, "symbols", parent));
      assertThat(refused.statusCode(), is(422));
      assertThat(json(refused).at("/detail/case").asText(), is("symbology_invalid_request"));
    }
    Map<String, String> resolve =
        fields(
            "dataset",
            "GLBX.MDP3",
            "symbols",
            "EUU.OPT",
            "stype_in",
            "parent",
            "stype_out",
            "instrument_id",
            "start_date",
            "2015-01-05",
            "end_date",
            "2015-02-01");
    assertThat(probe.post("symbology.resolve", resolve).statusCode(), is(422));
    JsonNode later =
        json(
            probe.post(
                "symbology.resolve",
                with(resolve, "start_date", "2017-01-05", "end_date", "2017-02-01")));
    assertThat(later.path("status").asInt(), is(0));
    assertThat(later.path("result").size(), is(greaterThan(50)));
  }

  @Test
  void iceAndCboeNeedTheirRights() throws IOException {
    Map<String, String> coffee =
        with(DEFINITIONS, "dataset", "IFUS.IMPACT", "symbols", "KC.FUT", "encoding", "csv");
    HttpResponse<byte[]> refused = probe.post(RANGE, coffee);
    assertThat(refused.statusCode(), is(403));
    Probe ice = new Probe(server, "db-ice", CLIENT);
    assertThat(text(ice.post(RANGE, coffee)), containsString(",KC  FMK0024!,"));
    Map<String, String> named =
        with(coffee, "stype_in", "raw_symbol", "symbols", "KC  FMK0024!", "schema", "ohlcv-1d");
    assertThat(text(ice.post(RANGE, named)).lines().count(), is(3L));
    Map<String, String> dollar = with(named, "stype_in", "continuous", "symbols", "DX.v.0");
    assertThat(ice.post(RANGE, dollar).statusCode(), is(422));
    Map<String, String> vix =
        with(named, "dataset", "XCBF.PITCH", "stype_in", "continuous", "symbols", "VX.v.0");
    assertThat(ice.post(RANGE, vix).statusCode(), is(422));
    assertThat(
        ice.post(RANGE, with(vix, "stype_in", "parent", "symbols", "VX.FUT")).statusCode(),
        is(200));
    assertThat(
        text(ice.post(RANGE, with(vix, "stype_in", "raw_symbol", "symbols", "VX/H4")))
            .lines()
            .count(),
        is(3L));
  }
}
