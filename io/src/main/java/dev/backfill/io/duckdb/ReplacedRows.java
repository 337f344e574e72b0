package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duckdb.DuckDBConnection;

/**
 * Rows that no load explains, in ranges that are about to be replaced: a person's own, or an
 * adopted table's. Only coverage that says loaded explains rows: where nothing was found, or
 * nothing may be asked, whatever is in the table came from elsewhere. They are set aside before the
 * delete, and those without a counterpart in what replaced them are kept as JSON in
 * ops.replaced_rows.
 */
final class ReplacedRows {
  private static final String GAPS = "batch_gaps";
  private static final String ASIDE = "batch_aside";

  private ReplacedRows() {}

  /**
   * Copies the unexplained rows of pieces to a temporary table.
   *
   * @return how many they are
   */
  static long setAside(
      DuckDBConnection connection,
      TargetTable table,
      List<Piece> pieces,
      List<CoverageRow> existing)
      throws SQLException {
    List<Piece> gaps = gaps(pieces, existing);
    if (gaps.isEmpty()) {
      return 0;
    }
    table.stage(connection, GAPS, gaps);
    List<String> parts = new ArrayList<>();
    table.joins(GAPS, gaps).forEach(join -> parts.add("SELECT t.*" + join));
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE " + ASIDE + " AS " + String.join(" UNION ALL ", parts));
    return Sql.queryLong(connection, "SELECT count(*) FROM " + ASIDE);
  }

  private static List<Piece> gaps(List<Piece> pieces, List<CoverageRow> existing) {
    List<Piece> gaps = new ArrayList<>();
    for (Piece piece : pieces) {
      List<Interval> explained = new ArrayList<>();
      for (CoverageRow row : existing) {
        if (row.state() == CoverageState.LOADED
            && row.rowName().equals(piece.name())
            && (row.tableSymbol() == null) == piece.byParent()
            && row.interval().overlaps(piece.interval())) {
          explained.add(row.interval());
        }
      }
      Coverage.of(piece.interval()).minus(Coverage.of(explained)).intervals().stream()
          .map(interval -> new Piece(piece.name(), piece.byParent(), interval))
          .forEach(gaps::add);
    }
    return gaps;
  }

  /** The parts of pieces of which it is known what was there, be it nothing. */
  static List<Piece> known(List<Piece> pieces, List<CoverageRow> existing) {
    List<Piece> known = new ArrayList<>();
    for (Piece piece : pieces) {
      List<Interval> of = new ArrayList<>();
      for (CoverageRow row : existing) {
        if (row.state() != CoverageState.NOT_ENTITLED
            && row.rowName().equals(piece.name())
            && (row.tableSymbol() == null) == piece.byParent()) {
          of.add(row.interval());
        }
      }
      Coverage.of(piece.interval()).intersect(Coverage.of(of)).intervals().stream()
          .map(interval -> new Piece(piece.name(), piece.byParent(), interval))
          .forEach(known::add);
    }
    return known;
  }

  /** Keeps what was set aside and has no row of the same key in the table now. */
  static long keep(DuckDBConnection connection, TargetTable table, String replacedBy, Instant now)
      throws SQLException {
    List<String> same = new ArrayList<>();
    for (String key : table.sql().key()) {
      String column = Sql.name(key);
      // A person's row may lack a part of the key that came later, like the publisher.
      same.add("(a." + column + " IS NULL OR n." + column + " = a." + column + ")");
    }
    return insert(
        connection,
        table,
        ASIDE
            + " a WHERE NOT EXISTS (SELECT 1 FROM "
            + Sql.table(table.sql().name())
            + " n WHERE "
            + String.join(" AND ", same)
            + ")",
        replacedBy,
        now);
  }

  /**
   * Writes rows into ops.replaced_rows.
   *
   * @param from what follows FROM, in which the rows are {@code a}
   * @return how many they are
   */
  static long insert(
      DuckDBConnection connection, TargetTable table, String from, String replacedBy, Instant now)
      throws SQLException {
    List<String> fields = new ArrayList<>();
    for (TableColumn column : table.columns()) {
      String name = Sql.name(column.name());
      fields.add(name + " := " + exact("a." + name, column.type()));
    }
    return Sql.update(
        connection,
        "INSERT INTO ops.replaced_rows (target_table, row_json, replaced_by, replaced_at)"
            + " SELECT ?, CAST(to_json(struct_pack("
            + String.join(", ", fields)
            + ")) AS VARCHAR), ?, ? FROM "
            + from,
        table.sql().name(),
        replacedBy,
        Sql.timestamp(now));
  }

  /** JSON numbers become doubles in many readers, so a decimal is kept as its text. */
  private static String exact(String column, String type) {
    boolean asText = type.startsWith("DECIMAL") || type.toUpperCase(Locale.ROOT).equals("HUGEINT");
    return asText ? "CAST(" + column + " AS VARCHAR)" : column;
  }
}
