package dev.backfill.pipelines.run;

import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Daily bars of futures with what was published of their contracts, from database and market. */
final class SettledBars {
  private SettledBars() {}

  /** One row a bar, with whether its settlement is final and what was cleared. */
  static List<String> in(Path database) {
    return TableRows.query(
        database,
        "SELECT b.symbol, b.as_of_date, b.contract_symbol, b.close, b.settlement_price,"
            + " b.open_interest, s.settlement_final, s.cleared_volume FROM "
            + BarSize.DAY.futuresTable()
            + " b LEFT JOIN raw.databento_statistics_1d s"
            + " ON s.contract_symbol = b.contract_symbol AND s.trading_date = b.as_of_date"
            + " ORDER BY b.symbol, b.as_of_date");
  }

  /** The same by all that was published of all contracts in the range. */
  static List<String> expected(Market market, List<String> roots, String from, String to) {
    long start = DbnFiles.ns(from);
    long end = DbnFiles.ns(to);
    List<String> rows = new ArrayList<>();
    for (String root : roots.stream().sorted().toList()) {
      OptionRows.Published published =
          OptionRows.Published.of(
              market.statistics("GLBX.MDP3", SType.PARENT, root + ".FUT", start, end));
      for (MarketBar bar :
          market.bars("GLBX.MDP3", BarSize.DAY, SType.CONTINUOUS, root + ".v.0", start, end)) {
        LocalDate day = Times.date(bar.tsEvent());
        OptionRows.Published.Day said = published.on(bar.instrumentId(), day);
        rows.add(
            String.join(
                "|",
                root,
                day.toString(),
                bar.rawSymbol(),
                OptionRows.price(bar.close()),
                OptionRows.price(said.settlement()),
                String.valueOf(said.openInterest()),
                String.valueOf(said.isFinal()),
                String.valueOf(said.clearedVolume())));
      }
    }
    return rows;
  }
}
