package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.duckdb.RowSource.Stretch;
import dev.backfill.schemas.BarBatch;
import dev.backfill.schemas.BarSegment;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From DBN bytes to packed columns. */
class BarNormalizerTest {
  private static final long HOUR = 3_600 * Times.SECOND_NS;
  private static final LocalDate D1 = LocalDate.of(2024, 1, 2);
  private static final LocalDate D2 = LocalDate.of(2024, 1, 4);
  private static final LocalDate D3 = LocalDate.of(2024, 1, 6);
  private static final long START = Times.nanos(D1);
  private static final long END = Times.nanos(D3);

  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private String stype = "continuous";
  private List<String> symbols = List.of("ZL.v.0");
  private List<SymbolMapping> mappings =
      List.of(
          new SymbolMapping(
              "ZL.v.0",
              List.of(new MappingInterval(D1, D2, "11"), new MappingInterval(D2, D3, "12"))));
  private List<Integer> publishers = List.of();
  private ContractNames names =
      id ->
          List.of(
              new ContractNames.Named(
                  Times.epochDay(START), Times.epochDay(END), id == 11 ? "ZLF4" : "ZLH4"));

  private DbnWriter writer() throws IOException {
    return new DbnWriter(
        file,
        DbnMetadata.builder(3)
            .dataset("GLBX.MDP3")
            .schema(DbnSchema.OHLCV_1H)
            .stypeIn(SType.parse(stype))
            .stypeOut(SType.INSTRUMENT_ID)
            .startNs(START)
            .endNs(END)
            .symbols(symbols)
            .mappings(mappings)
            .build());
  }

  private BarNormalizer normalizer(WantedPiece... pieces) {
    LandedChunk landed =
        Landed.chunk(
            "GLBX.MDP3", "ohlcv-1h", stype, symbols, START, END, LandedState.LANDED, "file");
    return new BarNormalizer(
        landed,
        List.of("file"),
        pieces.length == 0 ? WantedPiece.of(landed) : List.of(pieces),
        publishers,
        name -> new ByteArrayInputStream(file.toByteArray()),
        names);
  }

  private record Row(String symbol, String contract, long hour, long close, int publisher) {}

  private static List<Row> rows(BarNormalizer from) throws IOException {
    List<Row> rows = new ArrayList<>();
    RowSource.Opening opening = from.open();
    for (BarBatch batch = from.nextBatch(); batch != null; batch = from.nextBatch()) {
      for (int i = 0; i < batch.getRows(); i++) {
        BarSegment segment =
            (BarSegment) opening.segments().get(little(batch.getSegment()).getInt(i * 4));
        rows.add(
            new Row(
                segment.getSymbol(),
                segment.getContractSymbol(),
                (little(batch.getTsEvent()).getLong(i * 8) * 1_000 - START) / HOUR,
                little(batch.getClose()).getLong(i * 8),
                little(batch.getPublisherId()).getInt(i * 4)));
      }
    }
    from.close();
    return rows;
  }

