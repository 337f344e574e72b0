package dev.backfill.emulator.http;

import static dev.backfill.emulator.http.Probe.fields;
import static dev.backfill.emulator.http.Probe.json;
import static dev.backfill.emulator.http.Probe.text;
import static dev.backfill.emulator.http.Probe.with;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import dev.backfill.io.dbn.DbnFormatException;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.DbnRecord;
import dev.backfill.io.dbn.DefinitionField;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Definitions and statistics over HTTP. */
class RecordsTest {
  private static final String RANGE = "timeseries.get_range";
  private static final Map<String, String> DEFINITIONS =
      fields(
          "dataset", "GLBX.MDP3",
          "schema", "definition",
          "stype_in", "parent",
          "symbols", "OZM.OPT",
          "start", "2024-03-05",
          "end", "2024-03-06",
          "encoding", "dbn");
  private static final Map<String, String> STATISTICS = with(DEFINITIONS, "schema", "statistics");

  private static EmulatorServer server;
  private static Probe probe;

  @BeforeAll
  static void start() {
    server = EmulatorServer.start(config(3).build());
    probe = new Probe(server);
  }

  private static EmulatorConfig.Builder config(int version) {
    return EmulatorConfig.builder()
        .clock(EmulatorClock.fixed(Instant.parse("2025-12-16T00:00:00Z")))
        .rateLimitFactor(0)
        .dbnVersion(version);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.faults().clear();
    server.ledger().clear();
  }

  private static long ns(String date) {
    return RequestTime.toNs(Instant.parse(date + "T00:00:00Z"));
  }

  private static List<DefinitionRecord> definitions(String parent) {
    return server
        .market()
        .definitions("GLBX.MDP3", SType.PARENT, parent, ns("2024-03-05"), ns("2024-03-06"));
  }

  private static List<StatisticsRecord> statistics(String parent) {
    return server
        .market()
        .statistics("GLBX.MDP3", SType.PARENT, parent, ns("2024-03-05"), ns("2024-03-06"));
  }

  private static List<DbnRecord> read(byte[] body) throws IOException {
    List<DbnRecord> records = new ArrayList<>();
    try (DbnReader reader = DbnReader.open(new ByteArrayInputStream(body))) {
      while (reader.next()) {
        records.add(reader.record());
      }
    }
    return records;
  }

