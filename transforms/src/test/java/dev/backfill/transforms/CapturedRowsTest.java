package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real definition and statistics files of the service, with what is known to be in them. */
class CapturedRowsTest {
  private static final String ROWS =
      "SELECT instrument_id, raw_symbol, epoch_us(ts_recv), instrument_class, asset, exchange,"
          + " currency, underlying, strike_price, epoch_us(expiration), epoch_us(activation),"
          + " min_price_increment, unit_of_measure, unit_of_measure_qty, contract_multiplier,"
          + " security_update_action FROM reference.databento_definitions ORDER BY ts_recv";

  @TempDir Path folder;
  private Path fixtures;
  private JsonNode expected;

  @BeforeEach
  void find() throws IOException {
    String property = System.getProperty("backfill.fixtures", "");
    fixtures = Path.of(property.isEmpty() ? "no-fixtures" : property, "dbn");
    if (!Files.isDirectory(fixtures)) {
      System.out.println("Skipped: the captured files are not here (" + fixtures + ")");
    }
    assumeTrue(Files.isDirectory(fixtures), "the captured files are not here");
    expected =
        new ObjectMapper().readTree(fixtures.resolve("expected.json").toFile()).path("files");
  }

  private static String text(JsonNode of, String field) {
    String value = of.path(field).asText();
    return value.isEmpty() ? "-" : value;
  }

  private static String price(JsonNode of, String field) {
    String value = of.path(field).asText();
    return value.equals(Long.toString(Long.MAX_VALUE))
        ? "-"
        : new BigDecimal(value).movePointLeft(9).stripTrailingZeros().toPlainString();
  }

  private static String time(JsonNode of, String field) {
    long ns = Long.parseUnsignedLong(of.path(field).asText());
    return ns == -1 ? "-" : Long.toString(ns / 1000);
  }

  private static List<String> rows(JsonNode definitions) {
    List<JsonNode> sorted = new ArrayList<>();
    definitions.forEach(sorted::add);
    sorted.sort(Comparator.comparing(d -> d.path("ts_recv").asLong()));
    return sorted.stream().map(CapturedRowsTest::row).toList();
  }

  private static String row(JsonNode d) {
    int multiplier = d.path("contract_multiplier").asInt();
    return String.join(
        "|",
        text(d, "instrument_id"),
        text(d, "raw_symbol"),
        time(d, "ts_recv"),
        text(d, "instrument_class"),
        text(d, "asset"),
        text(d, "exchange"),
        text(d, "currency"),
        text(d, "underlying"),
        price(d, "strike_price"),
        time(d, "expiration"),
        time(d, "activation"),
        price(d, "min_price_increment"),
        text(d, "unit_of_measure"),
        price(d, "unit_of_measure_qty"),
        multiplier == Integer.MAX_VALUE ? "-" : Integer.toString(multiplier),
        text(d, "security_update_action"));
  }

  private static NormalizedRows rows(ImportedAnswer answer) {
    Interval held = answer.held().intervals().get(0);
    return answer.rows(
        "run",
        answer.symbols().stream()
            .map(symbol -> new WantedPiece(symbol, held.startNs(), held.endNs(), false))
            .toList());
  }

  @Test
  void definitionsGiveExactlyTheirRows() throws IOException {
    int files = 0;
    for (Map.Entry<String, JsonNode> file : expected.properties()) {
      if (!file.getValue().at("/metadata/schema").asText().equals("definition")) {
        continue;
      }
      files++;
      ImportedAnswer answer = ImportedAnswer.read(List.of(fixtures.resolve(file.getKey()))).get(0);
      assertThat(answer.table(), equalTo(TestTarget.DEFINITIONS));
      Path own = Files.createDirectory(folder.resolve("db-" + files));
      try (TestTarget db = new TestTarget(own)) {
        NormalizedRows rows = rows(answer);
        db.load(answer.table(), rows);
        assertThat(file.getKey(), db.ask(ROWS), equalTo(rows(file.getValue().path("definition"))));
        assertThat(rows.leftOut(), equalTo(0L));
        assertThat(db.ask("FROM ops.rejected_records"), empty());
      }
    }
    assertThat(files, equalTo(6));
  }

  @Test
  void realOptionsKeepTheStrikesThatTheServiceSends() throws IOException {
    List<DefinitionRecord> options = new ArrayList<>();
    String name = "multi-frame.definition.v1.dbn.frag.zst";
    try (DbnReader reader =
        DbnReader.openFragment(Files.newInputStream(fixtures.resolve(name)), 1)) {
      while (reader.next()) {
        options.add((DefinitionRecord) reader.record());
      }
    }
    options.sort(Comparator.comparingLong(DefinitionRecord::tsRecv));
    String[] symbols = options.stream().map(DefinitionRecord::rawSymbol).toArray(String[]::new);
    Answer answer = new Answer("definition", "raw_symbol", "2020-12-27", "2020-12-28", symbols);
    options.forEach(o -> answer.maps(o.rawSymbol(), o.header().instrumentId()).record(o));
    try (TestTarget db = new TestTarget(folder)) {
      db.load(TestTarget.DEFINITIONS, answer.version(1));
      assertThat(db.ask(ROWS), equalTo(rows(expected.path(name).path("definition"))));
    }
  }

  @Test
  void definitionsCoverTheDaysThatTheyHold() throws IOException {
    Path file = fixtures.resolve("databento-python/GLBX.MDP3/test_data.definition.dbn.zst");
    ImportedAnswer whole = ImportedAnswer.read(List.of(file)).get(0);
    assertThat(
        whole.proven(),
        equalTo(
            Coverage.of(
                new Interval(
                    Times.nanos(java.time.LocalDate.of(2020, 12, 28)),
                    Times.nanos(java.time.LocalDate.of(2020, 12, 29))))));
    ImportedAnswer limited =
        ImportedAnswer.read(List.of(fixtures.resolve("test_data.definition.v3.dbn.zst"))).get(0);
    assertThat(
        "from the first to before the last, in whole microseconds",
        limited.proven(),
        equalTo(Coverage.of(new Interval(1_633_331_241_618_030_000L, 1_633_417_621_703_120_000L))));
    assertThat(
        limited.held(),
        equalTo(Coverage.of(new Interval(1_633_331_241_618_029_000L, 1_633_417_621_703_121_000L))));
  }

  @Test
  void statisticsOfOtherKindsAreLeftOut() throws IOException {
    for (String dataset : List.of("GLBX.MDP3", "IFEU.IMPACT")) {
      Path file = fixtures.resolve("databento-python/" + dataset + "/test_data.statistics.dbn.zst");
      ImportedAnswer answer = ImportedAnswer.read(List.of(file)).get(0);
      assertThat(answer.table(), equalTo(TestTarget.STATISTICS));
      try (TestTarget db = new TestTarget(Files.createDirectory(folder.resolve(dataset)))) {
        NormalizedRows rows = rows(answer);
        db.load(answer.table(), rows);
        assertThat(rows.leftOut(), equalTo(4L));
        assertThat(db.ask("SELECT count(*) FROM " + TestTarget.STATISTICS), contains("0"));
        assertThat(db.ask("FROM ops.rejected_records"), empty());
      }
    }
  }

  @Test
  void statisticsThatNameNoInstrumentAreRefused() {
    for (String version : List.of("v1", "v2", "v3")) {
      Path file = fixtures.resolve("test_data.statistics." + version + ".dbn.zst");
      assertThat(
          assertThrows(IOException.class, () -> ImportedAnswer.read(List.of(file)))
              .getMessage()
              .contains("maps no instrument to a symbol"),
          equalTo(true));
    }
  }
}
