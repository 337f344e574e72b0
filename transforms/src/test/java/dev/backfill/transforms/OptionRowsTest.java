package dev.backfill.transforms;

import static dev.backfill.transforms.TestTarget.DEFINITIONS;
import static dev.backfill.transforms.TestTarget.OPTIONS;
import static dev.backfill.transforms.TestTarget.STATISTICS;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.io.dbn.DefinitionField;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Option bars, and what their definitions and statistics say of them. */
class OptionRowsTest {
  private static final long E9 = 1_000_000_000L;
  private static final String CALL = "OZLH4 C0475";
  private static final String PUT = "OZLH4 P0400";
  private static final String ROWS =
      "SELECT symbol, contract_symbol, as_of_date, strike_price, expiration_date, option_type,"
          + " underlying_symbol, close, settlement_price, open_interest, implied_volatility, delta"
          + " FROM raw.databento_options_ohlcv_1d ORDER BY ALL";

  @TempDir Path folder;
  private TestTarget db;

  @BeforeEach
  void open() {
    db = new TestTarget(folder);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static Answer bars(String from, String to) {
    return new Answer("ohlcv-1d", "parent", from, to, "OZL.OPT")
        .maps(CALL, 7)
        .maps(PUT, 8)
        .maps("UD:1V: VT 2312345678", 9);
  }

  private static Answer twoDays() {
    return bars("2024-01-02", "2024-01-04")
        .bar(7, "2024-01-02", E9)
        .bar(8, "2024-01-02", 2 * E9)
        .bar(9, "2024-01-02", 3 * E9)
        .bar(7, "2024-01-03", 4 * E9);
  }

  private static Answer snapshot(String day, String dayAfter) {
    return new Answer("definition", "parent", day, dayAfter, "OZL.OPT").maps(CALL, 7).maps(PUT, 8);
  }

  private static Answer january() {
    return snapshot("2024-01-02", "2024-01-03")
        .record(
            Answer.option(7, "2024-01-02", CALL, 47_500_000_000L, "2023-06-01", "2024-02-23")
                .build())
        .record(Answer.option(8, "2024-01-02", PUT, 40 * E9, "2023-06-01", "2024-02-23").build());
  }

  private static Answer statistics() {
    return new Answer("statistics", "parent", "2024-01-02", "2024-01-04", "OZL.OPT")
        .maps(CALL, 7)
        .maps(PUT, 8)
        .maps("UD:1V: VT 2312345678", 9)
        .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 1_100_000_000L, 1)
        .statistic(9, "2024-01-02T20:00:00Z", "2024-01-02", 3, 1_100_000_000L, 1)
        .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 14, 250_000_000L, 0xFF)
        .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 15, 400_000_000L, 0xFF)
        .statistic(7, "2024-01-03T01:00:00Z", "2024-01-02", 9, 12, 0xFF);
  }

  private static final List<String> WHOLE =
      List.of(
          "ZL|OZLH4 C0475|2024-01-02|47.5|2024-02-23|C|ZLH4|1|1.1|12|0.25|0.4",
          "ZL|OZLH4 C0475|2024-01-03|47.5|2024-02-23|C|ZLH4|4|-|-|-|-",
          "ZL|OZLH4 P0400|2024-01-02|40|2024-02-23|P|ZLH4|2|-|-|-|-");

  @Test
  void theOrderOfLoadingDoesNotMatterAndARewriteLosesNothing() {
    db.load(OPTIONS, twoDays());
    db.load(DEFINITIONS, january());
    db.load(STATISTICS, statistics());
    assertThat(db.ask(ROWS), equalTo(WHOLE));
    db.load(OPTIONS, twoDays());
    assertThat("rewritten", db.ask(ROWS), equalTo(WHOLE));
    db.load(DEFINITIONS, january());
    db.load(STATISTICS, statistics());
    assertThat("all once more", db.ask(ROWS), equalTo(WHOLE));
    db.requireAgreement();
    assertThat(
        db.ask("SELECT symbol, contract_symbol FROM raw.databento_statistics_1d"),
        contains("ZL|OZLH4 C0475"));
    db.load(DEFINITIONS, snapshot("2024-01-02", "2024-01-03"));
    assertThat(
        "without their definitions",
        db.ask(
            "SELECT count(*), count(strike_price), count(option_type), count(open_interest) FROM "
                + OPTIONS),
        contains("3|0|0|1"));
  }

  @Test
  void definitionsFirstFillBarsThatComeLater() {
    db.load(STATISTICS, statistics());
    db.load(DEFINITIONS, january());
    NormalizedRows rows = twoDays().rows();
    db.load(OPTIONS, rows);
    assertThat(db.ask(ROWS), equalTo(WHOLE));
    assertThat("the combination", rows.leftOut(), equalTo(1L));
    assertThat(
        db.ask("SELECT symbol, table_symbol, state, row_count FROM ops.coverage ORDER BY ALL"),
        contains("OZL.OPT|-|loaded|2", "OZL.OPT|-|loaded|3", "OZL.OPT|-|loaded|4"));
  }

  @Test
  void theNewestDefinitionBeforeADayEndsHoldsElseTheFirstAfterIt() {
    db.load(
        OPTIONS,
        bars("2024-01-02", "2024-01-08")
            .bar(7, "2024-01-02", E9)
            .bar(7, "2024-01-04", E9)
            .bar(7, "2024-01-05", E9)
            .bar(7, "2024-01-07", E9));
    db.load(
        DEFINITIONS,
        snapshot("2024-01-04", "2024-01-08")
            .record(
                Answer.option(7, "2024-01-04T12:00:00Z", CALL, 45 * E9, "2023-06-01", "2024-02-23")
                    .build())
            .record(
                Answer.option(7, "2024-01-05T23:59:59Z", CALL, 46 * E9, "2023-06-01", "2024-02-23")
                    .set(DefinitionField.SECURITY_UPDATE_ACTION, 'M')
                    .build())
            .record(
                Answer.option(7, "2024-01-06T00:00:00Z", CALL, 47 * E9, "2023-06-01", "2024-02-23")
                    .set(DefinitionField.SECURITY_UPDATE_ACTION, 'M')
                    .build()));
    assertThat(
        db.ask("SELECT as_of_date, strike_price FROM " + OPTIONS + " ORDER BY ALL"),
        contains("2024-01-02|45", "2024-01-04|45", "2024-01-05|46", "2024-01-07|47"));
  }

  @Test
  void anIdAndANameThatAreGivenAgainAfterTenYearsAreAnotherContract() {
    db.load(
        DEFINITIONS,
        new Answer("definition", "raw_symbol", "2014-01-02", "2014-01-03", CALL)
            .maps(CALL, 7)
            .record(
                Answer.option(7, "2014-01-02", CALL, 35 * E9, "2013-06-01", "2014-02-21").build()),
        new Answer("definition", "raw_symbol", "2024-01-02", "2024-01-03", CALL)
            .maps(CALL, 7)
            .record(
                Answer.option(7, "2024-01-02", CALL, 47 * E9, "2023-06-01", "2024-02-23").build()));
    db.load(
        OPTIONS,
        bars("2014-02-01", "2014-04-01").bar(7, "2014-02-21", E9).bar(7, "2014-02-22", E9),
        bars("2024-01-02", "2024-01-03").bar(7, "2024-01-02", E9),
        new Answer("ohlcv-1d", "parent", "2024-01-03", "2024-01-04", "OZL.OPT")
            .maps(CALL, 77)
            .bar(77, "2024-01-03", E9));
    assertThat(
        db.ask("SELECT as_of_date, strike_price, instrument_id FROM " + OPTIONS + " ORDER BY ALL"),
        contains("2014-02-21|35|7", "2014-02-22|-|7", "2024-01-02|47|7", "2024-01-03|-|77"));
  }

  @Test
  void aContractThatWasLookedUpByItsNameFillsTheBarsOfItsParent() {
    db.load(OPTIONS, twoDays());
    db.load(
        DEFINITIONS,
        new Answer("definition", "raw_symbol", "2024-01-03", "2024-01-04", CALL)
            .maps(CALL, 7)
            .record(
                Answer.option(7, "2024-01-03", CALL, 47 * E9, "2024-01-01", "2024-01-05").build()));
    db.load(DEFINITIONS, january());
    assertThat(
        db.ask(
            "SELECT as_of_date, contract_symbol, strike_price FROM " + OPTIONS + " ORDER BY ALL"),
        contains(
            "2024-01-02|OZLH4 C0475|47.5",
            "2024-01-02|OZLH4 P0400|40",
            "2024-01-03|OZLH4 C0475|47"));
    assertThat(
        db.ask("SELECT raw_symbol, parent_symbol FROM " + DEFINITIONS + " ORDER BY ALL"),
        contains("OZLH4 C0475|OZL.OPT", "OZLH4 C0475|-", "OZLH4 P0400|OZL.OPT"));
  }

  @Test
  void aTableWithItsKeyIsFilledLikewise() {
    db.close();
    db = TestTarget.keyed(folder);
    for (int i = 0; i < 2; i++) {
      db.load(OPTIONS, twoDays());
      db.load(DEFINITIONS, january());
      db.load(STATISTICS, statistics());
      db.load(OPTIONS, twoDays());
      assertThat(db.ask(ROWS), equalTo(WHOLE));
    }
  }

  @Test
  void optionsOfAProductThatNobodyListsKeepTheirOwnRoot() {
    db.load(
        OPTIONS,
        new Answer("ohlcv-1d", "parent", "2024-01-02", "2024-01-03", "XYZ.OPT")
            .maps("XYZH4 C0475", 7)
            .maps("XYZH4 C0475-XYZH4 C0480", 8)
            .maps("XYZWH4 C0475", 9)
            .bar(7, "2024-01-02", E9)
            .bar(8, "2024-01-02", E9)
            .bar(9, "2024-01-02", E9));
    db.load(
        OPTIONS,
        new Answer("ohlcv-1d", "raw_symbol", "2024-01-02", "2024-01-03", PUT)
            .maps(PUT, 7)
            .bar(7, "2024-01-02", E9));
    assertThat(
        db.ask("SELECT symbol, contract_symbol, parent_symbol FROM " + OPTIONS + " ORDER BY ALL"),
        contains("XYZ|XYZH4 C0475|XYZ.OPT", "ZL|OZLH4 P0400|-"));
  }
}
