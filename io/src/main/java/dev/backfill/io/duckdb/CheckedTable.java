package dev.backfill.io.duckdb;

import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.MarketGroups;
import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A table as the checks see it, whatever columns it has: the temporary relations checked_rows,
 * checked_series, checked_ledger and checked_metadata of one connection, and the values of the
 * placeholders. For one thread, until the next table is opened on the connection.
 */
final class CheckedTable {
  private static final Set<String> PRICES = Set.of("open", "high", "low", "close", "volume");

  private final TableSql sql;
  private final Set<String> columns;
  private final boolean isDaily;

  private CheckedTable(TableSql sql, Set<String> columns, boolean isDaily) {
    this.sql = sql;
    this.columns = columns;
    this.isDaily = isDaily;
  }

  static CheckedTable open(DuckDBConnection connection, String table) throws SQLException {
    TableSql sql = TableSql.of(table);
    List<TableColumn> all = TableColumn.of(connection, "", table);
    Set<String> columns = new TreeSet<>();
    all.forEach(column -> columns.add(column.name().toLowerCase(Locale.ROOT)));
    boolean isDaily =
        all.stream()
            .filter(column -> column.name().equalsIgnoreCase(sql.timeColumn()))
            .anyMatch(column -> column.type().equals("DATE"));
    CheckedTable checked = new CheckedTable(sql, columns, isDaily);
    checked.makeRows(connection);
    checked.makeSeries(connection);
    makeLedger(connection, table);
    makeMetadata(connection);
    return checked;
  }

  String name() {
    return sql.name();
  }

  /** Which checks it takes: bars, options, values or rows. */
  String kind() {
    if (columns.containsAll(PRICES)) {
      return columns.contains("strike_price") ? "options" : "bars";
    }
    return columns.contains("value") && columns.contains("series_id") ? "values" : "rows";
  }

  boolean hasPrices() {
    return !kind().equals("rows");
  }

  /** Puts the values of the placeholders into a text. */
  String fill(String text, Instant now) {
    List<String> key = sql.rowPer().stream().filter(columns::contains).toList();
    boolean isQuery = text.contains("SELECT");
    String slot = isDaily ? "ts" : "date_trunc('hour', ts)";
    return text.replace("{table}", Sql.table(name()))
        .replace("{key}", isQuery ? names(key) : String.join(", ", key))
        .replace("{series}", Sql.name(sql.seriesColumn()))
        .replace("{time}", Sql.name(sql.timeColumn()))
        .replace("{publisher}", column("publisher_id", "INTEGER"))
        .replace("{bucket}", slot)
        .replace("{slots}", isDaily ? "days" : "hours")
        .replace("{kind}", isDaily ? "dayofweek(s.slot) = 0" : "hour(s.slot)")
        .replace(
            "{period}", isDaily ? "date_trunc('year', s.slot)" : "date_trunc('quarter', s.slot)")
        .replace("{format}", isDaily ? "'%Y-%m-%d'" : "'%Y-%m-%d %H:%M'")
        .replace("{weekdays}", isDaily ? "4" : "2")
        .replace("{is_options}", Boolean.toString(kind().equals("options")))
        .replace("{now}", "TIMESTAMP " + Sql.text(Sql.timestamp(now).toString().replace('T', ' ')));
  }

  private static String names(List<String> key) {
    return key.stream().map(Sql::name).collect(Collectors.joining(", "));
  }

