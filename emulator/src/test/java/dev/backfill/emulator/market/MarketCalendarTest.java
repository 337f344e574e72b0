package dev.backfill.emulator.market;

import static dev.backfill.emulator.market.MarketTest.bars;
import static dev.backfill.emulator.market.MarketTest.ns;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Catalog;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;

class MarketCalendarTest {
  private static final String FIRST = "2010-06-06";
  private static final String END = "2025-12-16";

  private static LocalDate date(MarketBar bar) {
    return LocalDate.ofEpochDay(bar.tsEvent() / MarketTest.DAY);
  }

  private static int hour(MarketBar bar) {
    return (int) (bar.tsEvent() / 3_600_000_000_000L % 24);
  }

  private static List<LocalDate> days(String root, String from, String to) {
    return bars(BarSize.DAY, root + ".v.0", from, to).stream()
        .map(MarketCalendarTest::date)
        .toList();
  }

  private static List<Integer> hours(String root, String day) {
    return bars(BarSize.HOUR, root + ".v.0", day, LocalDate.parse(day).plusDays(1).toString())
        .stream()
        .map(MarketCalendarTest::hour)
        .toList();
  }

  private static Matcher<Integer> near(int expected, double part) {
    return both(greaterThan((int) (expected * (1 - part))))
        .and(lessThan((int) (expected * (1 + part)) + 1));
  }

  @Test
  void aLiquidProductHas4815DailyBarsOfWhich790AreSundays() {
    List<LocalDate> days = days("ES", FIRST, END);
    assertThat(days.size(), is(4815));
    assertThat(days.stream().filter(d -> d.getDayOfWeek() == DayOfWeek.SUNDAY).count(), is(790L));
    assertThat(days.get(0), is(LocalDate.parse(FIRST)));
    assertThat(days.get(days.size() - 1), is(LocalDate.parse("2025-12-15")));
  }

  @Test
  void theDailyJobHasSome219000Bars() {
    Market market = Market.of(1);
    List<String> symbols =
        Catalog.load().roots("daily_core").stream().map(r -> r + ".v.0").toList();
    assertThat(symbols.size(), is(56));
    long count =
        market
            .query(Dataset.GLBX, BarSize.DAY, SType.CONTINUOUS, symbols, ns(FIRST), ns(END))
            .count();
    assertThat((int) count, is(near(219_000, 0.01)));
  }

  @Test
  void saturdaysAreEmpty() {
    assertThat(
        days("BTC", "2018-01-01", "2020-01-01").stream()
            .map(LocalDate::getDayOfWeek)
            .collect(Collectors.toSet()),
        not(hasItem(DayOfWeek.SATURDAY)));
  }

  @Test
  void livestockHasNoSundayAndGrainsHaveFew() {
    Set<DayOfWeek> livestock =
        days("LE", "2015-01-01", "2020-01-01").stream()
            .map(LocalDate::getDayOfWeek)
            .collect(Collectors.toSet());
    assertThat(livestock.size(), is(5));
    long grains =
        days("ZL", FIRST, END).stream().filter(d -> d.getDayOfWeek() == DayOfWeek.SUNDAY).count();
    assertThat((int) grains, is(both(greaterThan(10)).and(lessThan(60))));
  }

  @Test
  void theMaintenanceHourMovesWithDaylightSavingTime() {
    assertThat(hours("ES", "2025-01-15"), not(hasItem(22)));
    assertThat(hours("ES", "2025-01-15").size(), is(23));
    assertThat(hours("ES", "2025-07-16"), not(hasItem(21)));
    assertThat(hours("ES", "2025-07-16").size(), is(23));
  }

  @Test
  void sundayBeginsInTheEvening() {
    assertThat(hours("ES", "2025-01-12"), contains(23));
    assertThat(hours("ES", "2025-07-13"), contains(22, 23));
  }

