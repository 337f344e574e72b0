package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.DAYS;
import static dev.backfill.emulator.http.Probe.text;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GetRangeTest {
  private static final String RANGE = "timeseries.get_range";
  private static EmulatorServer server;
  private static Probe probe;

  @BeforeAll
  static void start() {
    server = EmulatorServer.start(config(3, 0));
    probe = new Probe(server);
  }

  private static EmulatorConfig config(int version, int recordsPerFrame) {
    return EmulatorConfig.builder()
        .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
        .rateLimitFactor(0)
        .dbnVersion(version)
        .recordsPerFrame(recordsPerFrame)
        .build();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<MarketBar> expected(BarSize size, String symbol, String from, String to) {
    return server
        .market()
        .bars(
            "GLBX.MDP3",
            size,
            SType.CONTINUOUS,
            symbol,
            RequestTime.toNs(Instant.parse(from + "T00:00:00Z")),
            RequestTime.toNs(Instant.parse(to + "T00:00:00Z")));
  }

  private static String csv(MarketBar b, int rtype) {
    return b.tsEvent()
        + ","
        + rtype
        + ",1,"
        + b.instrumentId()
        + ","
        + b.open()
        + ","
        + b.high()
        + ","
        + b.low()
        + ","
        + b.close()
        + ","
        + b.volume();
  }

  @Test
  void theServersDefaultsAreCsvAndNoCompression() throws IOException {
    String rows =
        expected(BarSize.DAY, "ES.v.0", "2024-03-04", "2024-03-07").stream()
            .map(b -> csv(b, 35) + "\n")
            .collect(Collectors.joining());
    HttpResponse<byte[]> response = probe.post(RANGE, DAYS);
    assertThat(
        text(response),
        is("ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume\n" + rows));
    assertThat(response.headers().firstValue("Content-Type").orElse(""), is("text/csv"));
    assertThat(response.headers().firstValue("request-id").isPresent(), is(true));
    assertThat(response.headers().firstValue("X-Emulator").orElse(""), is("market=1; seed=1"));
  }

  @Test
  void csvCanBePrettyAndNamed() throws IOException {
    MarketBar b = expected(BarSize.DAY, "CL.v.0", "2020-04-20", "2020-04-21").get(0);
    Map<String, String> f =
        with(
            DAYS,
            "symbols",
            "CL.v.0",
            "start",
            "2020-04-20",
            "end",
            "2020-04-21",
            "pretty_px",
            "True",
            "pretty_ts",
            "true",
            "map_symbols",
            "TRUE");
    assertThat(
        text(probe.post(RANGE, f)),
        is(
            "ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol\n"
                + "2020-04-20T00:00:00.000000000Z,35,1,"
                + b.instrumentId()
                + ",17.730000000,17.730000000,-40.320000000,-37.630000000,"
                + b.volume()
                + ",CL.v.0\n"));
  }

  @Test
  void jsonIsOneObjectALine() throws IOException {
    MarketBar b = expected(BarSize.HOUR, "6J.v.0", "2024-03-04", "2024-03-05").get(0);
    Map<String, String> f =
        with(DAYS, "symbols", "6J.v.0", "schema", "ohlcv-1h", "encoding", "json", "limit", "1");
    assertThat(
        text(probe.post(RANGE, f)),
        is(
            "{\"hd\":{\"ts_event\":\"1709510400000000000\",\"rtype\":34,\"publisher_id\":1,"
                + "\"instrument_id\":"
                + b.instrumentId()
                + "},\"open\":\""
                + b.open()
                + "\",\"high\":\""
                + b.high()
                + "\",\"low\":\""
                + b.low()
                + "\",\"close\":\""
                + b.close()
                + "\",\"volume\":\""
                + b.volume()
                + "\"}\n"));
    String pretty =
        text(
            probe.post(
                RANGE, with(f, "pretty_px", "1", "pretty_ts", "true", "map_symbols", "true")));
    assertThat(pretty, containsString("\"ts_event\":\"2024-03-04T00:00:00.000000000Z\""));
    assertThat(
        pretty,
        containsString("\"open\":\"" + BigDecimal.valueOf(b.open(), 9).toPlainString() + "\""));
    assertThat(pretty, containsString(",\"symbol\":\"6J.v.0\"}\n"));
  }

  private static List<List<Long>> decode(byte[] body, int version) throws IOException {
    List<List<Long>> rows = new ArrayList<>();
    try (DbnReader reader = DbnReader.open(new ByteArrayInputStream(body))) {
      assertThat(reader.version(), is(version));
      while (reader.next()) {
        rows.add(
            List.of(
                reader.tsEvent(),
                reader.instrumentId(),
                (long) reader.rtype(),
                (long) reader.publisherId(),
                reader.openPrice(),
                reader.highPrice(),
                reader.lowPrice(),
                reader.closePrice(),
                reader.volume()));
      }
    }
    return rows;
  }

  private static List<List<Long>> rows(List<MarketBar> bars, BarSize size) {
    return bars.stream()
        .map(
            b ->
                List.of(
                    b.tsEvent(),
                    b.instrumentId(),
                    (long) size.rtype(),
                    (long) b.publisherId(),
                    b.open(),
                    b.high(),
                    b.low(),
                    b.close(),
                    b.volume()))
        .toList();
  }

  @Test
  void dbnOfEachVersionHoldsTheMarketsBars() throws IOException {
    List<List<Long>> expected =
        rows(expected(BarSize.MINUTE, "ZN.v.0", "2024-03-04", "2024-03-07"), BarSize.MINUTE);
    Map<String, String> f =
        with(DAYS, "symbols", "ZN.v.0", "schema", "ohlcv-1m", "encoding", "dbn");
    for (int version = 1; version <= 3; version++) {
      for (int perFrame : new int[] {0, 100}) {
        try (EmulatorServer other = EmulatorServer.start(config(version, perFrame))) {
          Probe p = new Probe(other);
          byte[] plain = p.post(RANGE, f).body();
          byte[] packed = p.post(RANGE, with(f, "compression", "zstd")).body();
          assertThat(decode(plain, version), equalTo(expected));
          assertThat(decode(packed, version), equalTo(expected));
          assertThat(packed[0], is((byte) 0x28));
        }
      }
    }
  }

  @Test
  void theMetadataRepeatsTheRequestAndMapsTheSymbols() throws IOException {
    Map<String, String> f =
        with(DAYS, "symbols", "ES.v.0,KE.v.0,LB.v.0", "start", "2013-12-14", "encoding", "dbn");
    byte[] body = probe.post(RANGE, with(f, "end", "2013-12-20", "limit", "3")).body();
    try (DbnReader reader = DbnReader.open(new ByteArrayInputStream(body))) {
      DbnMetadata m = reader.metadata();
      assertThat(m.dataset(), is("GLBX.MDP3"));
      assertThat(m.schema(), is(DbnSchema.OHLCV_1D));
      assertThat(m.stypeIn(), is(SType.CONTINUOUS));
      assertThat(m.symbols(), equalTo(List.of("ES.v.0", "KE.v.0", "LB.v.0")));
      assertThat(m.partial(), equalTo(List.of("KE.v.0")));
      assertThat(m.notFound(), equalTo(List.of("LB.v.0")));
      assertThat(m.limit(), is(3L));
      assertThat(RequestTime.iso(m.startNs()), is("2013-12-14T00:00:00.000000000Z"));
      assertThat(RequestTime.iso(m.endNs()), is("2013-12-20T00:00:00.000000000Z"));
      assertThat(m.mappings().get(1).rawSymbol(), is("KE.v.0"));
      assertThat(m.mappings().get(1).intervals().get(0).start().toString(), is("2013-12-16"));
      int records = 0;
      while (reader.next()) {
        records++;
      }
      assertThat(records, is(3));
    }
  }

  @Test
  void anAbsentEndIsFilledForward() throws IOException {
    Map<String, String> f = with(DAYS, "schema", "ohlcv-1m", "end", null);
    assertThat(
        probe.post(RANGE, with(f, "start", "2024-03-04")).body(),
        equalTo(probe.post(RANGE, with(f, "end", "2024-03-05")).body()));
    assertThat(
        probe.post(RANGE, with(f, "start", "2024-03-04T14")).body(),
        equalTo(
            probe
                .post(RANGE, with(f, "start", "1709560800000000000", "end", "2024-03-04T15:00"))
                .body()));
  }

  @Test
  void getIsLikePostAndEqualRequestsHaveEqualAnswers() throws IOException {
    Map<String, String> f = with(DAYS, "encoding", "dbn", "compression", "zstd");
    byte[] first = probe.post(RANGE, f).body();
    assertThat(probe.get(RANGE, f).body(), equalTo(first));
    assertThat(probe.post(RANGE, f).body(), equalTo(first));
  }

  @Test
  void warningsAreAJsonArrayOfTexts() throws IOException {
    HttpResponse<byte[]> some = probe.post(RANGE, with(DAYS, "symbols", "ES.v.0,LB.v.0"));
    assertThat(
        some.headers().firstValue("X-Warning").orElse(""),
        is(
            "[\"Warning: The streaming request had one or more symbols which did not fully"
                + " resolve: LB.v.0\"]"));
    HttpResponse<byte[]> none =
        probe.post(RANGE, with(DAYS, "start", "2024-03-09", "end", "2024-03-10"));
    assertThat(none.statusCode(), is(200));
    assertThat(
        none.headers().firstValue("X-Warning").orElse(""),
        is("[\"Warning: No data found for the request you submitted.\"]"));
    assertThat(
        probe
            .post(RANGE, with(DAYS, "start", "2015-01-01", "end", "2017-01-01"))
            .headers()
            .firstValue("X-Warning")
            .orElse(""),
        containsString("reduced quality: 20"));
    assertThat(probe.post(RANGE, DAYS).headers().firstValue("X-Warning").isPresent(), is(false));
  }

  @Test
  void parentsAndRawSymbolsAreNamedByContract() throws IOException {
    Map<String, String> f =
        with(
            DAYS,
            "stype_in",
            "parent",
            "symbols",
            "ES.FUT",
            "map_symbols",
            "true",
            "end",
            "2024-03-05");
    String body = text(probe.post(RANGE, f));
    assertThat(body, containsString(",ESH4\n"));
    assertThat(body, containsString(",ESM4\n"));
    assertThat(
        text(probe.post(RANGE, with(f, "stype_in", "raw_symbol", "symbols", "ESH4"))),
        not(containsString("ESM4")));
    String all = text(probe.post(RANGE, with(f, "stype_in", "raw_symbol", "symbols", null)));
    assertThat(all.lines().count() > 300, is(true));
  }

  @Test
  void theGatewayGivesUpOnLargeRequestsWhereThatIsOn() throws IOException {
    EmulatorConfig strict =
        EmulatorConfig.builder()
            .clock(server.clock())
            .gatewayLimit(EmulatorConfig.USUAL_GATEWAY_LIMIT)
            .build();
    try (EmulatorServer other = EmulatorServer.start(strict)) {
      Map<String, String> f = with(DAYS, "schema", "ohlcv-1m", "start", "2010-06-06");
      HttpResponse<byte[]> large = new Probe(other).post(RANGE, f);
      assertThat(large.statusCode(), is(504));
      assertThat(text(large), containsString("<html>"));
      assertThat(new Probe(other).post(RANGE, DAYS).statusCode(), is(200));
    }
  }
}