  private void makeRows(DuckDBConnection connection) throws SQLException {
    String series = Sql.name(sql.seriesColumn());
    String parent = sql.parentColumn().filter(columns::contains).map(Sql::name).orElse("NULL");
    String close = columns.contains("value") ? "value" : column("close", "DECIMAL(18,9)");
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP VIEW checked_rows AS SELECT "
            + series
            + " AS series, coalesce("
            + parent
            + ", "
            + series
            + ") AS name, CAST("
            + Sql.name(sql.timeColumn())
            + " AS TIMESTAMP) AS ts, "
            + column("open", "DECIMAL(18,9)")
            + " AS open, "
            + column("high", "DECIMAL(18,9)")
            + " AS high, "
            + column("low", "DECIMAL(18,9)")
            + " AS low, "
            + close
            + " AS close, "
            + column("volume", "BIGINT")
            + " AS volume, coalesce("
            + column("contract_symbol", "VARCHAR")
            + ", CAST("
            + column("instrument_id", "BIGINT")
            + " AS VARCHAR)) AS contract, "
            + column("publisher_id", "INTEGER")
            + " AS publisher, "
            + identity()
            + " AS identity FROM "
            + Sql.table(name()));
  }

  /** Not NULL where an option is known. */
  private String identity() {
    return kind().equals("options")
        ? "CASE WHEN strike_price IS NOT NULL AND expiration_date IS NOT NULL AND option_type IS NOT"
            + " NULL THEN true END"
        : "CAST(NULL AS BOOLEAN)";
  }

  private String column(String name, String type) {
    return columns.contains(name) ? Sql.name(name) : "CAST(NULL AS " + type + ")";
  }

  /**
   * What the catalogue says of each series. Its root is before the first point of a name (ZL.v.1,
   * OZL.OPT), or before the month's letter of a contract. A spread may cost anything, and a
   * contract that is kept under its own name ends some day: that is no series that could be stale.
   */
  private void makeSeries(DuckDBConnection connection) throws SQLException {
    MarketGroups groups = MarketGroups.load();
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE checked_products (root VARCHAR, calendar VARCHAR, status"
            + " VARCHAR, below_zero BOOLEAN)");
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Catalog.Product p : Catalog.load().products()) {
      rows.add(
          new @Nullable Object[] {
            p.root(),
            groups.calendar(p.assetClass()),
            p.status(),
            groups.belowZero(p.root()).isPresent()
          });
    }
    Sql.insert(
        connection,
        "INSERT",
        "temp.main.checked_products",
        "root, calendar, status, below_zero",
        rows);
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE checked_series AS WITH named AS (SELECT DISTINCT series, name"
            + " FROM checked_rows), rooted AS (SELECT *, CASE WHEN contains(name, '.') OR name IN"
            + " (SELECT root FROM checked_products) THEN split_part(name, '.', 1) ELSE"
            + " regexp_extract(name, '^(.+?)[FGHJKMNQUVXZ][0-9]{1,2}$', 1) END AS root FROM named)"
            + " SELECT r.series, r.name, r.root, p.calendar, p.status, coalesce(p.below_zero, false)"
            + " OR regexp_matches(r.series, '[-:]') AS below_zero, contains(r.name, '.') OR"
            + " p.root = r.name AS is_series FROM rooted r LEFT JOIN checked_products p"
            + " ON p.root = r.root");
  }

  private static void makeLedger(DuckDBConnection connection, String table) throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP VIEW checked_ledger AS "
            + (Sql.exists(connection, CoverageTable.NAME)
                ? "SELECT coalesce(table_symbol, symbol) AS name, range_start, range_end, state,"
                    + " verified FROM ops.coverage WHERE target_table = "
                    + Sql.text(table)
                : "SELECT NULL::VARCHAR AS name, NULL::TIMESTAMP AS range_start, NULL::TIMESTAMP AS"
                    + " range_end, NULL::VARCHAR AS state, NULL::BOOLEAN AS verified WHERE false"));
  }

  private static void makeMetadata(DuckDBConnection connection) throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP VIEW checked_metadata AS "
            + (Sql.exists(connection, "raw.fred_series_metadata")
                ? "SELECT series_id, title, frequency, observation_end FROM raw.fred_series_metadata"
                : "SELECT NULL::VARCHAR AS series_id, NULL::VARCHAR AS title, NULL::VARCHAR AS"
                    + " frequency, NULL::DATE AS observation_end WHERE false"));
  }
}
