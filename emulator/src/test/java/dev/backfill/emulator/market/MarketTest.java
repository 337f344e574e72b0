package dev.backfill.emulator.market;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarketTest {
  static final long DAY = 86_400_000_000_000L;
  private static final Market MARKET = Market.of(1);

  static long ns(String date) {
    return Instant.parse(date.length() == 10 ? date + "T00:00:00Z" : date).getEpochSecond()
        * 1_000_000_000L;
  }

  static List<MarketBar> bars(BarSize size, String symbol, String from, String to) {
    return bars(MARKET, size, symbol, ns(from), ns(to));
  }

  private static List<MarketBar> bars(
      Market market, BarSize size, String symbol, long from, long to) {
    return market.bars("GLBX.MDP3", size, SType.CONTINUOUS, symbol, from, to);
  }

  @Test
  void anyPartOfARangeHoldsTheSameBars() {
    Random random = new Random(7);
    for (BarSize size : BarSize.values()) {
      long from = ns(size == BarSize.SECOND ? "2019-06-10" : "2018-11-20");
      long to = from + (size == BarSize.SECOND ? 3 : 60) * DAY;
      for (String symbol : List.of("ZL.v.0", "6L.v.0", "ES.c.1")) {
        List<MarketBar> all = bars(size, symbol, from, to);
        assertThat(symbol + " " + size, all, is(not(empty())));
        for (int i = 0; i < 12; i++) {
          long a = from + (long) (random.nextDouble() * (to - from));
          long b = a + (long) (random.nextDouble() * (to - a));
          List<MarketBar> part =
              all.stream().filter(bar -> bar.tsEvent() >= a && bar.tsEvent() < b).toList();
          // A market of its own, so that nothing comes from what was made before.
          assertThat(bars(Market.of(1, 0), size, symbol, a, b), equalTo(part));
        }
      }
    }
  }

  private static List<MarketBar> bars(BarSize size, String symbol, long from, long to) {
    return bars(MARKET, size, symbol, from, to);
  }

  @Test
  void severalSymbolsAreMergedByTimeWithTheSameBars() {
    long from = ns("2021-03-01");
    long to = ns("2021-03-20");
    List<String> symbols = List.of("ES.v.0", "ZC.v.0", "QH.v.0", "LB.v.0");
    List<MarketBar> merged =
        MARKET.query(Dataset.GLBX, BarSize.HOUR, SType.CONTINUOUS, symbols, from, to).toList();
    List<MarketBar> single = new ArrayList<>();
    symbols.forEach(s -> single.addAll(bars(BarSize.HOUR, s, from, to)));
    List<MarketBar> sorted = new ArrayList<>(single);
    sorted.sort(java.util.Comparator.comparingLong(MarketBar::tsEvent));
    assertThat(merged, equalTo(sorted));
  }

  @Test
  void twoSymbolsForOneContractGiveItsBarsOnce() {
    long from = ns("2021-02-01");
    long to = ns("2021-03-20");
    List<MarketBar> both =
        MARKET
            .query(
                Dataset.GLBX, BarSize.DAY, SType.CONTINUOUS, List.of("ES.c.0", "ES.v.0"), from, to)
            .toList();
    assertThat(both.size(), is((int) both.stream().distinct().count()));
    assertThat(both.containsAll(bars(BarSize.DAY, "ES.c.0", from, to)), is(true));
    assertThat(both.containsAll(bars(BarSize.DAY, "ES.v.0", from, to)), is(true));
    long counted =
        MARKET
            .query(
                Dataset.GLBX, BarSize.DAY, SType.CONTINUOUS, List.of("ES.c.0", "ES.v.0"), from, to)
            .count();
    assertThat(counted, is((long) both.size()));
  }

  @Test
  void eachSizeIsTheSumOfTheNextFinerOne() {
    for (String symbol : List.of("ZL.v.0", "ES.v.0", "6L.v.0", "DC.v.0", "HE.v.0", "CL.v.0")) {
      long from = ns("2020-04-14");
      for (int i = 1; i < BarSize.values().length; i++) {
        BarSize fine = BarSize.values()[i - 1];
        BarSize coarse = BarSize.values()[i];
        long to = from + (fine == BarSize.SECOND ? 8 : 40) * DAY;
        assertThat(
            symbol + " " + coarse,
            gather(bars(fine, symbol, from, to), coarse.lengthNs()),
            equalTo(bars(coarse, symbol, from, to)));
      }
    }
  }

  private static List<MarketBar> gather(List<MarketBar> fine, long length) {
    Map<Long, MarketBar> sums = new LinkedHashMap<>();
    for (MarketBar b : fine) {
      long start = b.tsEvent() - b.tsEvent() % length;
      sums.merge(
          start,
          new MarketBar(
              start,
              b.instrumentId(),
              b.publisherId(),
              b.rawSymbol(),
              b.open(),
              b.high(),
              b.low(),
              b.close(),
              b.volume()),
          (x, y) ->
              new MarketBar(
                  start,
                  x.instrumentId(),
                  x.publisherId(),
                  x.rawSymbol(),
                  x.open(),
                  Math.max(x.high(), y.high()),
                  Math.min(x.low(), y.low()),
                  y.close(),
                  x.volume() + y.volume()));
    }
    return List.copyOf(sums.values());
  }

  @Test
  void pricesLieOnTheTickGridAndInTheirRange() {
    Map<String, Long> ticks =
        Map.of("ZN.v.0", 15_625_000L, "6J.v.0", 500L, "ZL.v.0", 10_000_000L, "ZT.v.1", 3_906_250L);
    ticks.forEach(
        (symbol, tick) -> {
          for (MarketBar b : bars(BarSize.MINUTE, symbol, "2025-09-01", "2025-09-08")) {
            assertThat(b.toString(), b.open() % tick, is(0L));
            assertThat(b.toString(), b.close() % tick, is(0L));
            assertThat(b.toString(), b.high() % tick, is(0L));
            assertThat(b.toString(), b.low() % tick, is(0L));
            assertThat(b.low(), is(lessThanOrEqualTo(Math.min(b.open(), b.close()))));
            assertThat(b.high(), is(greaterThanOrEqualTo(Math.max(b.open(), b.close()))));
            assertThat(b.volume(), is(greaterThan(0L)));
          }
        });
  }

  @Test
  void crudeOilClosesBelowZeroOnTheTwentiethOfApril2020() {
    List<MarketBar> days = bars(BarSize.DAY, "CL.v.0", "2020-04-20", "2020-04-22");
    assertThat(days.get(0).rawSymbol(), is("CLK0"));
    assertThat(days.get(0).low(), is(-40_320_000_000L));
    assertThat(days.get(0).close(), is(-37_630_000_000L));
    assertThat(days.get(1).rawSymbol(), is("CLM0"));
    assertThat(days.get(1).low(), is(greaterThan(0L)));
  }

  @Test
  void yenAndPesoHaveTheirSmallPrices() {
    MarketBar yen = bars(BarSize.DAY, "6J.v.0", "2025-12-10", "2025-12-11").get(0);
    MarketBar peso = bars(BarSize.DAY, "6M.v.0", "2025-12-10", "2025-12-11").get(0);
    assertThat(yen.close(), allOf(greaterThan(5_500_000L), lessThanOrEqualTo(7_700_000L)));
    assertThat(peso.close(), allOf(greaterThan(45_000_000L), lessThanOrEqualTo(65_000_000L)));
  }

  @Test
  void aContinuousSeriesShowsTheBarsOfTheContractBehindIt() {
    List<MarketBar> front = bars(BarSize.HOUR, "ZC.v.0", "2023-02-01", "2023-03-01");
    for (String name : front.stream().map(MarketBar::rawSymbol).distinct().toList()) {
      List<MarketBar> own =
          MARKET.bars(
              "GLBX.MDP3",
              BarSize.HOUR,
              SType.RAW_SYMBOL,
              name,
              ns("2023-02-01"),
              ns("2023-03-01"));
      List<MarketBar> shown = front.stream().filter(b -> b.rawSymbol().equals(name)).toList();
      assertThat(own.containsAll(shown), is(true));
    }
  }

  @Test
  void anInstrumentIdGivesTheSameBarsAsItsName() {
    MarketBar bar = bars(BarSize.DAY, "GC.v.0", "2022-05-03", "2022-05-04").get(0);
    assertThat(
        MARKET.bars(
            "GLBX.MDP3",
            BarSize.DAY,
            SType.INSTRUMENT_ID,
            Long.toString(bar.instrumentId()),
            ns("2022-05-03"),
            ns("2022-05-04")),
        equalTo(List.of(bar)));
  }

  @Test
  void rollsJumpBecausePricesAreNotAdjusted() {
    List<MarketBar> days = bars(BarSize.DAY, "ZW.v.0", "2022-01-01", "2024-01-01");
    int jumps = 0;
    int rolls = 0;
    for (int i = 1; i < days.size(); i++) {
      if (!days.get(i).rawSymbol().equals(days.get(i - 1).rawSymbol())) {
        rolls++;
        double change = days.get(i).open() / (double) days.get(i - 1).close() - 1;
        jumps += Math.abs(change) > 0.003 ? 1 : 0;
      }
    }
    assertThat(rolls, is(greaterThan(8)));
    assertThat(jumps * 2, is(greaterThan(rolls)));
  }

  @Test
  void anotherSeedIsAnotherMarket() {
    assertThat(
        bars(Market.of(2), BarSize.DAY, "ES.v.0", ns("2024-01-02"), ns("2024-02-01")),
        not(equalTo(bars(BarSize.DAY, "ES.v.0", "2024-01-02", "2024-02-01"))));
  }

  @Test
  void iceBarsComeOnceForEachPublisher() {
    List<MarketBar> days =
        MARKET.bars(
            "IFUS.IMPACT",
            BarSize.DAY,
            SType.CONTINUOUS,
            "SB.v.0",
            ns("2024-03-04"),
            ns("2024-03-05"));
    assertThat(days.stream().map(MarketBar::publisherId).toList(), equalTo(List.of(97, 98)));
    assertThat(days.get(0).volume(), is(greaterThan(days.get(1).volume())));
  }

  @Test
  void volumesAndTimesRise() {
    List<Long> times =
        bars(BarSize.MINUTE, "ES.v.0", "2024-03-04", "2024-03-09").stream()
            .map(MarketBar::tsEvent)
            .toList();
    List<Long> steps = new ArrayList<>();
    for (int i = 1; i < times.size(); i++) {
      steps.add(times.get(i) - times.get(i - 1));
    }
    assertThat(steps, everyItem(is(greaterThanOrEqualTo(60_000_000_000L))));
  }
}
