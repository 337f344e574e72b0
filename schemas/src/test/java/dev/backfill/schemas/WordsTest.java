package dev.backfill.schemas;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small words: series, prices, times, ids, catalogue. */
class WordsTest {

  @ParameterizedTest
  @CsvSource({
    "continuous, ZL.v.0, ZL",
    "continuous, 6J.v.0, 6J",
    "continuous, ZL.v.1, ZL.v.1",
    "continuous, ZL.c.0, ZL.c.0",
    "raw_symbol, ESH1, ESH1",
    "raw_symbol, ZL.v.0, ZL.v.0",
    "instrument_id, 17077, 17077"
  })
  void tableSymbolIsTheRootForTheDefaultSeriesOnly(String stype, String symbol, String expected) {
    assertThat(
        new Series("databento", "GLBX.MDP3", "ohlcv-1d", stype, symbol).tableSymbol(),
        equalTo(Optional.of(expected)));
  }

  @Test
  void aParentHasNoTableSymbol() {
    Series parent = new Series("databento", "GLBX.MDP3", "ohlcv-1d", "parent", "ZL.FUT");
    assertThat(parent.tableSymbol(), equalTo(Optional.empty()));
    assertThat(parent.isParent(), is(true));
  }

  @ParameterizedTest
  @CsvSource({
    "continuous, ZL",
    "continuous, ZL.x.0",
    "parent, ZL",
    "parent, ZL.v.0",
    "instrument_id, ES",
    "smart, ES"
  })
  void aSymbolOfAnotherFormIsRefused(String stype, String symbol) {
    assertThat(Series.formProblem(stype, symbol).isPresent(), is(true));
  }

  @Test
  void pricesAreExact() {
    assertThat(FixedPrice.decimal(6_512_500L), equalTo(new BigDecimal("0.006512500")));
    assertThat(FixedPrice.decimal(-37_630_000_000L), equalTo(new BigDecimal("-37.630000000")));
    assertThat(FixedPrice.fits(FixedPrice.UNDEFINED), is(true));
    assertThat(FixedPrice.fits(FixedPrice.LIMIT), is(false));
    assertThat(FixedPrice.fits(-FixedPrice.LIMIT), is(false));
    assertThat(FixedPrice.fits(FixedPrice.LIMIT - 1), is(true));
    assertThrows(IllegalArgumentException.class, () -> FixedPrice.decimal(FixedPrice.UNDEFINED));
  }

  @Test
  void timesSurviveTheRoundTripBefore1970Too() {
    for (String text : List.of("1969-12-31T23:59:59.999999999Z", "2020-04-20T18:30:00Z")) {
      assertThat(Times.instant(Times.nanos(Instant.parse(text))).toString(), equalTo(text));
    }
    assertThat(Times.epochDay(-1), equalTo(-1));
    assertThat(Times.text(Times.nanos(LocalDate.of(2010, 6, 6))), equalTo("2010-06-06"));
    assertThat(
        Times.text(Times.nanos(LocalDate.of(2010, 6, 6)) + 1),
        equalTo("2010-06-06T00:00:00.000000001Z"));
  }

  @Test
  void jobTimesAreDatesTimesNowOrDaysBack() {
    assertThat(
        JobTime.parse("2010-06-06"),
        equalTo(new JobTime.At(Times.nanos(LocalDate.of(2010, 6, 6)))));
    assertThat(
        JobTime.parse("2010-06-06T12:00:00"), equalTo(JobTime.parse("2010-06-06T12:00:00Z")));
    assertThat(JobTime.parse("2010-06-06T12:00"), equalTo(JobTime.parse("2010-06-06T12:00:00Z")));
    assertThat(JobTime.parse("now"), equalTo(new JobTime.Now()));
    assertThat(JobTime.parse("-365d"), equalTo(new JobTime.Back(Duration.ofDays(365))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2010-13-01", "365d", "-1w", "", "9999-01-01"})
  void whatIsNoTimeIsRefusedWithTheForms(String text) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> JobTime.parse(text));
    assertThat(e.getMessage(), containsString(JobTime.FORMS));
  }

  @Test
  void equalRequestsHaveEqualIds() {
    String id =
        ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1d", "continuous", List.of("ZL.v.0"), 0, 1);
    assertThat(id.length(), equalTo(16));
    assertThat(
        ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1d", "continuous", List.of("ZL.v.0"), 0, 1),
        equalTo(id));
    assertThat(
        ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1d", "continuous", List.of("ZL.v.0"), 0, 2),
        not(equalTo(id)));
  }

  @Test
  void theCatalogueHasTheGroupsTheJobsName() {
    Catalog catalog = Catalog.load();
    assertThat(catalog.roots("daily_core"), hasSize(56));
    assertThat(catalog.roots("hourly_core"), hasSize(33));
    assertThat(catalog.roots("daily_missing"), hasSize(31));
    assertThat(catalog.roots("daily_core"), hasItems("ZL", "6J", "GE", "LB"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> catalog.roots("dayly")).getMessage(),
        equalTo(
            "Unknown catalog dayly; there is daily_core, daily_missing, hourly_core,"
                + " ice_softs"));
  }

  @Test
  void aQuotedCellMayHoldCommasAndQuotes() {
    assertThat(Catalog.cells("a,\"b, \"\"c\"\"\",,d"), equalTo(List.of("a", "b, \"c\"", "", "d")));
  }
}
