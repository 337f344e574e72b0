package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reading and writing ops.coverage, row by row of Java. */
final class CoverageTable {
  static final String NAME = "ops.coverage";

  private static final String COLUMNS =
      "target_table, source, dataset, schema_name, stype_in, symbol, table_symbol, publishers,"
          + " range_start, range_end, state, row_count, verified, recheck_after,"
          + " source_modified, chunk_id, run_id, loaded_at";

  private CoverageTable() {}

  /** Rows of one table that a condition chooses, by symbol and time. */
  static List<CoverageRow> read(
      Connection connection, String table, String condition, @Nullable Object... values)
      throws SQLException {
    @Nullable Object[] all = new @Nullable Object[values.length + 1];
    all[0] = table;
    System.arraycopy(values, 0, all, 1, values.length);
    return Sql.query(
        connection,
        "SELECT "
            + COLUMNS
            + " FROM ops.coverage WHERE target_table = ? AND "
            + condition
            + " ORDER BY symbol, range_start",
        CoverageTable::row,
        all);
  }

  /** The series of a result that has the columns of one. */
  static Series series(ResultSet row) throws SQLException {
    return new Series(
        row.getString("source"),
        row.getString("dataset"),
        row.getString("schema_name"),
        row.getString("stype_in"),
        row.getString("symbol"));
  }

  /** A row of a result that has all columns. */
  static CoverageRow row(ResultSet row) throws SQLException {
    return new CoverageRow(
        series(row),
        row.getString("table_symbol"),
        row.getString("publishers"),
        new Interval(Sql.nanos(row, "range_start"), Sql.nanos(row, "range_end")),
        CoverageState.of(row.getString("state")),
        row.getLong("row_count"),
        row.getBoolean("verified"),
        Sql.instantOrNull(row, "recheck_after"),
        Sql.dateOrNull(row, "source_modified"),
        row.getString("chunk_id"),
        row.getString("run_id"),
        Sql.instant(row, "loaded_at"));
  }

  /** Writes rows over those that begin at the same instant. */
  static void write(Connection connection, String table, List<CoverageRow> rows)
      throws SQLException {
    List<@Nullable Object[]> values = new ArrayList<>(rows.size());
    for (CoverageRow row : rows) {
      values.add(
          new @Nullable Object[] {
            table,
            row.series().source(),
            row.series().dataset(),
            row.series().schema(),
            row.series().stypeIn(),
            row.series().symbol(),
            row.tableSymbol(),
            row.publishers(),
            Sql.timestamp(row.interval().startNs()),
            Sql.timestamp(row.interval().endNs()),
            row.state().text(),
            row.rowCount(),
            row.verified(),
            Sql.timestampOrNull(row.recheckAfter()),
            row.sourceModified(),
            row.chunkId(),
            row.runId(),
            Sql.timestamp(row.loadedAt())
          });
    }
    Sql.insert(connection, "INSERT OR REPLACE", NAME, COLUMNS, values);
  }

  static void delete(Connection connection, String table, List<CoverageRow> rows)
      throws SQLException {
    for (CoverageRow row : rows) {
      Sql.update(
          connection,
          "DELETE FROM ops.coverage WHERE target_table = ? AND source = ? AND dataset = ?"
              + " AND schema_name = ? AND stype_in = ? AND symbol = ? AND range_start = ?",
          table,
          row.series().source(),
          row.series().dataset(),
          row.series().schema(),
          row.series().stypeIn(),
          row.series().symbol(),
          Sql.timestamp(row.interval().startNs()));
    }
  }
}
