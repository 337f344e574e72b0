package dev.backfill.emulator.market;

import static dev.backfill.emulator.market.MarketTest.ns;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a future's parent gives beside its outrights, and the names of the other venues. */
class SpreadsTest {
  private static final Market MARKET = Market.of(1);

  private static Resolution resolve(Market market, Dataset dataset, SType in, String... symbols) {
    return market.resolve(
        dataset,
        in,
        SType.INSTRUMENT_ID,
        List.of(symbols),
        LocalDate.parse("2024-06-06"),
        LocalDate.parse("2024-06-07"));
  }

  private static Set<String> parent(Dataset dataset, String parent) {
    return resolve(MARKET, dataset, SType.PARENT, parent).result().keySet();
  }

  private static List<MarketBar> days(String dataset, SType in, String symbol) {
    return MARKET.bars(dataset, BarSize.DAY, in, symbol, ns("2024-06-03"), ns("2024-06-15"));
  }

  @Test
  void mostOfWhatAFuturesParentGivesAreSpreads() {
    Set<String> names = parent(Dataset.GLBX, "ZC.FUT");
    assertThat(names, hasItems("ZCN4", "ZCN4-ZCU4", "ZCN4-ZCZ4", "ZC:BF N4-U4-Z4"));
    long outrights = names.stream().filter(n -> !n.contains("-")).count();
    assertThat(outrights * 3, is(lessThan((long) names.size())));
  }

  @Test
  void aSpreadTradesAtTheDifferenceOfItsLegs() {
    List<MarketBar> spread = days("GLBX.MDP3", SType.RAW_SYMBOL, "ZCN4-ZCZ4");
    List<MarketBar> near = days("GLBX.MDP3", SType.RAW_SYMBOL, "ZCN4");
    List<MarketBar> far = days("GLBX.MDP3", SType.RAW_SYMBOL, "ZCZ4");
    assertThat(spread.size(), is(greaterThan(5)));
    int compared = 0;
    for (MarketBar bar : spread) {
      for (MarketBar a : near) {
        for (MarketBar b : far) {
          if (a.tsEvent() == bar.tsEvent() && b.tsEvent() == bar.tsEvent()) {
            long apart = bar.close() - (a.close() - b.close());
            assertThat(Math.abs(apart), is(lessThan(8_000_000_000L)));
            compared++;
          }
        }
      }
    }
    assertThat(compared, is(greaterThan(3)));
    assertThat(
        days("GLBX.MDP3", SType.PARENT, "ZC.FUT").stream().filter(b -> b.low() < 0).count(),
        is(greaterThan(0L)));
  }

  @Test
  void aParentHoldsTheOutrightsAsTheyAreByThemselves() {
    List<MarketBar> outright = days("GLBX.MDP3", SType.RAW_SYMBOL, "ZCN4");
    assertThat(
        days("GLBX.MDP3", SType.PARENT, "ZC.FUT").stream()
            .filter(b -> b.rawSymbol().equals("ZCN4"))
            .toList(),
        equalTo(outright));
  }

  @Test
  void iceNamesAreFixedInWidthAndEachPublisherReports() {
    Set<String> names = parent(Dataset.IFUS, "KC.FUT");
    assertThat(names, hasItems("KC  FMN0024!", "KC  FMZ0026!", "KC  FMN0024-FMU0024!"));
    List<MarketBar> bars = days("IFUS.IMPACT", SType.PARENT, "KC.FUT");
    assertThat(bars.stream().map(MarketBar::publisherId).distinct().toList(), contains(97, 98));
    assertThat(
        bars.stream()
            .filter(b -> b.rawSymbol().equals("KC  FMU0024!"))
            .filter(b -> b.publisherId() == 97)
            .toList(),
        equalTo(
            days("IFUS.IMPACT", SType.RAW_SYMBOL, "KC  FMU0024!").stream()
                .filter(b -> b.publisherId() == 97)
                .toList()));
  }

  @Test
  void theDollarIndexResolvesByParentAndNameOnly() {
    Resolution softs =
        resolve(
            MARKET,
            Dataset.IFUS,
            SType.CONTINUOUS,
            "KC.c.0",
            "SB.v.0",
            "CC.n.0",
            "CT.v.0",
            "OJ.c.0",
            "DX.c.0",
            "DX.v.0");
    assertThat(softs.notFound(), contains("DX.c.0", "DX.v.0"));
    assertThat(parent(Dataset.IFUS, "DX.FUT"), hasItem("DX  FMU0024!"));
    assertThat(
        resolve(MARKET, Dataset.IFUS, SType.RAW_SYMBOL, "DX  FMU0024!").notFound().size(), is(0));
  }

  @Test
  void cboeNamesHaveAStrokeAndContinuousOnesCanBeSwitchedOff() {
    Set<String> names = parent(Dataset.XCBF, "VX.FUT");
    assertThat(names, hasItems("VX/M4", "VX/N4", "VX/M4-VX/N4"));
    assertThat(
        resolve(MARKET, Dataset.XCBF, SType.CONTINUOUS, "VX.v.0").notFound().isEmpty(), is(true));
    Market without = Market.of(1, 0, Set.of(Dataset.XCBF));
    assertThat(
        resolve(without, Dataset.XCBF, SType.CONTINUOUS, "VX.v.0").notFound(), contains("VX.v.0"));
    assertThat(
        resolve(without, Dataset.GLBX, SType.CONTINUOUS, "ES.v.0").notFound(),
        is(not(contains("ES.v.0"))));
    assertThat(
        resolve(without, Dataset.XCBF, SType.PARENT, "VX.FUT").result().keySet(), hasItem("VX/M4"));
  }
}
