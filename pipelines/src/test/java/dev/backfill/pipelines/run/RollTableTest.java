package dev.backfill.pipelines.run;

import static dev.backfill.pipelines.run.TableRows.assertSame;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves in reference.databento_symbology is what the market says of every day. */
class RollTableTest {
  private static final List<String> SYMBOLS = List.of("BZ.v.0", "CL.v.0", "GE.v.0", "ZN.v.0");

  @TempDir Path folder;

  static List<String> table(Path database) {
    return TableRows.query(
        database,
        "SELECT requested_symbol, start_date, end_date, instrument_id, raw_symbol FROM"
            + " reference.databento_symbology WHERE dataset = 'GLBX.MDP3' AND stype_in ="
            + " 'continuous' ORDER BY requested_symbol, start_date");
  }

  /** Every stretch of days with one contract. */
  static List<String> expected(Market market, List<String> symbols, String from, String to) {
    List<String> rows = new ArrayList<>();
    for (String symbol : symbols) {
      for (MappingInterval span :
          resolved(market, SType.CONTINUOUS, symbol, LocalDate.parse(from), LocalDate.parse(to))) {
        MappingInterval name =
            resolved(
                    market,
                    SType.INSTRUMENT_ID,
                    span.symbol(),
                    span.start(),
                    span.start().plusDays(1))
                .get(0);
        rows.add(
            String.join(
                "|",
                symbol,
                span.start().toString(),
                span.end().toString(),
                span.symbol(),
                name.symbol()));
      }
    }
    return rows;
  }

  private static List<MappingInterval> resolved(
      Market market, SType in, String symbol, LocalDate from, LocalDate to) {
    SType out = in.equals(SType.CONTINUOUS) ? SType.INSTRUMENT_ID : SType.RAW_SYMBOL;
    return market
        .resolve(Dataset.GLBX, in, out, List.of(symbol), from, to)
        .result()
        .getOrDefault(symbol, List.of());
  }

  @Test
  void itIsTheMarketsWhateverWayTheRowsCame() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Market market = desk.emulator.market();
      Job job = Desk.job(BarSize.DAY, SYMBOLS, "2019-11-01", "2023-12-01", 3, 200);
      assertThat(desk.said(), desk.run(job), equalTo(0));
      List<String> truth = expected(market, SYMBOLS, "2019-11-01", "2023-12-01");
      assertThat(truth.size(), greaterThan(200));
      assertSame(table(desk.database()), truth);
      assertThat(
          desk.printed(),
          containsString(
              "  warning: in what was loaded, BZ.v.0 (" + flips(truth) + " times), GE.v.0 ("));
      assertThat(
          desk.printed(),
          containsString(
              " times) go back to a contract that was left: such a series jumps between contracts"
                  + " (reference.databento_symbology)"));

      // Other bars of some of the days, the days after them, and all of them again.
      Job hours = Desk.job(BarSize.HOUR, SYMBOLS, "2023-11-20", "2023-12-08", 3, 5);
      assertThat(desk.said(), desk.run(hours), equalTo(0));
      truth = expected(market, SYMBOLS, "2019-11-01", "2023-12-08");
      assertSame(table(desk.database()), truth);
      assertThat(desk.said(), desk.rerun(job, RerunOptions.Kind.FORCED), equalTo(0));
      assertSame(table(desk.database()), truth);

      Files.delete(desk.database());
      assertThat(desk.said(), desk.load(job, Optional.empty()), equalTo(0));
      assertSame(table(desk.database()), expected(market, SYMBOLS, "2019-11-01", "2023-12-01"));
    }
  }

  @Test
  void aRunThatLoadsNoFlipSaysNothingOfThem() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Job year = Desk.job(BarSize.DAY, List.of("BZ.v.0"), "2023-01-01", "2023-12-01", 1, 400);
      assertThat(desk.said(), desk.run(year), equalTo(0));
      assertThat(desk.printed(), containsString("warning: in what was loaded, BZ.v.0 ("));
      Job day = Desk.job(BarSize.DAY, List.of("BZ.v.0"), "2023-01-01", "2023-12-02", 1, 400);
      assertThat(desk.said(), desk.run(day), equalTo(0));
      assertThat(desk.printed(), not(containsString("warning")));
    }
  }

  @Test
  void aRunCountsTheFlipsOfTheDaysThatItHasLoadedOnly() throws IOException {
    try (Desk desk = Desk.in(folder)) {
      Market market = desk.emulator.market();
      assertThat(desk.said(), desk.run(brent("2023-01-01", "2023-12-01")), equalTo(0));
      assertThat(desk.said(), desk.run(brent("2022-06-01", "2023-12-01")), equalTo(0));
      int earlier = flips(expected(market, List.of("BZ.v.0"), "2022-06-01", "2023-01-01"));
      assertThat(
          desk.printed(),
          containsString(
              "  warning: in what was loaded, BZ.v.0 ("
                  + earlier
                  + " times) goes back to a contract that was left"));

      // One flip among the days up to it is what any roll may look like.
      LocalDate next = nextFlip(expected(market, List.of("BZ.v.0"), "2022-06-01", "2024-06-01"));
      Job more = brent("2022-06-01", next.plusDays(1).toString());
      assertThat(desk.said(), desk.run(more), equalTo(0));
      assertThat(desk.printed(), not(containsString("warning")));

      // Loaded again from the landing, all of them count.
      Files.delete(desk.database());
      assertThat(desk.said(), desk.run(more), equalTo(0));
      int all =
          flips(expected(market, List.of("BZ.v.0"), "2022-06-01", next.plusDays(1).toString()));
      assertThat(desk.printed(), containsString("BZ.v.0 (" + all + " times)"));
    }
  }

  private static Job brent(String from, String to) {
    return Desk.job(BarSize.DAY, List.of("BZ.v.0"), from, to, 1, 4000);
  }

  /** The first day from December 2023 on which BZ.v.0 goes back to a contract that it had. */
  private static LocalDate nextFlip(List<String> truth) {
    for (int i = 1; i <= truth.size(); i++) {
      LocalDate day = LocalDate.parse(truth.get(i - 1).split("\\|")[1]);
      if (!day.isBefore(LocalDate.of(2023, 12, 1))
          && flips(truth.subList(0, i)) > flips(truth.subList(0, i - 1))) {
        return day;
      }
    }
    throw new AssertionError("the market has no such day");
  }

  /** How often BZ.v.0 goes back to a contract that it had. */
  private static int flips(List<String> truth) {
    Set<String> left = new HashSet<>();
    int flips = 0;
    for (String row : truth) {
      String[] cells = row.split("\\|");
      if (cells[0].equals("BZ.v.0") && !left.add(cells[3] + cells[4])) {
        flips++;
      }
    }
    return flips;
  }
}
