package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Counts the rows that a load changes: by their key, those that have other values now, those that
 * are gone and those that are new. When a row was written does not count. The rows before are kept
 * in a temporary table, so only loads that are to be compared pay for it.
 */
final class RowComparison {
  private static final String BEFORE = "batch_before";
  private static final String WRITTEN_AT = "ingested_at";

  private RowComparison() {}

  /** Keeps the rows of staged pieces as they are. */
  static void keep(
      DuckDBConnection connection, TargetTable table, String staged, List<Piece> pieces)
      throws SQLException {
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE " + BEFORE + " AS " + rows(table, staged, pieces));
  }

  /**
   * Compares what was kept with the rows of the same pieces now.
   *
   * @param taken rows that gave way to these and count as having been there
   * @return how many differ
   */
  static long differing(
      DuckDBConnection connection,
      TargetTable table,
      String staged,
      List<Piece> pieces,
      TakenRows taken)
      throws SQLException {
    String now = "(" + rows(table, staged, pieces) + ")";
    String before = "(SELECT * FROM " + BEFORE + ")";
    String key =
        table.sql().key().stream()
            .filter(table::has)
            .map(Sql::name)
            .collect(Collectors.joining(", "));
    return Sql.queryLong(
        connection,
        "SELECT count(*) FROM (SELECT DISTINCT "
            + key
            + " FROM (("
            + before
            + " EXCEPT "
            + now
            + ") UNION ALL ("
            + now
            + " EXCEPT "
            + before
            + taken.query(columns(table)).map(rows -> " EXCEPT " + rows).orElse("")
            + ")))");
  }

  private static String rows(TargetTable table, String staged, List<Piece> pieces) {
    String columns =
        columns(table).stream()
            .map(name -> "t." + Sql.name(name))
            .collect(Collectors.joining(", "));
    return table.joins(staged, pieces).stream()
        .map(join -> "SELECT " + columns + join)
        .collect(Collectors.joining(" UNION ALL "));
  }

  /** The columns of which a difference counts. */
  static List<String> columns(TargetTable table) {
    return table.columns().stream()
        .map(TableColumn::name)
        .filter(name -> !name.toLowerCase(Locale.ROOT).equals(WRITTEN_AT))
        .toList();
  }
}
