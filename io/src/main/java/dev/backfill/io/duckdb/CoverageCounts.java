package dev.backfill.io.duckdb;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/** Counts rows of ops.coverage by SQL, within the caller's transaction. */
final class CoverageCounts {
  private static final String STAGED = "counted_pieces";

  private CoverageCounts() {}

  /** The rows with their counts; none are there where the table is not. */
  static List<CoverageRow> counted(
      DuckDBConnection connection, String table, List<CoverageRow> uncounted) throws SQLException {
    List<CoverageRow> counted = new ArrayList<>();
    Map<String, List<CoverageRow>> byPublishers = new LinkedHashMap<>();
    uncounted.forEach(
        row -> byPublishers.computeIfAbsent(row.publishers(), p -> new ArrayList<>()).add(row));
    boolean exists = Sql.exists(connection, table);
    for (Map.Entry<String, List<CoverageRow>> of : byPublishers.entrySet()) {
      List<CoverageRow> rows = of.getValue();
      long[] counts = new long[rows.size()];
      if (exists) {
        List<Piece> pieces = rows.stream().map(row -> piece(row, row.interval())).toList();
        TargetTable target =
            TargetTable.of(connection, TableSql.of(table), TargetSpec.publishers(of.getKey()));
        target.stage(connection, STAGED, pieces);
        counts = target.count(connection, STAGED, pieces);
      }
      for (int i = 0; i < counts.length; i++) {
        counted.add(rows.get(i).counted(counts[i]));
      }
    }
    return counted;
  }

  /** An interval of what a row of ops.coverage speaks of. */
  static Piece piece(CoverageRow row, Interval interval) {
    return new Piece(row.rowName(), row.tableSymbol() == null, interval);
  }
}
