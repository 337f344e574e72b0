package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every row of an imported file is in the table, under its right names. */
class ImportTest extends ImportDesk {
  @ParameterizedTest(name = "version {0}, {1}")
  @CsvSource({"1,dbn", "1,dbn.zst", "2,dbn", "2,dbn.zst", "3,dbn", "3,dbn.zst"})
  void contractsByTheirNames(int version, String kind) throws IOException {
    DbnFiles answer = contracts("2024-02-01", "2024-02-15");
    List<MarketBar> bars = answer.bars();
    Path file = answer.write(folder.resolve("bars." + kind), b -> b.version(version), bars);

    ok(take(file));

    assertThat(bars.size(), greaterThan(300));
    assertSame(table(), rows(bars));
    assertThat(
        coverage(),
        equalTo(
            CONTRACTS.stream()
                .map(
                    c ->
                        String.format(
                            "%s|%s|2024-02-01T00:00|2024-02-15T00:00|loaded|%d",
                            c, c, count(bars, c)))
                .toList()));
  }

  @Test
  void continuousSymbolsStandUnderTheirRoot() throws IOException {
    DbnFiles answer =
        new DbnFiles(
            market,
            BarSize.DAY,
            SType.CONTINUOUS,
            List.of("CL.v.0", "ZL.c.1"),
            "2024-01-01",
            "2024-06-01");
    ok(take(answer.write(folder.resolve("c.dbn.zst"))));

    List<String> expected = new ArrayList<>();
    for (MarketBar bar : answer.bars("CL.v.0")) {
      expected.add(TableRows.row("CL", "null", "null", BarSize.DAY, bar));
    }
    for (MarketBar bar : answer.bars("ZL.c.1")) {
      expected.add(TableRows.row("ZL.c.1", "null", "null", BarSize.DAY, bar));
    }
    assertSame(TableRows.in(desk.database(), BarSize.DAY.futuresTable()), expected);
    assertThat(
        TableRows.query(
            desk.database(), "SELECT symbol, table_symbol FROM ops.coverage ORDER BY ALL"),
        equalTo(List.of("CL.v.0|CL", "ZL.c.1|ZL.c.1")));
  }

  @Test
  void aParentGivesItsContractsWithoutTheSpreads() throws IOException {
    DbnFiles answer =
        new DbnFiles(
            market, BarSize.HOUR, SType.PARENT, List.of("ZL.FUT"), "2024-02-05", "2024-02-08");
    List<MarketBar> bars = answer.bars();
    List<MarketBar> outrights = bars.stream().filter(b -> !b.rawSymbol().contains("-")).toList();
    assertThat(bars.size(), greaterThan(outrights.size()));
    Path file = answer.write(folder.resolve("p.dbn"));

    ok(take(file));

    assertSame(
        table(),
        outrights.stream()
            .sorted(Comparator.comparing(MarketBar::rawSymbol).thenComparing(MarketBar::tsEvent))
            .map(b -> TableRows.row(b.rawSymbol(), b.rawSymbol(), "ZL.FUT", BarSize.HOUR, b))
            .toList());
    assertThat(
        coverage(),
        equalTo(
            List.of("ZL.FUT|null|2024-02-05T00:00|2024-02-08T00:00|loaded|" + outrights.size())));
  }

  @Test
  void everyPublishersRowOfOneTimeIsKept() throws IOException {
    DbnFiles answer = contracts("2024-02-05", "2024-02-06");
    List<MarketBar> bars = new ArrayList<>();
    for (MarketBar b : answer.bars()) {
      for (int publisher : new int[] {1, 97, 3}) {
        bars.add(
            new MarketBar(
                b.tsEvent(),
                b.instrumentId(),
                publisher,
                b.rawSymbol(),
                b.open(),
                b.high(),
                b.low(),
                b.close(),
                b.volume() + publisher));
      }
    }
    Path file = answer.write(folder.resolve("m.dbn.zst"), b -> b, bars);
    ok(take(file));
    assertSame(table(), rows(bars));
    assertThat(
        TableRows.query(desk.database(), "SELECT count(*) FROM ops.rejected_records"),
        equalTo(List.of("0")));
  }

  @Test
  void aTableOfAnotherBarSizeIsRefused() throws IOException {
    Path file = contracts("2024-02-05", "2024-02-07").write(folder.resolve("h.dbn"));
    assertThat(desk.importFiles(Optional.of(BarSize.DAY.futuresTable()), false, file), equalTo(2));
    assertThat(desk.said(), containsString("ohlcv-1h"));
    assertThat(Files.exists(desk.database()), equalTo(false));
  }

  @ParameterizedTest(name = "mapped to {0}, limit {1}")
  @CsvSource({"instrument_id,0", "raw_symbol,0", "raw_symbol,20"})
  void anInstrumentIdIsItsOwnSymbol(String out, int limit) throws IOException {
    DbnFiles named = contracts("2024-02-05", "2024-02-07");
    List<MarketBar> bars = named.bars("ZLH4");
    bars = bars.subList(0, limit == 0 ? bars.size() : limit);
    String id = String.valueOf(bars.get(0).instrumentId());
    boolean isNamed = out.equals("raw_symbol");
    List<SymbolMapping> mappings =
        List.of(
            new SymbolMapping(
                id,
                List.of(
                    new MappingInterval(
                        LocalDate.parse("2024-02-05"),
                        LocalDate.parse("2024-02-07"),
                        isNamed ? "ZLH4" : id))));
    Path file =
        named.write(
            folder.resolve("i.dbn"),
            b ->
                b.stypeIn(SType.INSTRUMENT_ID)
                    .stypeOut(SType.parse(out))
                    .limit(limit)
                    .symbols(List.of(id))
                    .mappings(mappings),
            bars);
    ok(take(file));
    String contract = isNamed ? "ZLH4" : "null";
    assertSame(
        table(),
        bars.stream().map(b -> TableRows.row(id, contract, "null", BarSize.HOUR, b)).toList());
    assertThat(
        TableRows.query(desk.database(), "SELECT symbol, state, row_count FROM ops.coverage"),
        equalTo(List.of(id + "|loaded|" + (limit == 0 ? bars.size() : limit - 1))));
  }

  @Test
  void aRunByInstrumentIdsIsExact() throws IOException {
    MarketBar any = contracts("2024-02-05", "2024-02-07").bars("ZLH4").get(0);
    String id = String.valueOf(any.instrumentId());
    Job job =
        new Job(
            "ids",
            "databento",
            "GLBX.MDP3",
            "ohlcv-1h",
            "instrument_id",
            List.of(id),
            JobTime.parse("2024-02-05"),
            JobTime.parse("2024-02-07"),
            HOURLY,
            Job.ChunkLimits.LARGE,
            List.of(),
            false);
    ok(desk.run(job));
    assertSame(
        table(),
        contracts("2024-02-05", "2024-02-07").bars("ZLH4").stream()
            .map(b -> TableRows.row(id, "ZLH4", "null", BarSize.HOUR, b))
            .toList());
  }
}
