package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no whole answer of bars: exit 2, a sentence, and not a byte changed. */
class ImportRefusalTest {
  @TempDir Path folder;

  private interface Spoil {
    Path file(DbnFiles answer, Path folder) throws IOException;
  }

  private static byte[] head(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  private static Path cut(DbnFiles answer, Path file, int lost) throws IOException {
    byte[] bytes = Files.readAllBytes(answer.write(file));
    return Files.write(file, head(bytes, bytes.length - lost));
  }

  private static Path with(DbnFiles answer, Path folder, UnaryOperator<DbnMetadata.Builder> change)
      throws IOException {
    return answer.write(folder.resolve("changed.dbn"), change, answer.bars());
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        Arguments.of(
            "cut inside the last record",
            (Spoil) (answer, at) -> cut(answer, at.resolve("cut.dbn"), 1),
            "cut.dbn"),
        Arguments.of(
            "a compressed file cut by a byte",
            (Spoil) (answer, at) -> cut(answer, at.resolve("cut.dbn.zst"), 1),
            "cut.dbn.zst"),
        Arguments.of(
            "a compressed file cut in the middle",
            (Spoil) (answer, at) -> cut(answer, at.resolve("cut.dbn.zst"), 900),
            "cut.dbn.zst"),
        Arguments.of(
            "cut inside the metadata",
            (Spoil)
                (answer, at) ->
                    Files.write(
                        at.resolve("m.dbn"),
                        head(Files.readAllBytes(answer.write(at.resolve("m.dbn"))), 90)),
            "m.dbn"),
        Arguments.of(
            "time goes backwards",
            (Spoil)
                (answer, at) -> {
                  List<MarketBar> bars = new ArrayList<>(answer.bars());
                  Collections.swap(bars, 10, 90);
                  return answer.write(at.resolve("back.dbn"), b -> b, bars);
                },
            "Time goes backwards at record "),
        Arguments.of(
            "trades",
            (Spoil) (answer, at) -> with(answer, at, b -> b.schema(new DbnSchema(4))),
            "it holds trades; there are tables for ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d,"
                + " definition and statistics"),
        Arguments.of(
            "no mappings",
            (Spoil)
                (answer, at) ->
                    with(answer, at, b -> b.symbols(List.of("ALL_SYMBOLS")).mappings(List.of())),
            "maps no instrument to a symbol"),
        Arguments.of(
            "mappings to names instead of instruments",
            (Spoil) (answer, at) -> with(answer, at, b -> b.stypeOut(SType.RAW_SYMBOL)),
            "instrument_id"),
        Arguments.of(
            "another symbology",
            (Spoil) (answer, at) -> with(answer, at, b -> b.stypeIn(SType.parse("isin"))),
            "its symbols are of type isin"),
        Arguments.of(
            "text",
            (Spoil) (answer, at) -> Files.writeString(at.resolve("diary.dbn"), "dear diary, today"),
            "diary.dbn"),
        Arguments.of(
            "nothing at all",
            (Spoil) (answer, at) -> Files.createFile(at.resolve("empty.dbn")),
            "empty.dbn"));
  }

  private static DbnFiles answer(Desk desk) {
    return new DbnFiles(
        desk.emulator.market(),
        BarSize.HOUR,
        SType.RAW_SYMBOL,
        List.of("ZLH4", "ZLK4"),
        "2024-02-05",
        "2024-02-09");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoilt")
  void isRefusedAndNoDatabaseIsMade(String name, Spoil spoil, String sentence) throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Path file = spoil.file(answer(desk), folder);
      assertThat(desk.importFiles(Optional.empty(), false, file), equalTo(2));
      assertThat(desk.said(), containsString(sentence));
      assertThat(desk.said(), containsString("nothing was changed"));
      assertThat(desk.said().lines().count(), equalTo(1L));
      assertThat(Files.exists(desk.database()), equalTo(false));
    }
  }

  @Test
  void oneBadFileKeepsTheGoodOnesOut() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      DbnFiles answer = answer(desk);
      desk.importFiles(Optional.empty(), false, answer.write(folder.resolve("good.dbn")));
      byte[] before = Files.readAllBytes(desk.database());
      Path good =
          new DbnFiles(
                  desk.emulator.market(),
                  BarSize.HOUR,
                  SType.RAW_SYMBOL,
                  List.of("ZLH4"),
                  "2024-02-12",
                  "2024-02-14")
              .write(folder.resolve("next.dbn"));
      Path bad = cut(answer, folder.resolve("cut.dbn.zst"), 40);

      assertThat(desk.importFiles(Optional.empty(), true, good, bad), equalTo(2));

      assertThat(Arrays.equals(Files.readAllBytes(desk.database()), before), equalTo(true));
    }
  }

  @Test
  void anotherSeriesUnderTheSameNameIsRefused() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      DbnFiles answer = answer(desk);
      desk.importFiles(Optional.empty(), false, answer.write(folder.resolve("good.dbn")));
      List<String> before = loaded(desk.database());
      Path other =
          answer.write(folder.resolve("o.dbn"), b -> b.dataset("IFUS.IMPACT"), answer.bars());
      assertThat(desk.importFiles(Optional.empty(), true, other), equalTo(2));
      assertThat(desk.said(), containsString("IFUS.IMPACT"));
      assertThat(desk.said(), containsString("GLBX.MDP3"));
      assertThat(loaded(desk.database()), equalTo(before));
      assertThat(
          TableRows.query(
              desk.database(),
              "SELECT status, count(*) FROM ops.ingestion_completion GROUP BY ALL ORDER BY ALL"),
          equalTo(List.of("failed|1", "success|1")));
    }
  }

  private static List<String> loaded(Path database) {
    List<String> rows =
        new ArrayList<>(TableRows.query(database, "FROM ops.coverage ORDER BY ALL"));
    rows.addAll(TableRows.query(database, "FROM " + BarSize.HOUR.futuresTable() + " ORDER BY ALL"));
    return rows;
  }
}
