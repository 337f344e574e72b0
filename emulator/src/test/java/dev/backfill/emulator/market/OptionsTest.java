package dev.backfill.emulator.market;

import static dev.backfill.emulator.market.MarketTest.DAY;
import static dev.backfill.emulator.market.MarketTest.ns;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTest {
  private static final Market MARKET = Market.of(1);
  private static final String GLBX = "GLBX.MDP3";

  private static List<MarketBar> bars(
      Market market, BarSize size, String parent, long from, long to) {
    return market.bars(GLBX, size, SType.PARENT, parent, from, to);
  }

  private static List<MarketBar> days(String parent, String from, String to) {
    return bars(MARKET, BarSize.DAY, parent, ns(from), ns(to));
  }

  private static Map<String, List<MappingInterval>> resolve(
      SType in, SType out, String symbol, String from, String to) {
    return MARKET
        .resolve(Dataset.GLBX, in, out, List.of(symbol), LocalDate.parse(from), LocalDate.parse(to))
        .result();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OZL", "OZS", "OZM", "OZC", "OZW", "LO", "ON", "OB", "OH", "OG", "SO", "HXE", "OZN", "OZB",
        "OZF", "ES", "NQ", "EUU", "JPU"
      })
  void everyParentTradesThinly(String root) {
    List<MarketBar> bars = days(root + ".OPT", "2024-03-01", "2024-04-01");
    assertThat(bars.size(), is(greaterThan(50)));
    Map<String, Integer> perContract = new HashMap<>();
    bars.forEach(b -> perContract.merge(b.rawSymbol(), 1, Integer::sum));
    assertThat(perContract.values().stream().filter(n -> n < 10).count(), is(greaterThan(5L)));
    for (MarketBar bar : bars) {
      assertThat(bar.rawSymbol(), bar.rawSymbol().matches(root + "[FGHJKMNQUVXZ][0-9] [CP][0-9]+"));
      assertThat(bar.low(), is(greaterThan(0L)));
      assertThat(bar.low(), is(lessThanOrEqualTo(Math.min(bar.open(), bar.close()))));
      assertThat(bar.high(), is(greaterThanOrEqualTo(Math.max(bar.open(), bar.close()))));
      assertThat(bar.volume(), is(greaterThan(0L)));
    }
  }

  @ParameterizedTest
  @CsvSource({"CL.OPT", "HO.OPT", "ZL.OPT", "JPU.OPT"})
  void aParentUnderWhichNothingIsListedIsRefused(String parent) {
    SymbolException refused =
        assertThrows(
            SymbolException.class,
            () -> resolve(SType.PARENT, SType.INSTRUMENT_ID, parent, "2015-03-02", "2015-03-03"));
    assertThat(refused.reason(), is(SymbolException.Reason.PARENT));
    assertThrows(
        SymbolException.class,
        () -> resolve(SType.PARENT, SType.INSTRUMENT_ID, "OZL.OPT", "2024-03-02", "2024-03-03"));
  }

  @Test
  void anyPartOfARangeHoldsTheSameBars() {
    Random random = new Random(3);
    long from = ns("2021-11-20");
    long to = from + 80 * DAY;
    for (BarSize size : List.of(BarSize.DAY, BarSize.HOUR, BarSize.MINUTE)) {
      List<MarketBar> all = bars(MARKET, size, "OZL.OPT", from, to);
      assertThat(all, is(not(empty())));
      for (int i = 0; i < 4; i++) {
        long a = from + (long) (random.nextDouble() * (to - from));
        long b = Math.min(to, a + (long) (random.nextDouble() * (to - a)) + DAY);
        List<MarketBar> part =
            all.stream().filter(bar -> bar.tsEvent() >= a && bar.tsEvent() < b).toList();
        assertThat(bars(Market.of(1, 0), size, "OZL.OPT", a, b), equalTo(part));
      }
    }
  }

  @Test
  void hoursMakeUpTheirDay() {
    Map<String, Long> byDay = new TreeMap<>();
    for (MarketBar bar : days("LO.OPT", "2023-05-01", "2023-06-01")) {
      byDay.put(bar.rawSymbol() + " " + bar.tsEvent(), bar.volume());
    }
    Map<String, Long> byHour = new TreeMap<>();
    long from = ns("2023-05-01");
    for (MarketBar bar : bars(MARKET, BarSize.HOUR, "LO.OPT", from, ns("2023-06-01"))) {
      long day = bar.tsEvent() - Math.floorMod(bar.tsEvent(), DAY);
      byHour.merge(bar.rawSymbol() + " " + day, bar.volume(), Long::sum);
    }
    assertThat(byHour, equalTo(byDay));
  }

  @Test
  void aPriceIsTheIntrinsicValueAndSomeTime() {
    Map<String, DefinitionRecord> definitions = new HashMap<>();
    for (DefinitionRecord d :
        MARKET.definitions(GLBX, SType.PARENT, "OZL.OPT", ns("2024-03-04"), ns("2024-03-07"))) {
      definitions.put(d.rawSymbol(), d);
    }
    List<MarketBar> bars =
        bars(MARKET, BarSize.HOUR, "OZL.OPT", ns("2024-03-04"), ns("2024-03-07"));
    assertThat(bars.size(), is(greaterThan(50)));
    int compared = 0;
    for (MarketBar bar : bars) {
      DefinitionRecord definition = definitions.get(bar.rawSymbol());
      List<MarketBar> future =
          MARKET.bars(
              GLBX,
              BarSize.HOUR,
              SType.RAW_SYMBOL,
              definition.underlying(),
              bar.tsEvent(),
              bar.tsEvent() + DAY / 24);
      if (!future.isEmpty()) {
        long paid = future.get(0).close() - definition.strikePrice();
        long intrinsic = Math.max(0, definition.instrumentClass() == 'C' ? paid : -paid);
        long tick = definition.minPriceIncrement();
        assertThat(bar.close() % tick, is(0L));
        // The future's own close is rounded to its tick.
        assertThat(bar.close(), is(greaterThanOrEqualTo(intrinsic - 10_000_000)));
        assertThat(bar.close() - intrinsic, is(lessThan(6_000_000_000L)));
        compared++;
      }
    }
    assertThat(compared, is(greaterThan(20)));
  }

  @Test
  void strikesFollowTheFutureAndSomeLiveBetweenTwoSnapshots() {
    Set<String> snapshots = new HashSet<>();
    for (String day : List.of("2024-03-01", "2024-04-01", "2024-05-01")) {
      MARKET
          .definitions(GLBX, SType.PARENT, "OZL.OPT", ns(day), ns(day) + DAY)
          .forEach(d -> snapshots.add(d.rawSymbol()));
    }
    Set<String> traded = new HashSet<>();
    days("OZL.OPT", "2024-03-01", "2024-05-01").forEach(b -> traded.add(b.rawSymbol()));
    Set<String> between = new HashSet<>(traded);
    between.removeAll(snapshots);
    assertThat(between.size(), allOf(greaterThan(2), lessThan(traded.size() / 3)));
    Set<String> listed = new HashSet<>(between);
    MARKET
        .definitions(GLBX, SType.PARENT, "OZL.OPT", ns("2024-03-01"), ns("2024-05-01"))
        .forEach(d -> listed.remove(d.rawSymbol()));
    assertThat(listed, is(empty()));
  }

  @Test
  void aParentYearIsSomeHundredContracts() {
    int names =
        resolve(SType.PARENT, SType.INSTRUMENT_ID, "OZL.OPT", "2024-01-01", "2025-01-01").size();
    assertThat(names, allOf(greaterThan(300), lessThan(700)));
  }

  @Test
  void namesAndIdsComeBackForOtherOptions() {
    List<MappingInterval> name =
        resolve(SType.RAW_SYMBOL, SType.INSTRUMENT_ID, "OZSH4 C1300", "2013-10-01", "2024-02-01")
            .get("OZSH4 C1300");
    assertThat(name.size(), is(2));
    assertThat(name.get(0).symbol(), is(not(name.get(1).symbol())));
    String id = name.get(1).symbol();
    List<MappingInterval> lives =
        resolve(SType.INSTRUMENT_ID, SType.RAW_SYMBOL, id, "2012-01-01", "2025-01-01").get(id);
    assertThat(lives.size(), is(greaterThan(3)));
    assertThat(
        lives.stream().map(MappingInterval::symbol).anyMatch("OZSH4 C1300"::equals), is(true));
    for (int i = 1; i < lives.size(); i++) {
      assertThat(lives.get(i).start().isBefore(lives.get(i - 1).end()), is(false));
    }
  }

  @Test
  void idAndNameGiveTheSameBars() {
    MarketBar bar = days("ES.OPT", "2022-05-03", "2022-05-04").get(0);
    List<MarketBar> byName =
        MARKET.bars(
            GLBX,
            BarSize.DAY,
            SType.RAW_SYMBOL,
            bar.rawSymbol(),
            ns("2022-05-03"),
            ns("2022-05-04"));
    assertThat(byName, contains(bar));
    assertThat(
        MARKET.bars(
            GLBX,
            BarSize.DAY,
            SType.INSTRUMENT_ID,
            Long.toString(bar.instrumentId()),
            ns("2022-05-03"),
            ns("2022-05-04")),
        equalTo(byName));
  }

  @Test
  void noTwoInstrumentsHaveOneIdOnADay() {
    Map<String, String> byId = new TreeMap<>();
    List<String> parents = new ArrayList<>();
    MARKET.roots(Dataset.GLBX).forEach(r -> parents.add(r + ".FUT"));
    MARKET.optionRoots(Dataset.GLBX).forEach(r -> parents.add(r + ".OPT"));
    for (String parent : parents) {
      try {
        resolve(SType.PARENT, SType.INSTRUMENT_ID, parent, "2022-06-01", "2022-06-02")
            .forEach(
                (name, list) ->
                    assertThat(name, byId.put(list.get(0).symbol(), name), is((String) null)));
      } catch (SymbolException e) {
        assertThat(e.reason(), is(SymbolException.Reason.PARENT));
      }
    }
    assertThat(byId.size(), is(greaterThan(7000)));
  }

  @Test
  void aRevisionRaisesTheOptionsOfItsRoot() {
    Market market = Market.of(1);
    long from = ns("2024-03-05");
    List<MarketBar> before = bars(market, BarSize.DAY, "OZL.OPT", from, from + DAY);
    LocalDate day = LocalDate.parse("2024-03-05");
    market.revisions().revise(Dataset.GLBX, "OZL.OPT", day, day.plusDays(9));
    List<MarketBar> after = bars(market, BarSize.DAY, "OZL.OPT", from, from + DAY);
    List<Long> rises = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      rises.add(after.get(i).close() - before.get(i).close());
    }
    assertThat(rises, everyItem(is(5_000_000L)));
    assertThat(rises.size(), is(greaterThan(10)));
  }

  @Test
  void theNormalDistributionIsRight() {
    assertThat(Math.abs(Pricing.normal(1.96) - 0.9750021) < 1e-6, is(true));
    assertThat(Math.abs(Pricing.normal(-1) - 0.1586553) < 1e-6, is(true));
    assertThat(Pricing.normal(0) - 0.5 < 1e-6, is(true));
    double call = Pricing.premium(true, 100, 95, 0.5, 0.2);
    double put = Pricing.premium(false, 100, 95, 0.5, 0.2);
    assertThat(Math.abs(call - put - 5) < 1e-9, is(true));
    assertThat(Math.abs(call - 8.35) < 0.01, is(true));
  }
}