  private static ByteBuffer little(ByteBuffer column) {
    return column.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void bar(DbnWriter to, long id, long hour, long price) throws IOException {
    to.ohlcv(0x22, 1, id, START + hour * HOUR, price, price, price, price, 5);
  }

  @Test
  void aBarGetsTheRootTheContractAndItsMonthByDate() throws IOException {
    try (DbnWriter to = writer()) {
      bar(to, 11, 0, 100);
      bar(to, 12, 48, 200);
    }
    BarNormalizer normalizer = normalizer();
    assertThat(
        rows(normalizer),
        contains(new Row("ZL", "ZLF4", 0, 100, 1), new Row("ZL", "ZLH4", 48, 200, 1)));
    assertThat(normalizer.takeRejects(), is(empty()));
    BarSegment first = (BarSegment) normalizer().open().segments().get(0);
    assertThat(first.getContractMonth(), equalTo(LocalDate.of(2024, 1, 1)));
    assertThat(first.getInstrumentId(), equalTo(11L));
    assertThat(first.getParentSymbol(), is(nullValue()));
  }

  @Test
  void moreThanOneBatchKeepsEveryBarInOrder() throws IOException {
    symbols = List.of("ESH4");
    stype = "raw_symbol";
    LocalDate far = D1.plusDays(400);
    mappings = List.of(new SymbolMapping("ESH4", List.of(new MappingInterval(D1, far, "7"))));
    try (DbnWriter to =
        new DbnWriter(
            file,
            DbnMetadata.builder(3)
                .dataset("GLBX.MDP3")
                .schema(DbnSchema.OHLCV_1H)
                .stypeIn(SType.RAW_SYMBOL)
                .stypeOut(SType.INSTRUMENT_ID)
                .startNs(START)
                .endNs(Times.nanos(far))
                .symbols(symbols)
                .mappings(mappings)
                .build())) {
      for (int i = 0; i < 9_000; i++) {
        bar(to, 7, i, i);
      }
    }
    List<Row> rows = rows(normalizer(new WantedPiece("ESH4", START, Times.nanos(far), true)));
    assertThat(rows, hasSize(9_000));
    for (int i = 0; i < 9_000; i++) {
      assertThat(rows.get(i), equalTo(new Row("ESH4", "ESH4", i, i, 1)));
    }
  }

  @Test
  void onlyTheWantedPiecesAreTaken() throws IOException {
    try (DbnWriter to = writer()) {
      for (int hour = 0; hour < 48; hour++) {
        bar(to, 11, hour, hour);
      }
    }
    BarNormalizer normalizer =
        normalizer(
            new WantedPiece("ZL.v.0", START + 2 * HOUR, START + 4 * HOUR, true),
            new WantedPiece("ZL.v.0", START + 40 * HOUR, START + 41 * HOUR, true));
    assertThat(rows(normalizer).stream().map(Row::hour).toList(), contains(2L, 3L, 40L));
    assertThat(normalizer.takeRejects(), is(empty()));
  }

  @Test
  void oneInstrumentMayStandBehindSeveralSymbols() throws IOException {
    symbols = List.of("ZL.v.0", "ZL.c.0");
    mappings =
        List.of(
            new SymbolMapping("ZL.v.0", List.of(new MappingInterval(D1, D3, "11"))),
            new SymbolMapping("ZL.c.0", List.of(new MappingInterval(D2, D3, "11"))));
    try (DbnWriter to = writer()) {
      bar(to, 11, 0, 1);
      bar(to, 11, 48, 2);
    }
    assertThat(
        rows(normalizer()).stream().map(r -> r.symbol() + r.hour()).sorted().toList(),
        contains("ZL.c.048", "ZL0", "ZL48"));
  }

  @Test
  void underAParentTheContractIsTheSymbolAndSpreadsAreLeftOut() throws IOException {
    stype = "parent";
    symbols = List.of("ZL.FUT");
    mappings =
        List.of(
            new SymbolMapping("ZLF4", List.of(new MappingInterval(D1, D3, "11"))),
            new SymbolMapping("ZLF4-ZLH4", List.of(new MappingInterval(D1, D3, "13"))));
    try (DbnWriter to = writer()) {
      bar(to, 11, 0, 1);
      bar(to, 13, 0, 2);
    }
    BarNormalizer normalizer = normalizer();
    assertThat(rows(normalizer), contains(new Row("ZLF4", "ZLF4", 0, 1, 1)));
    assertThat(normalizer.leftOut(), equalTo(1L));
    RowSource.Opening opening = normalizer().open();
    assertThat(((BarSegment) opening.segments().get(0)).getParentSymbol(), equalTo("ZL.FUT"));
    assertThat(opening.stretches(), contains(new Stretch("ZL.FUT", null, START, END, true, true)));
  }

  @Test
  void whatDidNotResolveIsAStretchOfItsOwn() throws IOException {
    symbols = List.of("GE.v.0", "LB.v.0");
    mappings = List.of(new SymbolMapping("GE.v.0", List.of(new MappingInterval(D1, D2, "5"))));
    try (DbnWriter to = writer()) {
      bar(to, 5, 0, 1);
    }
    assertThat(
        normalizer().open().stretches(),
        contains(
            new Stretch("GE.v.0", "GE", START, Times.nanos(D2), true, true),
            new Stretch("GE.v.0", "GE", Times.nanos(D2), END, false, true),
            new Stretch("LB.v.0", "LB", START, END, false, true)));
  }

  @Test
  void wrongBarsAreKeptAsRejectsWithTheReason() throws IOException {
    try (DbnWriter to = writer()) {
      to.ohlcv(0x22, 1, 11, START, 10, 9, 8, 9, 1);
      to.ohlcv(0x22, 1, 11, START + HOUR, 10, 12, 9, 8, 1);
      to.ohlcv(0x22, 1, 99, START + 2 * HOUR, 10, 10, 10, 10, 1);
      to.ohlcv(0x22, 1, 11, START + 3 * HOUR + 1, 10, 10, 10, 10, 1);
      to.ohlcv(0x23, 1, 11, START + 4 * HOUR, 10, 10, 10, 10, 1);
      to.ohlcv(0x22, 1, 11, START + 5 * HOUR, 10, FixedPrice.LIMIT, 10, 10, 1);
      bar(to, 11, 6, 7);
      bar(to, 11, 6, 8);
    }
    BarNormalizer normalizer = normalizer();
    assertThat(rows(normalizer), contains(new Row("ZL", "ZLF4", 6, 7, 1)));
    List<RowSource.Reject> rejects = normalizer.takeRejects();
    assertThat(
        rejects.stream().map(RowSource.Reject::reason).toList(),
        contains(
            "open is not between low and high",
            "close is not between low and high",
            "no symbol is mapped to the instrument on that day",
            "the time is not the start of a bar of schema ohlcv-1h",
            "the record is not of schema ohlcv-1h",
            "a price does not fit DECIMAL(18,9)",
            "the same bar comes twice"));
    assertThat(rejects.get(0).record(), containsString("11"));
  }

  @Test
  void veryManyRejectsComeInParts() throws IOException {
    int bad = 2 * BarColumns.ROWS + 5;
    try (DbnWriter to = writer()) {
      bar(to, 11, 0, 7);
      for (int i = 0; i < bad; i++) {
        bar(to, 99, 1, 8);
      }
      bar(to, 11, 2, 9);
    }
    BarNormalizer normalizer = normalizer();
    for (int pass = 0; pass < 2; pass++) {
      normalizer.open();
      List<Integer> bars = new ArrayList<>();
      List<Integer> rejects = new ArrayList<>();
      for (BarBatch batch = normalizer.nextBatch(); batch != null; batch = normalizer.nextBatch()) {
        bars.add(batch.getRows());
        rejects.add(normalizer.takeRejects().size());
      }
      assertThat(bars, contains(1, 0, 1));
      assertThat(rejects, contains(BarColumns.ROWS, BarColumns.ROWS, 5));
      assertThat(normalizer.takeRejects(), is(empty()));
    }
    normalizer.close();
  }

  @Test
  void undefinedPricesAreMarkedAndNegativeOnesStay() throws IOException {
    long none = FixedPrice.UNDEFINED;
    try (DbnWriter to = writer()) {
      to.ohlcv(0x22, 1, 11, START, none, none, none, none, 0);
      to.ohlcv(0x22, 1, 11, START + HOUR, -3, -1, -40, -37, 9);
    }
    BarNormalizer normalizer = normalizer();
    normalizer.open();
    BarBatch batch = normalizer.nextBatch();
    assertThat(batch.getHasUndefined(), is(true));
    assertThat(little(batch.getLow()).getLong(0), equalTo(none));
    assertThat(little(batch.getLow()).getLong(8), equalTo(-40L));
    assertThat(normalizer.takeRejects(), is(empty()));
  }

  @Test
  void severalPublishersOfOneBarAreAllKept() throws IOException {
    try (DbnWriter to = writer()) {
      for (int publisher : new int[] {97, 98, 97, 98}) {
        to.ohlcv(0x22, publisher, 11, START, 1, 1, 1, 1, 1);
      }
    }
    BarNormalizer all = normalizer();
    assertThat(rows(all).stream().map(Row::publisher).toList(), contains(97, 98));
    assertThat(all.takeRejects(), hasSize(2));
    publishers = List.of(97);
    BarNormalizer venue = normalizer();
    assertThat(rows(venue).stream().map(Row::publisher).toList(), contains(97));
    assertThat(venue.leftOut(), equalTo(2L));
  }

  @Test
  void timeThatGoesBackwardsRefusesTheFile() throws IOException {
    try (DbnWriter to = writer()) {
      bar(to, 11, 5, 1);
      bar(to, 11, 4, 1);
    }
    BarNormalizer normalizer = normalizer();
    IOException e = assertThrows(IOException.class, () -> rows(normalizer));
    assertThat(
        e.getMessage(),
        containsString(
            "Time goes backwards in file at record 1: 2024-01-02T04:00:00Z after"
                + " 2024-01-02T05:00:00Z"));
  }
}