  @Test
  void holidaysCloseTheMarketOrHalfOfTheDay() {
    assertThat(hours("ES", "2024-03-29"), is(empty())); // Good Friday
    assertThat(hours("ES", "2024-12-25"), contains(23)); // Christmas, open again in the evening
    assertThat(hours("ES", "2024-01-01"), contains(23)); // New Year
    assertThat(hours("ES", "2024-11-28"), hasItem(17)); // Thanksgiving until noon
    assertThat(hours("ES", "2024-11-28"), not(hasItem(19)));
    assertThat(hours("LE", "2024-11-28"), is(empty()));
    assertThat(hours("LE", "2024-07-04"), is(empty()));
  }

  @Test
  void productsBeginAndEndWhenTheyDid() {
    assertThat(days("KE", "2013-01-01", "2014-02-01").get(0), is(LocalDate.parse("2013-12-16")));
    assertThat(days("RTY", "2017-01-01", "2018-01-01").get(0), is(LocalDate.parse("2017-07-10")));
    List<LocalDate> euro = days("GE", "2023-01-01", END);
    assertThat(euro.get(euro.size() - 1), is(LocalDate.parse("2023-04-14")));
    List<LocalDate> rouble = days("6R", "2025-01-01", END);
    assertThat(rouble.get(rouble.size() - 1), lessThan(LocalDate.parse("2025-07-01")));
    assertThat(days("CPO", "2014-06-01", END), is(empty()));
    for (String root : List.of("LB", "Z3N", "FF", "MSI", "GD", "ZE", "DA", "LBS", "6P", "6W")) {
      assertThat(days(root, FIRST, END), is(empty()));
    }
  }

  @Test
  void thinProductsMissDays() {
    assertThat(days("QH", FIRST, END).size(), is(near(993, 0.1)));
    assertThat(days("QU", FIRST, END).size(), is(near(782, 0.1)));
    assertThat(days("5YY", FIRST, END).size(), is(near(438, 0.1)));
    assertThat(days("30Y", FIRST, END).size(), is(near(776, 0.1)));
    assertThat(days("2YY", FIRST, END).size(), is(near(1113, 0.1)));
    assertThat(days("CPO", FIRST, END).size(), is(near(139, 0.25)));
  }

  @Test
  void someContinuousSymbolsChangeTheirContractAllTheTime() {
    assertThat(changes("BZ"), is(near(647, 0.06)));
    assertThat(changes("SR1"), is(near(1100, 0.06)));
    assertThat(changes("SR3"), is(near(1060, 0.06)));
    assertThat(changes("ZQ"), is(near(2165, 0.06)));
    assertThat(changes("6L"), is(near(519, 0.06)));
    assertThat(changes("DC"), is(near(1131, 0.06)));
    assertThat(changes("DY"), is(near(3022, 0.06)));
    assertThat(changes("ALI"), is(near(634, 0.06)));
    assertThat(changes("ES"), is(lessThan(100)));
  }

  private static int changes(String root) {
    List<MarketBar> days = bars(BarSize.DAY, root + ".v.0", FIRST, END);
    int changes = 0;
    for (int i = 1; i < days.size(); i++) {
      changes += days.get(i).instrumentId() == days.get(i - 1).instrumentId() ? 0 : 1;
    }
    return changes;
  }

  @Test
  void aMissingDayHasNoBarAndSaysSo() {
    LocalDate day = LocalDate.parse("2011-05-05");
    assertThat(Conditions.of(Dataset.GLBX, day), is("missing"));
    assertThat(days("ES", "2011-05-05", "2011-05-06"), is(empty()));
  }

  @Test
  void easterAndDaylightSavingTimeAreRight() {
    assertThat(UsCalendar.easter(2024), is(LocalDate.parse("2024-03-31")));
    assertThat(UsCalendar.easter(2025), is(LocalDate.parse("2025-04-20")));
    assertThat(UsCalendar.easter(2011), is(LocalDate.parse("2011-04-24")));
    assertThat(UsCalendar.chicagoOffset(LocalDate.parse("2024-03-09")), is(-6));
    assertThat(UsCalendar.chicagoOffset(LocalDate.parse("2024-03-10")), is(-5));
    assertThat(UsCalendar.chicagoOffset(LocalDate.parse("2024-11-02")), is(-5));
    assertThat(UsCalendar.chicagoOffset(LocalDate.parse("2024-11-03")), is(-6));
  }
}
