package dev.backfill.transforms;

import static dev.backfill.transforms.TestTarget.FUTURES;
import static dev.backfill.transforms.TestTarget.STATISTICS;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.schemas.Series;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statistics on their way into the base table, the table by day, and the bars. */
class StatisticsRowsTest {
  private static final long E9 = 1_000_000_000L;
  private static final String BY_DAY =
      "SELECT symbol, contract_symbol, trading_date, settlement_price, settlement_final,"
          + " open_interest, cleared_volume, implied_volatility, delta, instrument_id,"
          + " parent_symbol FROM raw.databento_statistics_1d ORDER BY ALL";
  private static final String BARS =
      "SELECT symbol, contract_symbol, as_of_date, close, settlement_price, open_interest FROM "
          + FUTURES
          + " ORDER BY ALL";

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

  private static Answer continuous(String from, String to) {
    return new Answer("statistics", "continuous", from, to, "ZL.v.0")
        .maps("ZL.v.0", 7)
        .contracts(Map.of(7L, "ZLH4"));
  }

  private static Answer parent(String from, String to) {
    return new Answer("statistics", "parent", from, to, "ZL.FUT")
        .maps("ZLH4", 7)
        .maps("ZLH4-ZLK4", 9);
  }

  private static Answer bars() {
    return new Answer("ohlcv-1d", "continuous", "2024-01-02", "2024-01-04", "ZL.v.0")
        .maps("ZL.v.0", 7)
        .contracts(Map.of(7L, "ZLH4"))
        .bar(7, "2024-01-02", 47 * E9)
        .bar(7, "2024-01-03", 48 * E9);
  }

