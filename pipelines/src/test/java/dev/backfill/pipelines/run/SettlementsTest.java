package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settlement prices and open interest of the daily bars of futures. */
class SettlementsTest {
  private static final String FROM = "2024-02-01";
  private static final String TO = "2024-04-01";
  private static final List<String> ROOTS = List.of("6J", "CL", "ZL");

  private static final String LACKING =
      "SELECT count(*) FROM raw.databento_futures_ohlcv_1d b JOIN raw.databento_statistics_1d s"
          + " ON b.contract_symbol = s.contract_symbol AND b.as_of_date = s.trading_date"
          + " WHERE (b.settlement_price, b.open_interest)"
          + " IS DISTINCT FROM (s.settlement_price, s.open_interest)";

  @TempDir Path folder;

  private static List<Job> job(String name) {
    return JobFile.readAll(
        name,
        new Overrides(Optional.of(JobTime.parse(FROM)), Optional.of(JobTime.parse(TO)), ROOTS));
  }

  private static List<String> rows(Desk desk) {
    return SettledBars.in(desk.database());
  }

  private static List<String> expected(Desk desk) {
    return SettledBars.expected(desk.emulator.market(), ROOTS, FROM, TO);
  }

  /** Of the days on which a symbol stood for the contract, by all that was published of it. */
  private static List<String> published(Desk desk) {
    long start = DbnFiles.ns(FROM);
    long end = DbnFiles.ns(TO);
    Market market = desk.emulator.market();
    List<String> rows = new ArrayList<>();
    for (String root : ROOTS) {
      Map<String, String> contracts = new HashMap<>();
      for (DefinitionRecord one :
          market.definitions("GLBX.MDP3", SType.CONTINUOUS, root + ".v.0", start, end)) {
        contracts.put(
            one.header().instrumentId() + " " + Times.date(one.tsRecv()), one.rawSymbol());
      }
      List<StatisticsRecord> kept =
          market.statistics("GLBX.MDP3", SType.PARENT, root + ".FUT", start, end).stream()
              .filter(one -> Set.of(3, 6, 9).contains(one.statType()))
              .toList();
      OptionRows.Published.of(kept)
          .days()
          .forEach(
              (key, said) -> {
                String[] instrumentAndDay = key.split(" ");
                if (contracts.containsKey(key)) {
                  rows.add(
                      String.join(
                          "|",
                          root,
                          contracts.get(key),
                          instrumentAndDay[1],
                          OptionRows.price(said.settlement()),
                          String.valueOf(said.isFinal()),
                          String.valueOf(said.openInterest()),
                          String.valueOf(said.clearedVolume()),
                          instrumentAndDay[0]));
                }
              });
    }
    Collections.sort(rows);
    return rows;
  }

  @Test
  void theDayOfAContractIsWhatWasPublishedOfIt() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      int code = desk.run(job("settlements"), false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      List<String> expected = published(desk);
      assertThat(
          expected.stream().filter(row -> row.contains("|true|")).count(), greaterThan(100L));
      List<String> rows =
          TableRows.query(
              desk.database(),
              "SELECT symbol, contract_symbol, trading_date, settlement_price, settlement_final,"
                  + " open_interest, cleared_volume, s.instrument_id"
                  + " FROM raw.databento_statistics_1d s JOIN reference.databento_symbology r"
                  + " ON r.raw_symbol = s.contract_symbol AND s.trading_date >= r.start_date"
                  + " AND s.trading_date < r.end_date");
      assertSame(rows.stream().sorted().toList(), expected);
    }
  }

  @Test
  void theyFillTheDailyBarsAndARewriteKeepsThem() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      assertThat(desk.run(job("daily-futures"), false), is(0));
      int code = desk.run(job("settlements"), false);
      assertThat(desk.said() + desk.printed(), code, is(0));
      List<String> expected = expected(desk);
      assertSame(rows(desk), expected);
      assertThat(
          expected.stream().filter(row -> row.contains("|true|")).count(), greaterThan(100L));
      assertThat(
          TableRows.query(
              desk.database(), "SELECT count(DISTINCT symbol) FROM raw.databento_statistics_1d"),
          equalTo(List.of("3")));

      assertThat(desk.rerun(job("daily-futures"), RerunOptions.Kind.FORCED), is(0));
      assertThat(desk.billedRequests(), greaterThan(0L));
      assertSame(rows(desk), expected);

      desk.emulator
          .market()
          .revisions()
          .revise(Dataset.GLBX, "ZL", LocalDate.parse("2024-03-05"), LocalDate.parse("2025-12-15"));
      desk.emulator.ledger().clear();
      assertThat(desk.rerun(job("daily-futures"), RerunOptions.Kind.CHANGED), is(0));
      assertThat(desk.billedRequests(), greaterThan(0L));
      List<String> settled = List.of("6J|", "CL|");
      assertSame(only(rows(desk), settled), only(expected, settled));
      assertThat(TableRows.query(desk.database(), LACKING), equalTo(List.of("0")));
      // What was settled changes with the day; that is another part of the service's data.
      assertThat(desk.rerun(job("settlements"), RerunOptions.Kind.CHANGED), is(0));
      assertSame(rows(desk), expected(desk));
    }
  }

  private static List<String> only(List<String> rows, List<String> beginnings) {
    return rows.stream().filter(row -> beginnings.stream().anyMatch(row::startsWith)).toList();
  }

  @Test
  void aMonthOfTheHistoryIsAsAnyMonth() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      List<Job> job =
          JobFile.readAll(
              "hourly-history",
              new Overrides(
                  Optional.of(JobTime.parse("2012-03-01")),
                  Optional.of(JobTime.parse("2012-04-01")),
                  List.of()));
      List<String> roots =
          job.get(0).symbols().stream().map(s -> s.substring(0, s.indexOf('.'))).sorted().toList();
      assertThat(roots.size(), is(33));
      assertThat(desk.said(), desk.run(job, false), is(0));
      assertSame(
          TableRows.in(desk.database(), BarSize.HOUR.futuresTable()),
          TableRows.expected(
              desk.emulator.market(),
              BarSize.HOUR,
              roots,
              "2012-03-01T00:00:00Z",
              "2012-04-01T00:00:00Z"));
      desk.emulator.ledger().clear();
      assertThat(desk.run(job, false), is(0));
      assertThat(desk.billedRequests(), is(0L));
    }
  }
}
