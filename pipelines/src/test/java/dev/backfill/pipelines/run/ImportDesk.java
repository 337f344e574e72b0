package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A desk with files to be imported, and what its table then holds. */
abstract class ImportDesk {
  static final String HOURLY = BarSize.HOUR.futuresTable();
  static final List<String> CONTRACTS = List.of("ZLH4", "ZLK4");

  @TempDir Path folder;
  Desk desk;
  Market market;

  @BeforeEach
  void open() {
    desk = Desk.in(folder);
    market = desk.emulator.market();
  }

  @AfterEach
  void close() {
    desk.close();
  }

  DbnFiles contracts(String start, String end) {
    return new DbnFiles(market, BarSize.HOUR, SType.RAW_SYMBOL, CONTRACTS, start, end);
  }

  int take(Path... files) {
    return desk.importFiles(Optional.empty(), false, files);
  }

  /** The code is computed before what was said is read. */
  void ok(int code) {
    assertThat(desk.said(), code, equalTo(0));
  }

  List<String> table() {
    return TableRows.in(desk.database(), HOURLY);
  }

  /** Rows of contracts that were asked for by name. */
  static List<String> rows(List<MarketBar> bars) {
    return bars.stream()
        .sorted(
            Comparator.comparing(MarketBar::rawSymbol)
                .thenComparing(MarketBar::tsEvent)
                .thenComparing(MarketBar::publisherId))
        .map(b -> TableRows.row(b.rawSymbol(), b.rawSymbol(), "null", BarSize.HOUR, b))
        .toList();
  }

  List<String> coverage() {
    return TableRows.query(
        desk.database(),
        "SELECT symbol, table_symbol, strftime(range_start, '%Y-%m-%dT%H:%M'),"
            + " strftime(range_end, '%Y-%m-%dT%H:%M'), state, row_count FROM ops.coverage"
            + " ORDER BY ALL");
  }

  static String time(long ns) {
    return Times.instant(ns).toString().substring(0, 16);
  }

  static long count(List<MarketBar> bars, String contract) {
    return bars.stream().filter(b -> b.rawSymbol().equals(contract)).count();
  }
}
