package dev.backfill.emulator.market;

import static dev.backfill.emulator.market.MarketTest.DAY;
import static dev.backfill.emulator.market.MarketTest.ns;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  private static final Market MARKET = Market.of(1);

  private static List<StatisticsRecord> of(SType in, String symbol, String from, String to) {
    return MARKET.statistics("GLBX.MDP3", in, symbol, ns(from), ns(to));
  }

  private static long count(List<StatisticsRecord> all, Predicate<StatisticsRecord> wanted) {
    return all.stream().filter(wanted).count();
  }

  private static LocalDate date(long ns) {
    return Instant.ofEpochSecond(0, ns).atZone(ZoneOffset.UTC).toLocalDate();
  }

  @Test
  void anyPartOfARangeHoldsTheSameRecords() {
    Random random = new Random(5);
    long from = ns("2023-12-20");
    long to = from + 40 * DAY;
    for (Map.Entry<String, SType> e :
        Map.of("OZM.OPT", SType.PARENT, "BZ.v.0", SType.CONTINUOUS, "ZC.FUT", SType.PARENT)
            .entrySet()) {
      List<StatisticsRecord> all =
          MARKET.statistics("GLBX.MDP3", e.getValue(), e.getKey(), from, to);
      assertThat(all, is(not(empty())));
      for (int i = 0; i < 6; i++) {
        long a = from + (long) (random.nextDouble() * (to - from));
        long b = Math.min(to, a + (long) (random.nextDouble() * (to - a)) + DAY);
        List<StatisticsRecord> part =
            all.stream().filter(s -> s.tsRecv() >= a && s.tsRecv() < b).toList();
        StatisticsQuery query =
            Market.of(1).statistics(Dataset.GLBX, e.getValue(), List.of(e.getKey()), a, b);
        assertThat(query.toList(), equalTo(part));
        assertThat(query.count(), is((long) part.size()));
        assertThat(query.isEmpty(), is(part.isEmpty()));
      }
    }
  }

  @Test
  void aTradingDateIsPublishedInTheEveningTheNightAndTheNextMorning() {
    // Tuesday 2024-03-05, with what comes of it on Wednesday.
    List<StatisticsRecord> all = of(SType.RAW_SYMBOL, "ZLK4", "2024-03-05", "2024-03-07");
    StatisticsRecord preliminary = settlement(all, "2024-03-05", 0);
    StatisticsRecord last = settlement(all, "2024-03-05", 1);
    assertThat(preliminary.tsRecv() / DAY * DAY, is(ns("2024-03-05")));
    assertThat(last.tsRecv() / DAY * DAY, is(ns("2024-03-06")));
    assertThat(preliminary.updateAction(), is(1));
    assertThat(Math.abs(preliminary.price() - last.price()), is(lessThan(30_000_000L)));
    for (int type : List.of(6, 9)) {
      StatisticsRecord morning =
          all.stream()
              .filter(s -> s.statType() == type && s.tsRef() == ns("2024-03-05"))
              .findFirst()
              .orElseThrow();
      assertThat(date(morning.tsRecv()), is(LocalDate.parse("2024-03-06")));
      assertThat(morning.price(), is(DbnMetadata.UNDEFINED));
      assertThat(morning.quantity(), allOf(greaterThan(0L), lessThan(2_000_000L)));
    }
    assertThat(count(all, s -> s.statType() == 1 && s.tsRef() == -1), is(2L));
  }

  private static StatisticsRecord settlement(
      List<StatisticsRecord> all, String date, int finalBit) {
    return all.stream()
        .filter(s -> s.statType() == 3 && s.tsRef() == ns(date))
        .filter(s -> (s.statFlags() & 1) == finalBit)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nothingComesOnSaturdays() {
    List<StatisticsRecord> all = of(SType.PARENT, "OZM.OPT", "2024-03-01", "2024-04-01");
    assertThat(count(all, s -> date(s.tsRecv()).getDayOfWeek().getValue() == 6), is(0L));
    // So Friday's final settlement comes on Friday, Monday morning brings Friday's interest.
    long friday = ns("2024-03-08");
    assertThat(
        count(all, s -> s.tsRef() == friday && (s.statFlags() & 1) == 1 && s.statType() == 3) > 10,
        is(true));
    assertThat(
        all.stream()
            .filter(s -> s.statType() == 9 && s.tsRef() == friday)
            .allMatch(s -> date(s.tsRecv()).equals(LocalDate.parse("2024-03-11"))),
        is(true));
  }

  @Test
  void theSettlementOfTheCrashIsBelowZero() {
    StatisticsRecord crash =
        settlement(of(SType.RAW_SYMBOL, "CLK0", "2020-04-20", "2020-04-22"), "2020-04-20", 1);
    assertThat(crash.price(), is(-37_630_000_000L));
  }

  @Test
  void optionsHaveVolatilityAndDeltaWhereTheVenuePublishesThem() {
    List<StatisticsRecord> soy = of(SType.PARENT, "OZS.OPT", "2024-03-05", "2024-03-07");
    assertThat(count(soy, s -> s.statType() == 14), is(greaterThan(50L)));
    for (StatisticsRecord s : soy) {
      if (s.statType() == 14 && s.price() != DbnMetadata.UNDEFINED) {
        assertThat(s.price(), allOf(greaterThan(100_000_000L), lessThan(500_000_000L)));
      } else if (s.statType() == 15 && s.price() != DbnMetadata.UNDEFINED) {
        assertThat(Math.abs(s.price()) <= 1_000_000_000L, is(true));
      }
    }
    assertThat(count(soy, s -> s.statType() == 15 && s.price() < 0), is(greaterThan(20L)));
    List<StatisticsRecord> gas = of(SType.PARENT, "ON.OPT", "2024-03-05", "2024-03-07");
    assertThat(count(gas, s -> s.statType() == 14 || s.statType() == 15), is(0L));
    assertThat(count(gas, s -> s.statType() == 3), is(greaterThan(100L)));
  }

  @Test
  void figuresAreReplacedWithdrawnAndLeftOutNowAndThen() {
    List<StatisticsRecord> all = of(SType.PARENT, "OZS.OPT", "2024-01-01", "2024-07-01");
    assertThat(count(all, s -> s.updateAction() == 2), is(greaterThan(20L)));
    assertThat(
        count(all, s -> s.statType() == 3 && s.price() == DbnMetadata.UNDEFINED),
        is(greaterThan(20L)));
    assertThat(
        count(all, s -> s.statType() == 14 && s.price() == DbnMetadata.UNDEFINED),
        is(greaterThan(20L)));
    Map<String, Integer> interests = new HashMap<>();
    Map<String, Integer> finals = new TreeMap<>();
    for (StatisticsRecord s : all) {
      String key = s.header().instrumentId() + " " + s.tsRef();
      if (s.statType() == 9) {
        interests.merge(key, 1, Integer::sum);
      } else if (s.statType() == 3 && (s.statFlags() & 1) == 1 && s.updateAction() == 1) {
        finals.merge(key, 1, Integer::sum);
      }
    }
    assertThat(interests.values().stream().filter(n -> n == 2).count(), is(greaterThan(100L)));
    assertThat(finals.values().stream().filter(n -> n == 2).count(), is(greaterThan(20L)));
  }

  @Test
  void spreadsHaveNone() {
    Set<String> outrights =
        Set.copyOf(
            MARKET
                .resolve(
                    Dataset.GLBX,
                    SType.CONTINUOUS,
                    SType.INSTRUMENT_ID,
                    List.of("ZC.c.0", "ZC.c.1", "ZC.c.2"),
                    LocalDate.parse("2024-03-05"),
                    LocalDate.parse("2024-03-06"))
                .result()
                .values()
                .stream()
                .map(i -> i.get(0).symbol())
                .toList());
    List<StatisticsRecord> all = of(SType.PARENT, "ZC.FUT", "2024-03-05", "2024-03-06");
    assertThat(
        count(all, s -> outrights.contains(Long.toString(s.header().instrumentId()))),
        is(greaterThan(9L)));
    assertThat(count(all, s -> s.header().instrumentId() >= 1_000_000), is(0L));
  }

  @Test
  void aRevisionRaisesWhatWasReceivedOnItsDay() {
    Market market = Market.of(1);
    LocalDate day = LocalDate.parse("2024-03-05");
    market.revisions().revise(Dataset.GLBX, "ZL", day, day.plusDays(9));
    List<StatisticsRecord> before = of(SType.RAW_SYMBOL, "ZLK4", "2024-03-05", "2024-03-07");
    List<StatisticsRecord> after =
        market.statistics(
            "GLBX.MDP3", SType.RAW_SYMBOL, "ZLK4", ns("2024-03-05"), ns("2024-03-07"));
    assertThat(after.size(), is(before.size()));
    for (int i = 0; i < after.size(); i++) {
      StatisticsRecord s = before.get(i);
      boolean rises =
          date(s.tsRecv()).equals(day)
              && (s.statType() == 1 || s.statType() == 3)
              && s.price() != DbnMetadata.UNDEFINED;
      assertThat(after.get(i).price() - s.price(), is(rises ? 10_000_000L : 0L));
    }
  }
}