  private static Answer twoDays() {
    return continuous("2024-01-02", "2024-01-04")
        .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 47_100_000_000L, 0)
        .statistic(7, "2024-01-02T23:00:00Z", "2024-01-02", 3, 47_200_000_000L, 1)
        .statistic(7, "2024-01-02T23:30:00Z", "2024-01-02", 3, 47_300_000_000L, 0)
        .statistic(7, "2024-01-03T01:00:00Z", "2024-01-02", 9, 1_000, 0xFF)
        .statistic(7, "2024-01-03T01:00:00Z", "2024-01-02", 6, 500, 0xFF)
        .statistic(7, "2024-01-03T20:00:00Z", "2024-01-03", 3, 48_100_000_000L, 0);
  }

  @Test
  void theNewestFinalSettlementOfADayHoldsElseTheNewestPreliminary() {
    db.load(STATISTICS, twoDays());
    assertThat(
        db.ask(BY_DAY),
        contains(
            "ZL|ZLH4|2024-01-02|47.2|true|1000|500|-|-|7|-",
            "ZL|ZLH4|2024-01-03|48.1|false|-|-|-|-|7|-"));
    assertThat(
        db.ask(
            "SELECT symbol, contract_symbol, ts_recv, trading_date, stat_type, price, quantity,"
                + " settlement_final, update_action, root FROM raw.databento_statistics ORDER BY"
                + " ts_recv, stat_type LIMIT 4"),
        contains(
            "ZL|ZLH4|2024-01-02 20:00:00.0|2024-01-02|3|47.1|-|false|1|ZL",
            "ZL|ZLH4|2024-01-02 23:00:00.0|2024-01-02|3|47.2|-|true|1|ZL",
            "ZL|ZLH4|2024-01-02 23:30:00.0|2024-01-02|3|47.3|-|false|1|ZL",
            "ZL|ZLH4|2024-01-03 01:00:00.0|2024-01-02|6|-|500|-|1|ZL"));
  }

  @Test
  void barsGetThemWhicheverComesFirstAndKeepThemWhenTheyAreRewritten() {
    List<String> expected =
        List.of("ZL|ZLH4|2024-01-02|47|47.2|1000", "ZL|ZLH4|2024-01-03|48|48.1|-");
    db.load(FUTURES, bars());
    db.load(STATISTICS, twoDays());
    assertThat(db.ask(BARS), equalTo(expected));
    db.load(FUTURES, bars());
    assertThat("rewritten", db.ask(BARS), equalTo(expected));
    db.load(STATISTICS, twoDays());
    assertThat("loaded twice", db.ask(BARS), equalTo(expected));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_statistics"), contains("6"));
    assertThat(
        db.ask("SELECT symbol, state, row_count FROM ops.coverage ORDER BY ALL"),
        contains("ZL.v.0|loaded|2", "ZL.v.0|loaded|6"));
  }

  @Test
  void chunksMayBeLoadedInAnyOrder() {
    Answer first =
        continuous("2024-01-02", "2024-01-03")
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 47 * E9, 0);
    Answer second =
        continuous("2024-01-03", "2024-01-04")
            .statistic(7, "2024-01-03T00:30:00Z", "2024-01-02", 3, 46 * E9, 1)
            .statistic(7, "2024-01-03T00:30:00Z", "2024-01-02", 9, 10, 0xFF);
    db.load(FUTURES, bars());
    db.load(STATISTICS, second);
    db.load(STATISTICS, first);
    assertThat(db.ask(BY_DAY), contains("ZL|ZLH4|2024-01-02|46|true|10|-|-|-|7|-"));
    db.load(STATISTICS, continuous("2024-01-03", "2024-01-04"));
    assertThat(
        "without its second chunk's rows",
        db.ask(BY_DAY),
        contains("ZL|ZLH4|2024-01-02|47|false|-|-|-|-|7|-"));
    assertThat(db.ask(BARS).get(0), equalTo("ZL|ZLH4|2024-01-02|47|47|-"));
    db.load(STATISTICS, continuous("2024-01-02", "2024-01-03"));
    assertThat("without any", db.ask(BY_DAY), empty());
    assertThat(db.ask(BARS).get(0), equalTo("ZL|ZLH4|2024-01-02|47|-|-"));
  }

  @Test
  void whatIsTakenBackDoesNotHold() {
    Answer day =
        continuous("2024-01-02", "2024-01-03")
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 47 * E9, 0)
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 9, 10, 0xFF)
            .statistic(7, "2024-01-02T21:00:00Z", "2024-01-02", 3, 48 * E9, 1);
    Answer after =
        continuous("2024-01-03", "2024-01-04")
            .statistic(7, "2024-01-03T01:00:00Z", "2024-01-02", 3, 48 * E9, 1, 2)
            .statistic(7, "2024-01-03T02:00:00Z", "2024-01-02", 9, 10, 0xFF, 2);
    db.load(STATISTICS, day, after);
    assertThat(
        "the final one is gone, the preliminary one stays",
        db.ask(BY_DAY),
        contains("ZL|ZLH4|2024-01-02|47|false|-|-|-|-|7|-"));
    db.load(STATISTICS, continuous("2024-01-03", "2024-01-04"));
    assertThat(
        "nobody took it back", db.ask(BY_DAY), contains("ZL|ZLH4|2024-01-02|48|true|10|-|-|-|7|-"));
    db.load(
        STATISTICS,
        continuous("2024-01-02", "2024-01-03")
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 47 * E9, 0)
            .statistic(7, "2024-01-02T21:00:00Z", "2024-01-02", 3, 47 * E9, 0xFF, 2)
            .statistic(7, "2024-01-02T22:00:00Z", "2024-01-02", 9, 11, 0xFF));
    assertThat(
        "taken back without a word of which",
        db.ask(BY_DAY),
        contains("ZL|ZLH4|2024-01-02|-|-|11|-|-|-|7|-"));
  }

  @Test
  void twoRequestsThatHoldOneContractDoNotDoubleIt() {
    db.load(STATISTICS, twoDays());
    db.load(
        STATISTICS,
        parent("2024-01-02", "2024-01-04")
            .statistic(7, "2024-01-03T01:00:00Z", "2024-01-02", 6, 500, 0xFF)
            .statistic(7, "2024-01-03T20:00:00Z", "2024-01-03", 3, 48_100_000_000L, 0));
    assertThat(
        db.ask(BY_DAY),
        contains(
            "ZL|ZLH4|2024-01-02|47.2|true|1000|500|-|-|7|ZL.FUT",
            "ZL|ZLH4|2024-01-03|48.1|false|-|-|-|-|7|ZL.FUT"));
    db.load(STATISTICS, continuous("2024-01-02", "2024-01-04"));
    assertThat(
        db.ask(BY_DAY),
        contains(
            "ZL|ZLH4|2024-01-02|-|-|-|500|-|-|7|ZL.FUT",
            "ZL|ZLH4|2024-01-03|48.1|false|-|-|-|-|7|ZL.FUT"));
  }

  @Test
  void aContractOfTenYearsLaterIsAnother() {
    db.load(
        STATISTICS,
        new Answer("statistics", "parent", "2014-01-02", "2014-01-03", "ZL.FUT")
            .maps("ZLH4", 7)
            .statistic(7, "2014-01-02T20:00:00Z", "2014-01-02", 3, 38 * E9, 1),
        parent("2024-01-02", "2024-01-03")
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 3, 47 * E9, 1));
    db.load(FUTURES, bars());
    assertThat(
        db.ask(BY_DAY),
        contains(
            "ZL|ZLH4|2014-01-02|38|true|-|-|-|-|7|ZL.FUT",
            "ZL|ZLH4|2024-01-02|47|true|-|-|-|-|7|ZL.FUT"));
    assertThat(db.ask(BARS).get(0), equalTo("ZL|ZLH4|2024-01-02|47|47|-"));
  }

  @Test
  void whatIsForgottenWithItsRowsLeavesTheDayAndTheBarsToo() {
    db.load(FUTURES, bars());
    db.load(STATISTICS, twoDays());
    db.requireAgreement();
    Series series = new Series("databento", "GLBX.MDP3", "statistics", "continuous", "ZL.v.0");
    db.forget(STATISTICS, series, "2024-01-03", "2024-01-04");
    assertThat(db.ask(BY_DAY), contains("ZL|ZLH4|2024-01-02|47.2|true|-|-|-|-|7|-"));
    assertThat(db.ask(BARS), contains("ZL|ZLH4|2024-01-02|47|47.2|-", "ZL|ZLH4|2024-01-03|48|-|-"));
    db.forget(STATISTICS, series, "2024-01-01", "2024-01-05");
    assertThat(db.ask(BY_DAY), empty());
    assertThat(db.ask("SELECT count(*) FROM raw.databento_statistics"), contains("0"));
    db.requireAgreement();
  }

  @Test
  void onlyFiveKindsAndOutrightsOfThePublishersThatWereAskedForBecomeRows() throws Exception {
    Answer answer =
        parent("2024-01-02", "2024-01-03")
            .onlyPublishers(1)
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 1, 47 * E9, 0xFF)
            .statistic(7, "2024-01-02T20:00:00Z", "2024-01-02", 14, 200_000_000L, 0xFF)
            .statistic(7, "2024-01-02T20:00:00Z", "", 15, -500_000_000L, 0xFF)
            .statistic(9, "2024-01-02T20:00:00Z", "2024-01-02", 3, E9, 1)
            .publisher(2)
            .statistic(7, "2024-01-02T21:00:00Z", "2024-01-02", 3, 47 * E9, 1)
            .publisher(1)
            .statistic(7, "2024-01-02T22:00:00Z", "2024-01-02", 9, -4, 0xFF)
            .statistic(7, "2024-01-02T22:00:00Z", "2024-03-02", 9, 4, 0xFF)
            .statistic(8, "2024-01-02T22:00:00Z", "2024-01-02", 9, 4, 0xFF)
            .statistic(7, "2024-01-02T22:00:00Z", "2024-01-02", 3, Long.MAX_VALUE - 1, 1);
    NormalizedRows rows = answer.rows();
    db.load(STATISTICS, rows);
    assertThat(rows.leftOut(), equalTo(3L));
    assertThat(db.ask(BY_DAY), contains("ZL|ZLH4|2024-01-02|-|-|-|-|0.2|-0.5|7|ZL.FUT"));
    assertThat(
        db.ask("SELECT reason FROM ops.rejected_records ORDER BY ALL"),
        contains(
            "no symbol is mapped to the instrument on that day",
            "the price does not fit DECIMAL(18,9)",
            "the quantity is negative",
            "the statistic is for a day more than a week after it was published"));
  }

  @Test
  void filesOfOlderVersionsGiveTheSame() {
    for (int version = 1; version <= 3; version++) {
      db.load(STATISTICS, twoDays().version(version));
      assertThat(
          db.ask(BY_DAY),
          contains(
              "ZL|ZLH4|2024-01-02|47.2|true|1000|500|-|-|7|-",
              "ZL|ZLH4|2024-01-03|48.1|false|-|-|-|-|7|-"));
    }
  }

  @Test
  void aTableWithItsKeyIsFilledLikewise() {
    db.close();
    db = TestTarget.keyed(folder);
    for (int i = 0; i < 2; i++) {
      db.load(FUTURES, bars());
      db.load(STATISTICS, twoDays());
      db.load(FUTURES, bars());
      assertThat(
          db.ask(BARS),
          contains("ZL|ZLH4|2024-01-02|47|47.2|1000", "ZL|ZLH4|2024-01-03|48|48.1|-"));
    }
  }

  @Test
  void aVenueWithoutFlagsLeavesOpenWhetherASettlementIsFinal() {
    db.load(
        STATISTICS,
        new Answer("statistics", "raw_symbol", "2024-01-02", "2024-01-03", "KC  FMH0024!")
            .dataset("IFUS.IMPACT")
            .maps("KC  FMH0024!", 5)
            .statistic(5, "2024-01-02T20:00:00Z", "2024-01-02", 3, 190 * E9, 0));
    assertThat(db.ask(BY_DAY), contains("KC|KC  FMH0024!|2024-01-02|190|-|-|-|-|-|5|-"));
  }
}
