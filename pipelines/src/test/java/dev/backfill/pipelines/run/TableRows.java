package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.ContractMonth;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Rows of a bar table as text, from the database and as the market says they must be. */
final class TableRows {
  private TableRows() {}

  /** Every column but ingested_at, one row a line, in the order of the key. */
  static List<String> in(Path database, String table) {
    return rows(database, table, "");
  }

  /** The same of one symbol. */
  static List<String> ofSymbol(Path database, String table, String symbol) {
    return rows(database, table, " WHERE symbol = '" + symbol + "'");
  }

  private static List<String> rows(Path database, String table, String where) {
    String time = table.endsWith("_1d") ? "as_of_date" : "ts_event";
    return query(
        database,
        "SELECT symbol, strftime(CAST("
            + time
            + " AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ'), open, high, low, close, volume,"
            + " open_interest, source, publisher_id, instrument_id, contract_symbol,"
            + " contract_month, parent_symbol FROM "
            + table
            + where
            + " ORDER BY symbol, "
            + time
            + ", publisher_id");
  }

  /** Compares two tables; on failure says the first row that differs instead of all of them. */
  static void assertSame(List<String> actual, List<String> expected) {
    for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
      assertThat("row " + i, actual.get(i), equalTo(expected.get(i)));
    }
    assertThat("rows", actual.size(), equalTo(expected.size()));
  }

  /** What the last statement gives. */
  static List<String> query(Path database, String... sql) {
    Properties readOnly = new Properties();
    readOnly.setProperty("duckdb.read_only", "true");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + database, readOnly);
        Statement statement = connection.createStatement();
        ResultSet row = lastOf(statement, sql)) {
      List<String> rows = new ArrayList<>();
      int width = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          cells.add(String.valueOf(row.getObject(i)));
        }
        rows.add(String.join("|", cells));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ResultSet lastOf(Statement statement, String... sql) throws SQLException {
    for (int i = 0; i < sql.length - 1; i++) {
      statement.execute(sql[i]);
    }
    return statement.executeQuery(sql[sql.length - 1]);
  }

  /** What the table must hold for these roots' first continuous contract by volume. */
  static List<String> expected(
      Market market, BarSize size, List<String> roots, String from, String to) {
    List<String> rows = new ArrayList<>();
    for (String root : roots.stream().sorted().toList()) {
      for (MarketBar bar :
          market.bars(
              "GLBX.MDP3",
              size,
              SType.CONTINUOUS,
              root + ".v.0",
              Times.nanos(Instant.parse(from)),
              Times.nanos(Instant.parse(to)))) {
        rows.add(row(root, size, bar));
      }
    }
    return rows;
  }

  /** What the table must hold for roots of another dataset, of one publisher. */
  static List<String> expected(
      Market market,
      String dataset,
      int publisher,
      BarSize size,
      List<String> roots,
      String from,
      String to) {
    List<String> rows = new ArrayList<>();
    for (String root : roots.stream().sorted().toList()) {
      market
          .bars(
              dataset,
              size,
              SType.CONTINUOUS,
              root + ".v.0",
              Times.nanos(Instant.parse(from)),
              Times.nanos(Instant.parse(to)))
          .stream()
          .filter(bar -> bar.publisherId() == publisher || publisher == 0)
          .forEach(bar -> rows.add(row(root, size, bar)));
    }
    return rows;
  }

  private static String row(String root, BarSize size, MarketBar bar) {
    return row(root, bar.rawSymbol(), "null", size, bar);
  }

  /**
   * One row.
   *
   * @param contract what contract_symbol must hold; "null" where it is not known
   * @param parent what parent_symbol must hold
   */
  static String row(String symbol, String contract, String parent, BarSize size, MarketBar bar) {
    String month =
        ContractMonth.of(contract, Times.date(bar.tsEvent()))
            .map(m -> m.atDay(1).toString())
            .orElse("null");
    return String.join(
        "|",
        symbol,
        Times.instant(bar.tsEvent()).toString(),
        FixedPrice.decimal(bar.open()).toString(),
        FixedPrice.decimal(bar.high()).toString(),
        FixedPrice.decimal(bar.low()).toString(),
        FixedPrice.decimal(bar.close()).toString(),
        String.valueOf(bar.volume()),
        "null",
        size == BarSize.DAY ? "databento" : "databento_" + size.suffix(),
        String.valueOf(bar.publisherId()),
        String.valueOf(bar.instrumentId()),
        contract,
        month,
        parent);
  }
}
