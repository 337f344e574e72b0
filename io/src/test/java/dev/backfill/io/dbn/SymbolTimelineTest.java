package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.SymbolTimeline.Mapped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SymbolTimelineTest {
  private static MappingInterval days(int from, int to, String symbol) {
    return new MappingInterval(LocalDate.ofEpochDay(from), LocalDate.ofEpochDay(to), symbol);
  }

  private static SymbolTimeline timeline(SymbolMapping... mappings) throws DbnFormatException {
    return SymbolTimeline.of(
        DbnMetadata.builder(3).stypeIn(SType.CONTINUOUS).mappings(List.of(mappings)).build());
  }

  private static List<String> symbols(SymbolTimeline timeline, long id, long day) {
    List<String> symbols = new ArrayList<>();
    for (int h = timeline.lookup(id, day); h != SymbolTimeline.NONE; h = timeline.nextSame(h)) {
      symbols.add(timeline.mapped(h).symbol());
    }
    return symbols;
  }

  @Test
  void datesAreHalfOpen() throws DbnFormatException {
    SymbolTimeline timeline = timeline(new SymbolMapping("ES.c.0", List.of(days(10, 12, "7"))));
    assertThat(symbols(timeline, 7, 9), empty());
    assertThat(symbols(timeline, 7, 10), contains("ES.c.0"));
    assertThat(symbols(timeline, 7, 11), contains("ES.c.0"));
    assertThat(symbols(timeline, 7, 12), empty());
    assertThat(symbols(timeline, 8, 10), empty());
  }

  @Test
  void oneInstrumentHasAllItsSymbolsOfTheDay() throws DbnFormatException {
    SymbolTimeline timeline =
        timeline(
            new SymbolMapping("ZL.v.0", List.of(days(1, 10, "7"))),
            new SymbolMapping("ZL.c.0", List.of(days(5, 12, "7"))));
    assertThat(symbols(timeline, 7, 4), contains("ZL.v.0"));
    assertThat(symbols(timeline, 7, 5), contains("ZL.v.0", "ZL.c.0"));
    assertThat(symbols(timeline, 7, 9), contains("ZL.v.0", "ZL.c.0"));
    assertThat(symbols(timeline, 7, 10), contains("ZL.c.0"));
    assertThat(
        timeline.all(),
        contains(
            new Mapped("ZL.v.0", 7, 1, 5),
            new Mapped("ZL.v.0", 7, 5, 10),
            new Mapped("ZL.c.0", 7, 5, 10),
            new Mapped("ZL.c.0", 7, 10, 12)));
  }

  @Test
  void aSymbolThatReturnsToAnInstrumentIsNotThereInBetween() throws DbnFormatException {
    SymbolTimeline timeline =
        timeline(
            new SymbolMapping(
                "ZL.v.0", List.of(days(1, 3, "7"), days(3, 4, "8"), days(4, 6, "7"))));
    assertThat(symbols(timeline, 7, 5), contains("ZL.v.0"));
    assertThat(symbols(timeline, 7, 3), empty());
    assertThat(symbols(timeline, 8, 3), contains("ZL.v.0"));
    assertThat(symbols(timeline, 7, 2), contains("ZL.v.0"));
  }

  @Test
  void theSameSymbolTwiceCountsOnce() throws DbnFormatException {
    SymbolTimeline timeline =
        timeline(
            new SymbolMapping("ES.c.0", List.of(days(1, 5, "7"))),
            new SymbolMapping("ES.c.0", List.of(days(3, 8, "7"))));
    assertThat(symbols(timeline, 7, 4), contains("ES.c.0"));
    assertThat(symbols(timeline, 7, 7), contains("ES.c.0"));
  }

  @Test
  void anEmptySymbolIsNoMapping() throws DbnFormatException {
    SymbolTimeline timeline =
        timeline(new SymbolMapping("ES.c.0", List.of(days(1, 5, ""), days(5, 6, "7"))));
    assertThat(timeline.all(), contains(new Mapped("ES.c.0", 7, 5, 6)));
  }

  @Test
  void idsAreUnsigned() throws DbnFormatException {
    SymbolTimeline timeline =
        timeline(new SymbolMapping("A", List.of(days(1, 5, "4294967295"), days(1, 5, "0"))));
    assertThat(symbols(timeline, 4_294_967_295L, 1), contains("A"));
    assertThat(symbols(timeline, 0, 1), contains("A"));
  }

  @Test
  void theInverseDirectionIsTurned() throws DbnFormatException {
    SymbolTimeline timeline =
        SymbolTimeline.of(
            DbnMetadata.builder(3)
                .stypeIn(SType.INSTRUMENT_ID)
                .stypeOut(SType.RAW_SYMBOL)
                .mappings(
                    List.of(
                        new SymbolMapping("7", List.of(days(1, 5, "ESH1"), days(5, 6, "ESM1")))))
                .build());
    assertThat(symbols(timeline, 7, 4), contains("ESH1"));
    assertThat(symbols(timeline, 7, 5), contains("ESM1"));
  }

  @Test
  void withoutIdsThereIsNoTimeline() throws DbnFormatException {
    SymbolTimeline timeline =
        SymbolTimeline.of(
            DbnMetadata.builder(3)
                .stypeIn(SType.CONTINUOUS)
                .stypeOut(SType.RAW_SYMBOL)
                .mappings(List.of(new SymbolMapping("ES.c.0", List.of(days(1, 5, "ESH1")))))
                .build());
    assertThat(timeline.all(), empty());
    assertThat(timeline.lookup(7, 1), equalTo(SymbolTimeline.NONE));
  }

  @Test
  void anIdThatIsNoNumberIsRefused() {
    DbnFormatException refused =
        assertThrows(
            DbnFormatException.class,
            () -> timeline(new SymbolMapping("ES.c.0", List.of(days(1, 5, "ESH1")))));
    assertThat(refused.getMessage(), containsString("'ES.c.0' has 'ESH1' where an instrument id"));
  }

  @Test
  void randomTimelinesAgreeWithALinearSearch() throws DbnFormatException {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      List<SymbolMapping> mappings = new ArrayList<>();
      for (int s = 0; s < random.nextInt(12); s++) {
        List<MappingInterval> intervals = new ArrayList<>();
        for (int i = 0; i < random.nextInt(6); i++) {
          int start = random.nextInt(30);
          intervals.add(
              days(start, start + random.nextInt(10), Integer.toString(random.nextInt(9))));
        }
        mappings.add(new SymbolMapping("S" + random.nextInt(8), intervals));
      }
      SymbolTimeline timeline = timeline(mappings.toArray(new SymbolMapping[0]));
      for (int probe = 0; probe < 400; probe++) {
        int id = random.nextInt(10);
        int day = random.nextInt(42);
        assertThat(symbols(timeline, id, day), equalTo(linear(mappings, id, day)));
      }
    }
  }

  private static List<String> linear(List<SymbolMapping> mappings, int id, int day) {
    Set<String> found = new LinkedHashSet<>();
    for (SymbolMapping mapping : mappings) {
      for (MappingInterval interval : mapping.intervals()) {
        if (interval.symbol().equals(Integer.toString(id))
            && interval.start().toEpochDay() <= day
            && day < interval.end().toEpochDay()) {
          found.add(mapping.rawSymbol());
        }
      }
    }
    return List.copyOf(found);
  }
}
