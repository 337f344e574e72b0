package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bar files that the real service sent give the rows that were decoded from them elsewhere. */
class CapturedFilesTest {
  private static final String FOLDER = "databento-python/";

  @TempDir Path folder;

  /** A captured file and what must be in it. */
  private record Captured(Path file, BarSize size, String symbol, JsonNode expected) {
    List<MarketBar> bars() {
      List<MarketBar> bars = new ArrayList<>();
      for (JsonNode bar : expected.path("ohlcv")) {
        bars.add(
            new MarketBar(
                bar.path("ts_event").asLong(),
                bar.path("instrument_id").asLong(),
                bar.path("publisher_id").asInt(),
                symbol,
                bar.path("open").asLong(),
                bar.path("high").asLong(),
                bar.path("low").asLong(),
                bar.path("close").asLong(),
                bar.path("volume").asLong()));
      }
      return bars;
    }
  }

  private static List<Captured> captured() throws IOException {
    String property = System.getProperty("backfill.fixtures", "");
    Path fixtures = Path.of(property.isEmpty() ? "no-fixtures" : property, "dbn");
    if (!Files.isDirectory(fixtures)) {
      System.out.println("Skipped: the captured files are not here (" + fixtures + ")");
    }
    assumeTrue(Files.isDirectory(fixtures), "the captured files are not here");
    JsonNode files =
        new ObjectMapper().readTree(fixtures.resolve("expected.json").toFile()).path("files");
    List<Captured> captured = new ArrayList<>();
    files
        .properties()
        .forEach(
            e ->
                BarSize.ofSchema(e.getValue().path("metadata").path("schema").asText())
                    .filter(size -> e.getKey().startsWith(FOLDER))
                    .ifPresent(
                        size ->
                            captured.add(
                                new Captured(
                                    fixtures.resolve(e.getKey()),
                                    size,
                                    e.getValue().at("/metadata/symbols/0").asText(),
                                    e.getValue()))));
    return captured;
  }

  private static void assertTables(Desk desk, List<Captured> files) {
    Map<String, List<Captured>> byTable = new TreeMap<>();
    files.forEach(
        f -> byTable.computeIfAbsent(f.size().futuresTable(), t -> new ArrayList<>()).add(f));
    assertThat(byTable.size(), equalTo(4));
    byTable.forEach(
        (table, ofTable) ->
            assertSame(
                TableRows.in(desk.database(), table),
                ofTable.stream()
                    .sorted(Comparator.comparing(Captured::symbol))
                    .flatMap(
                        f ->
                            f.bars().stream()
                                .map(
                                    b ->
                                        TableRows.row(f.symbol(), f.symbol(), "null", f.size(), b)))
                    .toList()));
  }

  @Test
  void giveExactlyTheirRows() throws IOException {
    List<Captured> files = captured();
    assertThat(files.size(), equalTo(8));
    try (Desk desk = Desk.in(folder)) {
      Path[] paths = files.stream().map(Captured::file).toArray(Path[]::new);
      int code = desk.importFiles(Optional.empty(), false, paths);
      assertThat(desk.said(), code, equalTo(0));
      assertTables(desk, files);
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT symbol, publisher_id, instrument_id, contract_month, count(*) FROM "
                  + BarSize.HOUR.futuresTable()
                  + " GROUP BY ALL ORDER BY ALL"),
          equalTo(List.of("BRN FMJ0024!|57|5617221|2024-04-01|4", "ESH1|1|5482|2021-03-01|4")));

      String kept = "FROM ops.coverage ORDER BY ALL";
      List<String> before = TableRows.query(desk.database(), kept);
      code = desk.importFiles(Optional.empty(), false, paths);
      assertThat(desk.said(), code, equalTo(0));
      assertThat(TableRows.query(desk.database(), kept), equalTo(before));
      assertTables(desk, files);
    }
  }

  @Test
  void coverNoMoreThanTheyProve() throws IOException {
    List<Captured> files = captured();
    try (Desk desk = Desk.in(folder)) {
      for (Captured file : files) {
        desk.importFiles(Optional.empty(), false, file.file());
      }
      assertTables(desk, files);
      for (Captured file : files) {
        List<MarketBar> bars = file.bars();
        // They were asked for with a limit of four: the daily ones did not reach it.
        boolean isWhole = bars.size() < 4;
        long start =
            isWhole ? file.expected().at("/metadata/start").asLong() : bars.get(0).tsEvent();
        long end = isWhole ? file.expected().at("/metadata/end").asLong() : bars.get(3).tsEvent();
        assertThat(
            TableRows.query(
                desk.database(),
                "SELECT epoch_ns(range_start), epoch_ns(range_end), row_count FROM ops.coverage"
                    + " WHERE symbol = '"
                    + file.symbol()
                    + "' AND target_table = '"
                    + file.size().futuresTable()
                    + "'"),
            equalTo(List.of(start + "|" + end + "|" + (isWhole ? bars.size() : 3))));
      }
    }
  }

  @Test
  void areRefusedWhenTheyAreCut() throws IOException {
    List<Captured> files = captured();
    try (Desk desk = Desk.in(folder)) {
      for (Captured file : files) {
        byte[] bytes = Files.readAllBytes(file.file());
        assertThat(bytes.length, greaterThan(100));
        for (int lost = 1; lost < bytes.length; lost += 13) {
          Path cut = folder.resolve("cut.dbn.zst");
          Files.write(cut, Arrays.copyOf(bytes, bytes.length - lost));
          assertThat(desk.importFiles(Optional.empty(), false, cut), equalTo(2));
          assertThat(desk.said(), containsString("cut.dbn.zst cannot be imported"));
          assertThat(Files.exists(desk.database()), equalTo(false));
        }
      }
    }
  }
}
