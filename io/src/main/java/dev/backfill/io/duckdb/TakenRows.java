package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Rows that stand in the way of a group because the table has a primary key. What was asked for
 * under a parent and by its own name is two rows of a table without a key, each in the ranges of
 * its own series; a key allows one. So the rows that come later take the place: the earlier ones
 * are deleted and their coverage is counted again, and one that says something that the new one
 * does not is kept in ops.replaced_rows. A row of another publisher is another row, and does not
 * give way. Used once, by the thread of a transaction.
 */
final class TakenRows {
  private static final String TAKEN = "batch_taken";

  /** The parent column of the row that takes the place. */
  private static final String TAKEN_BY = "taken_by";

  private final DuckDBConnection connection;
  private final TargetTable table;
  private final List<Piece> pieces;
  private List<String> key = List.of();
  private boolean isPossible;
  private long count;

  TakenRows(DuckDBConnection connection, TargetTable table, List<Piece> pieces) {
    this.connection = connection;
    this.table = table;
    this.pieces = pieces;
  }

  /**
   * Finds out, once the group's own ranges are deleted, whether any row can stand in the way. That
   * costs little, and seeing all rows before they are inserted does not.
   */
  void look() throws SQLException {
    key = primaryKey();
    isPossible = !key.isEmpty() && !pieces.isEmpty() && table.has(parent()) && hasOthers();
  }

  /** What removes the rows that stand in the way of new ones; null where there can be none. */
  RowInsert.@Nullable BeforeInsert beforeInsert() {
    return isPossible ? this::take : null;
  }

  private void take(String newRows) throws SQLException {
    List<String> inserted = table.sql().insertedColumns();
    if (!inserted.containsAll(key)) {
      return;
    }
    List<String> same = new ArrayList<>(equal("t", key));
    for (String column : table.sql().key()) {
      if (!column.equals(parent()) && !key.contains(column)) {
        String name = Sql.name(column);
        // A person's row may lack a part of the key that came later, like the publisher.
        same.add("(t." + name + " IS NULL OR n." + name + " = t." + name + ")");
      }
    }
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE "
            + TAKEN
            + " AS SELECT DISTINCT t.*, n."
            + Sql.name(parent())
            + " AS "
            + TAKEN_BY
            + " FROM "
            + Sql.table(table.sql().name())
            + " t JOIN ("
            + newRows
            + ") n ("
            + inserted.stream().map(Sql::name).collect(Collectors.joining(", "))
            + ") ON "
            + String.join(" AND ", same));
    count = Sql.queryLong(connection, "SELECT count(*) FROM " + TAKEN);
    if (count > 0) {
      Sql.execute(
          connection,
          "DELETE FROM "
              + Sql.table(table.sql().name())
              + " n USING "
              + TAKEN
              + " a WHERE "
              + String.join(" AND ", equal("a", key)));
    }
  }

  /** The rows that gave way, as if the new rows' series had had them; empty where there is none. */
  Optional<String> query(List<String> columns) {
    return count == 0
        ? Optional.empty()
        : Optional.of(
            "(SELECT "
                + columns.stream()
                    .map(name -> isParent(name) ? TAKEN_BY : Sql.name(name))
                    .collect(Collectors.joining(", "))
                + " FROM "
                + TAKEN
                + ")");
  }

  /** Keeps what a row said that the one in its place does not say. */
  void keep(String replacedBy, Instant now) throws SQLException {
    if (count == 0) {
      return;
    }
    List<String> differs = new ArrayList<>();
    for (String column : RowComparison.columns(table)) {
      if (!isParent(column)) {
        String name = Sql.name(column);
        differs.add(
            "(a." + name + " IS NOT NULL AND a." + name + " IS DISTINCT FROM n." + name + ")");
      }
    }
    ReplacedRows.insert(
        connection,
        table,
        TAKEN
            + " a JOIN "
            + Sql.table(table.sql().name())
            + " n ON "
            + String.join(" AND ", equal("a", key))
            + " WHERE "
            + String.join(" OR ", differs),
        replacedBy,
        now);
  }

  /** Counts the coverage of the rows again that gave way. */
  void countCoverage() throws SQLException {
    if (count == 0) {
      return;
    }
    String name = table.sql().name();
    String parent = Sql.name(parent());
    List<CoverageRow> rows =
        CoverageTable.read(
            connection,
            name,
            "EXISTS (SELECT 1 FROM (SELECT coalesce("
                + parent
                + ", "
                + Sql.name(table.sql().seriesColumn())
                + ") AS taken_of, "
                + parent
                + " IS NOT NULL AS of_parent, CAST("
                + Sql.name(table.sql().timeColumn())
                + " AS TIMESTAMP) AS taken_at FROM "
                + TAKEN
                + ") WHERE taken_of = coalesce(table_symbol, symbol)"
                + " AND of_parent = (table_symbol IS NULL)"
                + " AND taken_at >= range_start AND taken_at < range_end)");
    CoverageTable.write(connection, name, CoverageCounts.counted(connection, name, rows));
  }

  /** The columns of the key that the table has in this database, whoever made it. */
  private List<String> primaryKey() throws SQLException {
    String[] name = table.sql().name().split("\\.", 2);
    return Sql.query(
        connection,
        "SELECT lower(unnest(constraint_column_names)) FROM duckdb_constraints()"
            + " WHERE database_name = current_database() AND schema_name = ? AND table_name = ?"
            + " AND constraint_type = 'PRIMARY KEY'",
        row -> row.getString(1),
        name[0],
        name[1]);
  }

  /** Whether the table has rows of other series in the time of the pieces. */
  private boolean hasOthers() throws SQLException {
    List<String> others = new ArrayList<>();
    if (pieces.stream().anyMatch(Piece::byParent)) {
      others.add("t." + Sql.name(parent()) + " IS NULL");
    }
    if (!pieces.stream().allMatch(Piece::byParent)) {
      others.add("t." + Sql.name(parent()) + " IS NOT NULL");
    }
    List<Interval> intervals = pieces.stream().map(Piece::interval).toList();
    return Sql.queryLong(
            connection,
            "SELECT count(*) FROM (SELECT 1 FROM "
                + Sql.table(table.sql().name())
                + " t WHERE "
                + table.between(intervals)
                + " AND ("
                + String.join(" OR ", others)
                + ") LIMIT 1)")
        > 0;
  }

  private static List<String> equal(String alias, List<String> columns) {
    return columns.stream()
        .map(Sql::name)
        .map(name -> "n." + name + " = " + alias + "." + name)
        .toList();
  }

  private String parent() {
    return table.sql().parentColumn().orElse("");
  }

  private boolean isParent(String column) {
    return column.toLowerCase(Locale.ROOT).equals(parent());
  }
}
