package dev.backfill.io.duckdb;

import dev.backfill.schemas.Series;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One table holds one series under one name. */
final class SeriesCheck {
  private SeriesCheck() {}

  /**
   * What the ledger says of the rows that claims speak of.
   *
   * @throws SeriesConflictException if they are another series'
   */
  static List<CoverageRow> existing(Connection connection, TargetSpec target, List<Claim> claims)
      throws SQLException {
    Map<String, Series> wanted = new HashMap<>();
    for (Claim claim : claims) {
      put(wanted, target, claim.rowName(), claim.series());
    }
    return existing(connection, target, wanted);
  }

  /** The same before anything was asked for. */
  static void check(Connection connection, TargetSpec target, Collection<Series> series)
      throws SQLException {
    Map<String, Series> wanted = new HashMap<>();
    for (Series one : series) {
      put(wanted, target, one.tableSymbol().orElse(one.symbol()), one);
    }
    existing(connection, target, wanted);
  }

  private static void put(
      Map<String, Series> wanted, TargetSpec target, String name, Series series) {
    Series other = wanted.putIfAbsent(name, series);
    if (other != null && !other.equals(series)) {
      throw new SeriesConflictException(
          target.table(),
          name,
          text(other, target.publishersText()),
          text(series, target.publishersText()));
    }
  }

  private static List<CoverageRow> existing(
      Connection connection, TargetSpec target, Map<String, Series> wanted) throws SQLException {
    if (wanted.isEmpty()) {
      return List.of();
    }
    Set<String> names = new HashSet<>(wanted.keySet());
    List<CoverageRow> rows =
        CoverageTable.read(
            connection,
            target.table(),
            "list_contains(string_split(?, chr(10)), coalesce(table_symbol, symbol))",
            String.join("\n", names));
    for (CoverageRow row : rows) {
      Series asked = wanted.get(row.rowName());
      if (asked != null
          && !(asked.equals(row.series()) && row.publishers().equals(target.publishersText()))) {
        throw new SeriesConflictException(
            target.table(),
            row.rowName(),
            text(row.series(), row.publishers()),
            text(asked, target.publishersText()));
      }
    }
    return rows;
  }

  private static String text(Series series, String publishers) {
    return series + " (" + series.stypeIn() + ", publishers " + publishers + ")";
  }
}
