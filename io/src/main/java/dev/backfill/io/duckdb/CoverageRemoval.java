package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;

/**
 * Takes intervals out of ops.coverage, within the caller's transaction: a row that reaches beyond
 * them is split, and what is left of it is counted again by SQL.
 */
final class CoverageRemoval {
  private static final String PIECES = Enrichment.PIECES;

  private final DuckDBConnection connection;
  private final String table;
  private final List<CoverageRow> removed = new ArrayList<>();
  private final List<CoverageRow> left = new ArrayList<>();
  private final Map<String, List<Piece>> gone = new LinkedHashMap<>();
  private final Map<Series, Coverage> taken = new LinkedHashMap<>();

  /**
   * What was taken away.
   *
   * @param taken what of each series was covered and is not any more
   * @param rowsThere rows of the table that stood in it
   * @param rowsDeleted those that were deleted
   */
  record Removed(Map<Series, Coverage> taken, long rowsThere, long rowsDeleted) {}

  private CoverageRemoval(DuckDBConnection connection, String table) {
    this.connection = connection;
    this.table = table;
  }

  /**
   * Removes what is covered of some series within some intervals.
   *
   * @param deleteRows whether the table's rows in it go too; rows that no coverage explains stay
   */
  static Removed remove(
      DuckDBConnection connection, String table, Map<Series, Coverage> what, boolean deleteRows)
      throws SQLException {
    CoverageRemoval removal = new CoverageRemoval(connection, table);
    removal.cut(what);
    long there = 0;
    long deleted = 0;
    if (Sql.exists(connection, table)) {
      for (Map.Entry<String, List<Piece>> of : removal.gone.entrySet()) {
        TargetTable target = removal.target(of.getKey());
        target.stage(connection, PIECES, of.getValue());
        for (long count : target.count(connection, PIECES, of.getValue())) {
          there += count;
        }
        deleted += deleteRows ? target.delete(connection, PIECES, of.getValue()) : 0;
        if (deleteRows && Enrichment.isPossible(connection, target.sql())) {
          // What other tables have from these rows goes with them.
          Enrichment.run(connection, target.sql(), false, Instant.now());
        }
      }
    }
    CoverageTable.delete(connection, table, removal.removed);
    CoverageTable.write(connection, table, CoverageCounts.counted(connection, table, removal.left));
    return new Removed(removal.taken, there, deleted);
  }

  private void cut(Map<Series, Coverage> what) throws SQLException {
    for (CoverageRow row : existing(what)) {
      Coverage out = what.getOrDefault(row.series(), Coverage.NONE);
      Coverage whole = Coverage.of(row.interval());
      Coverage here = whole.intersect(out);
      if (here.isEmpty()) {
        continue;
      }
      removed.add(row);
      whole.minus(out).intervals().forEach(interval -> left.add(row.within(interval)));
      taken.merge(row.series(), here, Coverage::union);
      for (Interval interval : here.intervals()) {
        gone.computeIfAbsent(row.publishers(), p -> new ArrayList<>())
            .add(CoverageCounts.piece(row, interval));
      }
    }
  }

  private List<CoverageRow> existing(Map<Series, Coverage> what) throws SQLException {
    if (!Sql.exists(connection, CoverageTable.NAME)) {
      return List.of();
    }
    List<String> symbols = what.keySet().stream().map(Series::symbol).distinct().toList();
    return CoverageTable.read(
        connection,
        table,
        "symbol IN (SELECT unnest(string_split(?, chr(10))))",
        String.join("\n", symbols));
  }

  private TargetTable target(String publishers) throws SQLException {
    return TargetTable.of(connection, TableSql.of(table), TargetSpec.publishers(publishers));
  }
}