  @Test
  void versionThreeIsWhatTheMarketSays() throws IOException {
    for (String zstd : List.of("none", "zstd")) {
      byte[] definitions = probe.post(RANGE, with(DEFINITIONS, "compression", zstd)).body();
      assertThat(read(definitions), equalTo(definitions("OZM.OPT")));
      byte[] statistics = probe.post(RANGE, with(STATISTICS, "compression", zstd)).body();
      assertThat(read(statistics), equalTo(statistics("OZM.OPT")));
    }
    byte[] spreads = probe.post(RANGE, with(DEFINITIONS, "symbols", "ZC.FUT")).body();
    assertThat(read(spreads), equalTo(definitions("ZC.FUT")));
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void olderVersionsHaveTheSameButForLegs(int version) throws IOException {
    try (EmulatorServer other = EmulatorServer.start(config(version).build())) {
      Probe old = new Probe(other);
      List<DbnRecord> definitions =
          read(old.post(RANGE, with(DEFINITIONS, "symbols", "ZC.FUT")).body());
      List<DefinitionRecord> once =
          definitions("ZC.FUT").stream()
              .filter(d -> d.number(DefinitionField.LEG_INDEX) == 0)
              .toList();
      assertThat(definitions.size(), is(once.size()));
      for (int i = 0; i < once.size(); i++) {
        DefinitionRecord d = (DefinitionRecord) definitions.get(i);
        assertThat(d.rawSymbol(), is(once.get(i).rawSymbol()));
        assertThat(d.expiration(), is(once.get(i).expiration()));
        assertThat(d.header(), is(once.get(i).header()));
      }
      assertThat(
          text(old.post("metadata.get_record_count", with(DEFINITIONS, "symbols", "ZC.FUT"))),
          is(Integer.toString(once.size())));
      // Quantities of 32 bits: an undefined one is the largest of its own size.
      assertThat(read(old.post(RANGE, STATISTICS).body()), equalTo(statistics("OZM.OPT")));
    }
  }

  @Test
  void metadataCountsAndPricesThem() throws IOException {
    long definitions = definitions("OZM.OPT").size();
    long statistics = statistics("OZM.OPT").size();
    String count = "metadata.get_record_count";
    String size = "metadata.get_billable_size";
    assertThat(text(probe.post(count, DEFINITIONS)), is(Long.toString(definitions)));
    assertThat(text(probe.post(count, STATISTICS)), is(Long.toString(statistics)));
    assertThat(text(probe.post(size, DEFINITIONS)), is(Long.toString(520 * definitions)));
    assertThat(text(probe.post(size, STATISTICS)), is(Long.toString(80 * statistics)));
    double cost = Double.parseDouble(text(probe.post("metadata.get_cost", DEFINITIONS)));
    assertThat(Math.abs(cost - 520 * definitions * 5.0 / (1L << 30)) < 1e-11, is(true));
    // A part of a day counts as the whole day.
    assertThat(
        text(probe.post(count, with(DEFINITIONS, "start", "2024-03-05T10:00"))),
        is(Long.toString(definitions)));
    JsonNode prices =
        json(probe.get("metadata.list_unit_prices", fields("dataset", "GLBX.MDP3"))).path(1);
    assertThat(prices.at("/unit_prices/definition").asDouble(), is(5.0));
    assertThat(prices.at("/unit_prices/statistics").asDouble(), is(11.0));
    JsonNode range = json(probe.get("metadata.get_dataset_range", fields("dataset", "GLBX.MDP3")));
    assertThat(range.at("/schema/definition/end").asText(), is("2025-12-15T16:00:00.000000000Z"));
    assertThat(range.at("/schema/statistics/start").asText(), is("2010-06-06T00:00:00.000000000Z"));
  }

  @Test
  void theLedgerBillsThem() throws IOException {
    probe.post(RANGE, DEFINITIONS);
    assertThat(server.ledger().billedBytes(), is(520L * definitions("OZM.OPT").size()));
    server.ledger().clear();
    probe.post(RANGE, with(STATISTICS, "limit", "7"));
    assertThat(server.ledger().billedBytes(), is(560L));
  }

  @Test
  void textEncodingsHaveTheirColumns() throws IOException {
    Map<String, String> f =
        with(
            DEFINITIONS,
            "encoding",
            "csv",
            "pretty_px",
            "true",
            "pretty_ts",
            "true",
            "map_symbols",
            "true");
    List<String> lines = text(probe.post(RANGE, f)).lines().toList();
    List<DefinitionRecord> records = definitions("OZM.OPT");
    assertThat(lines.size(), is(records.size() + 1));
    assertThat(
        lines.get(0),
        startsWith(
            "ts_recv,ts_event,rtype,publisher_id,instrument_id,raw_symbol,security_update_action,"
                + "instrument_class,min_price_increment,display_factor,expiration,activation,"));
    List<String> head = List.of(lines.get(0).split(","));
    List<String> first = List.of(lines.get(1).split(",", -1));
    assertThat(first.size(), is(head.size()));
    DefinitionRecord d = records.get(0);
    assertThat(first.get(0), is("2024-03-05T00:00:00.000000000Z"));
    assertThat(first.get(head.indexOf("raw_symbol")), is(d.rawSymbol()));
    assertThat(first.get(head.indexOf("symbol")), is(d.rawSymbol()));
    assertThat(first.get(head.indexOf("underlying")), is(d.underlying()));
    assertThat(
        first.get(head.indexOf("strike_price")),
        is(d.strikePrice() / 1_000_000_000L + ".000000000"));
    assertThat(first.get(head.indexOf("high_limit_price")), is(""));
    assertThat(first.get(head.indexOf("contract_multiplier")), is("2147483647"));

    JsonNode row =
        Answers.JSON.readTree(
            text(probe.post(RANGE, with(STATISTICS, "encoding", "json")))
                .lines()
                .findFirst()
                .orElseThrow());
    StatisticsRecord s = statistics("OZM.OPT").get(0);
    assertThat(row.path("ts_recv").asText(), is(Long.toString(s.tsRecv())));
    assertThat(row.at("/hd/instrument_id").asLong(), is(s.header().instrumentId()));
    assertThat(row.path("price").asText(), is(Long.toString(s.price())));
    assertThat(row.path("quantity").asText(), is(Long.toString(s.quantity())));
    assertThat(row.path("stat_type").asInt(), is(s.statType()));
    JsonNode listed =
        json(probe.get("metadata.list_fields", fields("schema", "definition", "encoding", "csv")));
    assertThat(listed.size(), is(head.size() - 1));
    assertThat(listed.path(5).path("name").asText(), is("raw_symbol"));
  }

  @Test
  void faultsStrikeThemToo() throws IOException {
    server.faults().add(Fault.cutRecord(3));
    HttpResponse<byte[]> cut = probe.post(RANGE, DEFINITIONS);
    assertThrows(DbnFormatException.class, () -> read(cut.body()));
    server.faults().clear();
    server.faults().add(Fault.cutBetweenFrames(3));
    assertThat(read(probe.post(RANGE, STATISTICS).body()).size(), is(3));
    server.faults().clear();
    server.faults().add(Fault.dropBars(2));
    int half = (statistics("OZM.OPT").size() + 1) / 2;
    assertThat(read(probe.post(RANGE, STATISTICS).body()).size(), is(half));
  }
}
