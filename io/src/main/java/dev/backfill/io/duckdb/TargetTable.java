package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.TableSql;
import dev.backfill.schemas.Times;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The SQL by which pieces of one table are found: its series, parent and time columns as they are
 * in the database, and the job's publishers. All statements are over a temporary table of pieces,
 * so one statement does for all series.
 */
final class TargetTable {
  private static final String PUBLISHER = "publisher_id";

  private final TableSql sql;
  private final List<TableColumn> columns;
  private final List<Integer> publishers;
  private final boolean byDate;

  private TargetTable(TableSql sql, List<TableColumn> columns, List<Integer> publishers) {
    this.sql = sql;
    this.columns = columns;
    this.publishers = publishers;
    this.byDate = column(sql.timeColumn()).type().equals("DATE");
  }

  static TargetTable of(DuckDBConnection connection, TableSql sql, List<Integer> publishers)
      throws SQLException {
    List<TableColumn> columns = TableColumn.of(connection, "", sql.name());
    if (columns.isEmpty()) {
      throw new DatabaseException(
          "There is no table " + sql.name() + " yet: prepare the database before rows are written");
    }
    return new TargetTable(sql, columns, publishers);
  }

  TableSql sql() {
    return sql;
  }

  List<TableColumn> columns() {
    return columns;
  }

  TableColumn column(String name) {
    return columns.stream()
        .filter(column -> column.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new DatabaseException("The table " + sql.name() + " has no column " + name));
  }

  boolean has(String name) {
    return columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
  }

  /** Puts pieces into a temporary table of that name; a piece's number is its index. */
  void stage(DuckDBConnection connection, String name, List<Piece> pieces) throws SQLException {
    String type = byDate ? "DATE" : "TIMESTAMP";
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE "
            + name
            + " (piece INTEGER, name VARCHAR, by_parent BOOLEAN, lo "
            + type
            + ", hi "
            + type
            + ")");
    try (DuckDBAppender rows = connection.createAppender("temp", "main", name)) {
      for (int i = 0; i < pieces.size(); i++) {
        Piece piece = pieces.get(i);
        rows.beginRow().append(i).append(piece.name()).append(piece.byParent());
        appendTime(rows, piece.interval().startNs());
        appendTime(rows, piece.interval().endNs());
        rows.endRow();
      }
      rows.flush();
    }
  }

  private void appendTime(DuckDBAppender rows, long nanos) throws SQLException {
    if (byDate) {
      rows.appendEpochDays(dayAtOrAfter(nanos));
    } else {
      rows.appendEpochMicros(Sql.micros(nanos));
    }
  }

  private static int dayAtOrAfter(long nanos) {
    return -Times.epochDay(-nanos);
  }

  /**
   * The join of the table (as {@code t}) with staged pieces (as {@code p}), once for series and
   * once for parents, as there are pieces of either.
   */
  List<String> joins(String staged, List<Piece> pieces) {
    List<String> joins = new ArrayList<>();
    for (boolean byParent : new boolean[] {false, true}) {
      List<Interval> intervals =
          pieces.stream()
              .filter(piece -> piece.byParent() == byParent)
              .map(Piece::interval)
              .toList();
      if (!intervals.isEmpty()) {
        joins.add(join(staged, byParent, intervals));
      }
    }
    return joins;
  }

  private String join(String staged, boolean byParent, List<Interval> intervals) {
    Optional<String> parent = sql.parentColumn();
    String name = byParent ? parent.orElseThrow(this::noParents) : sql.seriesColumn();
    String time = "t." + Sql.name(sql.timeColumn());
    return " FROM "
        + Sql.table(sql.name())
        + " t, "
        + staged
        + " p"
        + on(time, name, byParent, parent)
        // Said once more as constants: by these DuckDB leaves out whole row groups unread.
        + " AND "
        + between(intervals);
  }

  /** The condition that a row {@code t} is not before or after all of some intervals. */
  String between(List<Interval> intervals) {
    String time = "t." + Sql.name(sql.timeColumn());
    long from = intervals.stream().mapToLong(Interval::startNs).min().orElseThrow();
    long to = intervals.stream().mapToLong(Interval::endNs).max().orElseThrow();
    return time + " >= " + constant(from) + " AND " + time + " < " + constant(to);
  }

  private String on(String time, String name, boolean byParent, Optional<String> parent) {
    return " WHERE p.by_parent = "
        + byParent
        + " AND t."
        + Sql.name(name)
        + " = p.name AND "
        + time
        + " >= p.lo AND "
        + time
        + " < p.hi"
        + (byParent ? "" : parent.map(p -> " AND t." + Sql.name(p) + " IS NULL").orElse(""))
        + publisherFilter();
  }

  private IllegalArgumentException noParents() {
    return new IllegalArgumentException(
        "The table "
            + sql.name()
            + " has no parent column, so a parent's rows cannot be kept in it");
  }

  private String constant(long nanos) {
    return byDate
        ? "DATE '" + LocalDate.ofEpochDay(dayAtOrAfter(nanos)) + "'"
        : "make_timestamp(" + Sql.micros(nanos) + ")";
  }

  /** Rows of a publisher that was not asked for are left alone; those of none are not. */
  private String publisherFilter() {
    if (publishers.isEmpty() || !has(PUBLISHER)) {
      return "";
    }
    String list = String.join(", ", publishers.stream().map(String::valueOf).toList());
    return " AND (t." + PUBLISHER + " IN (" + list + ") OR t." + PUBLISHER + " IS NULL)";
  }

  /** The rows of each staged piece, by SQL. */
  long[] count(DuckDBConnection connection, String staged, List<Piece> pieces) throws SQLException {
    long[] counts = new long[pieces.size()];
    for (String join : joins(staged, pieces)) {
      Sql.query(
          connection,
          "SELECT p.piece, count(*)" + join + " GROUP BY p.piece",
          row -> counts[row.getInt(1)] = row.getLong(2));
    }
    return counts;
  }

  /** Deletes the rows of all staged pieces and says how many they were. */
  long delete(DuckDBConnection connection, String staged, List<Piece> pieces) throws SQLException {
    long deleted = 0;
    for (String join : joins(staged, pieces)) {
      String using = join.replaceFirst(" t, ", " t USING ");
      deleted += Sql.execute(connection, "DELETE" + using);
    }
    return deleted;
  }
}
