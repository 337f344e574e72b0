package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.pipelines.run.WantedCheck.Why;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Symbols by the groups that people know, and how old a table may be. */
class SymbolGroupsTest {
  private static final Instant AT = Instant.parse("2025-12-12T00:00:00Z");

  private static List<SymbolStatus> symbols(String... names) {
    return Arrays.stream(names).map(n -> new SymbolStatus("raw.t", n, 10, AT, AT)).toList();
  }

  private static List<String> groups(SymbolGroups groups) {
    return groups.groups().stream()
        .map(g -> g.title() + " " + g.names() + " " + StatusText.missing(g))
        .toList();
  }

  @Test
  void rootsContinuousSymbolsAndOptionParentsFindTheirGroup() {
    assertThat(
        groups(
            SymbolGroups.of(
                new SymbolGroups.Titles(),
                symbols("CL", "KC.FUT", "LO.OPT", "QQQQ", "ZC", "ZL.c.0", "OZL.OPT"),
                Map.of(),
                Map.of("ZM", Why.NOT_ASKED, "ZS", Why.UNRESOLVED, "VX", Why.NOT_ENTITLED))),
        contains(
            "Soy Complex [ZL.c.0, OZL.OPT] ZM (never loaded); ZS (never resolved, although the"
                + " catalogue has it as active)",
            "Grains [ZC] ",
            "Energy [CL, LO.OPT] ",
            "Volatility [] VX (this key has no right to it)",
            "Softs [KC.FUT] ",
            "Other [QQQQ] "));
  }

  @Test
  void theDatabaseKnowsBetterThanTheName() {
    assertThat(
        groups(
            SymbolGroups.of(
                new SymbolGroups.Titles(),
                symbols("DGS10", "XYZ.OPT"),
                Map.of("DGS10", "rates_treasury", "XYZ.OPT", "GC"),
                Map.of())),
        contains("Metals [XYZ.OPT] ", "rates_treasury [DGS10] "));
  }

  @Test
  void aSeriesThatIsNotLoadedIsInTheCataloguesGroup() {
    assertThat(
        groups(
            SymbolGroups.of(
                new SymbolGroups.Titles(), symbols(), Map.of(), Map.of("DGS10", Why.NOT_ASKED))),
        contains("rates_treasury [] DGS10 (never loaded)"));
  }

  @Test
  void aTableIsStaleByWeekdays() {
    String daily = "raw.databento_futures_ohlcv_1d";
    String hourly = "raw.databento_futures_ohlcv_1h";
    assertThat(Freshness.isStale(daily, AT, Instant.parse("2025-12-18T00:00:00Z")), is(false));
    assertThat(Freshness.isStale(daily, AT, Instant.parse("2025-12-20T00:00:00Z")), is(true));
    assertThat(Freshness.isStale(hourly, AT, Instant.parse("2025-12-17T00:00:00Z")), is(false));
    assertThat(Freshness.isStale(hourly, AT, Instant.parse("2025-12-18T00:00:00Z")), is(true));
    assertThat(Freshness.isStale(hourly, AT, AT), is(false));
    assertThat(
        Freshness.isStale("raw.fred_economic", AT, Instant.parse("2025-12-20T00:00:00Z")),
        is(false));
    assertThat(
        Freshness.isStale(
            "reference.databento_definitions", AT, Instant.parse("2026-12-20T00:00:00Z")),
        equalTo(false));
  }

  @Test
  void aPagesCellsAreSafe() {
    MarkdownPage page = new MarkdownPage().heading(1, "T");
    page.table("a", "b").row("x|y", 12_345);
    assertThat(
        page.text().lines().toList(),
        contains("# T", "", "| a | b |", "| --- | --- |", "| x\\|y | 12,345 |"));
  }
}
