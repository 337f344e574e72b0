package dev.backfill.io.duckdb;

import dev.backfill.schemas.Series;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One table holds one series under one name. */
final class SeriesCheck {
  /** The rows whose names are in a text, one a line. */
  private static final String OF_NAMES =
      "coalesce(table_symbol, symbol) IN (SELECT unnest(string_split(?, chr(10))))";

  private SeriesCheck() {}

  /**
   * What the ledger says of the rows that claims speak of: every interval that one of them can
   * touch. A ledger of many years is not read for the sake of one hour.
   *
   * @throws SeriesConflictException if they are another series'
   */
  static List<CoverageRow> existing(Connection connection, TargetSpec target, List<Claim> claims)
      throws SQLException {
    if (claims.isEmpty()) {
      return List.of();
    }
    Map<String, Series> wanted = new HashMap<>();
    for (Claim claim : claims) {
      put(wanted, target, claim.rowName(), claim.series());
    }
    requireSame(connection, target, wanted);
    return CoverageTable.read(
        connection,
        target.table(),
        OF_NAMES + " AND range_end > ? AND range_start < ?",
        String.join("\n", wanted.keySet()),
        Sql.timestamp(claims.stream().mapToLong(c -> c.interval().startNs()).min().getAsLong()),
        Sql.timestamp(claims.stream().mapToLong(c -> c.interval().endNs()).max().getAsLong()));
  }

  /** Refuses series that would stand under another's name, before anything was asked for. */
  static void check(Connection connection, TargetSpec target, Collection<Series> series)
      throws SQLException {
    Map<String, Series> wanted = new HashMap<>();
    for (Series one : series) {
      put(wanted, target, one.tableSymbol().orElse(one.symbol()), one);
    }
    requireSame(connection, target, wanted);
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

  private record Known(Series series, String rowName, String publishers) {}

  private static void requireSame(
      Connection connection, TargetSpec target, Map<String, Series> wanted) throws SQLException {
    List<Known> known =
        Sql.query(
            connection,
            "SELECT DISTINCT source, dataset, schema_name, stype_in, symbol, publishers,"
                + " coalesce(table_symbol, symbol) AS row_name FROM ops.coverage"
                + " WHERE target_table = ? AND "
                + OF_NAMES
                + " ORDER BY ALL",
            row ->
                new Known(
                    CoverageTable.series(row),
                    row.getString("row_name"),
                    row.getString("publishers")),
            target.table(),
            String.join("\n", wanted.keySet()));
    for (Known one : known) {
      Series asked = wanted.get(one.rowName());
      if (asked != null
          && !(asked.equals(one.series()) && one.publishers().equals(target.publishersText()))) {
        if (asked.equals(one.series())) {
          throw SeriesConflictException.ofPublishers(
              target.table(),
              one.rowName(),
              asked.toString(),
              one.publishers(),
              target.publishersText());
        }
        throw new SeriesConflictException(
            target.table(),
            one.rowName(),
            text(one.series(), one.publishers()),
            text(asked, target.publishersText()));
      }
    }
  }

  private static String text(Series series, String publishers) {
    return series + " (" + series.stypeIn() + ", publishers " + publishers + ")";
  }
}
