package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** Compares what the ledger says with what SQL counts in the tables, set by set. Thread-safe. */
public final class LedgerCheck {
  /** A row of a publisher that the job did not ask for is another's. */
  private static final String OF_PUBLISHERS =
      "(c.publishers = '*' OR t.publisher IS NULL"
          + " OR list_contains(string_split(c.publishers, ','), CAST(t.publisher AS VARCHAR)))";

  private final Database database;

  /** Of an open database. */
  public LedgerCheck(Database database) {
    this.database = database;
  }

  /**
   * A row of ops.coverage that counts other rows than are there.
   *
   * @param row of ops.coverage
   * @param found rows that are there
   */
  public record Disagreement(CoverageRow row, long found) {
    /** How many rows are gone; negative where there are more than were loaded. */
    public long lost() {
      return row.rowCount() - found;
    }
  }

  /**
   * Rows of one name that no coverage explains.
   *
   * @param name what stands in the series or the parent column
   * @param rows how many
   * @param first time of the first, UTC
   * @param last time of the last, UTC
   */
  public record Unexplained(String name, long rows, Instant first, Instant last) {}

  /**
   * What was found of one table.
   *
   * @param table full name
   * @param isThere whether the table exists
   * @param disagreements by symbol and time
   * @param unexplained by name
   */
  public record Finding(
      String table,
      boolean isThere,
      List<Disagreement> disagreements,
      List<Unexplained> unexplained) {}

  /**
   * Series that are asked for and kept alike.
   *
   * @param table full name of the target table
   * @param publishers the filter, as ops.coverage keeps it
   */
  public record Group(
      String table,
      String source,
      String dataset,
      String schema,
      String stypeIn,
      String publishers) {
    /** The group of a row of a table's coverage. */
    public static Group of(String table, CoverageRow row) {
      return new Group(
          table,
          row.series().source(),
          row.series().dataset(),
          row.series().schema(),
          row.series().stypeIn(),
          row.publishers());
    }
  }

  /** Whether there is a ledger; without one no coverage explains any row. */
  public boolean hasLedger() {
    try (DuckDBConnection connection = database.connect()) {
      return hasLedger(connection);
    } catch (SQLException e) {
      throw new DatabaseException("Cannot read the tables of " + database.path(), e);
    }
  }

  private static boolean hasLedger(DuckDBConnection connection) throws SQLException {
    return Sql.exists(connection, CoverageTable.NAME);
  }

  /** The groups of series that have coverage, in a fixed order. */
  public List<Group> groups() {
    try (DuckDBConnection connection = database.connect()) {
      return !hasLedger(connection)
          ? List.of()
          : Sql.query(
              connection,
              "SELECT DISTINCT target_table, source, dataset, schema_name, stype_in, publishers"
                  + " FROM ops.coverage ORDER BY ALL",
              row ->
                  new Group(
                      row.getString(1),
                      row.getString(2),
                      row.getString(3),
                      row.getString(4),
                      row.getString(5),
                      row.getString(6)));
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }

  /** Compares every table that the ledger or this program knows. */
  public List<Finding> findings() {
    try (DuckDBConnection connection = database.connect()) {
      boolean hasLedger = hasLedger(connection);
      List<Finding> findings = new ArrayList<>();
      for (String table : tables(connection, hasLedger)) {
        findings.add(
            hasLedger
                ? find(connection, table)
                : new Finding(
                    table,
                    true,
                    List.of(),
                    unexplained(connection, "WITH " + rows(connection, TableSql.of(table)), "t")));
      }
      return findings;
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot compare the ledger of " + database.path() + ": " + e.getMessage(), e);
    }
  }

  private static List<String> tables(DuckDBConnection connection, boolean hasLedger)
      throws SQLException {
    List<String> names =
        Sql.query(
            connection,
            (hasLedger ? "SELECT DISTINCT target_table FROM ops.coverage UNION" : "")
                + " SELECT schema_name || '.' || table_name FROM duckdb_tables()"
                + " WHERE database_name = current_database() ORDER BY 1",
            row -> row.getString(1));
    return names.stream()
        .filter(name -> TableSql.find(name).map(TableSql::isBatched).orElse(false))
        .toList();
  }

  private static Finding find(DuckDBConnection connection, String table) throws SQLException {
    if (!Sql.exists(connection, table)) {
      return new Finding(
          table,
          false,
          CoverageTable.read(connection, table, "row_count > 0").stream()
              .map(row -> new Disagreement(row, 0))
              .toList(),
          List.of());
    }
    String relations = relations(connection, TableSql.of(table));
    List<Disagreement> wrong =
        Sql.query(
            connection,
            relations
                + ", j AS (SELECT c.row_name, c.is_parent, c.range_start, count(*) AS n"
                + " FROM t ASOF JOIN c ON t.name = c.row_name AND t.by_parent = c.is_parent"
                + " AND t.at >= c.range_start WHERE t.at < c.range_end AND "
                + OF_PUBLISHERS
                + " GROUP BY ALL)"
                + " SELECT c.*, coalesce(j.n, 0) AS found FROM c LEFT JOIN j"
                + " USING (row_name, is_parent, range_start)"
                + " WHERE coalesce(j.n, 0) <> c.row_count ORDER BY c.symbol, c.range_start",
            row -> new Disagreement(CoverageTable.row(row), row.getLong("found")));
    List<Unexplained> unexplained =
        unexplained(
            connection,
            relations,
            "t ASOF LEFT JOIN c ON t.name = c.row_name AND t.by_parent = c.is_parent"
                + " AND t.at >= c.range_start WHERE c.range_end IS NULL OR t.at >= c.range_end");
    return new Finding(table, true, wrong, unexplained);
  }

  private static List<Unexplained> unexplained(
      DuckDBConnection connection, String relations, String from) throws SQLException {
    return Sql.query(
        connection,
        relations
            + " SELECT t.name, count(*) AS n, min(t.at) AS first, max(t.at) AS last FROM "
            + from
            + " GROUP BY t.name ORDER BY t.name",
        row ->
            new Unexplained(
                row.getString("name"),
                row.getLong("n"),
                Sql.instant(row, "first"),
                Sql.instant(row, "last")));
  }

  /** The table as {@code t} and its coverage as {@code c}, by the names that join them. */
  private static String relations(DuckDBConnection connection, TableSql sql) throws SQLException {
    return "WITH "
        + rows(connection, sql)
        + ", c AS (SELECT *, coalesce(table_symbol, symbol) AS row_name, table_symbol IS NULL AS"
        + " is_parent FROM ops.coverage WHERE target_table = "
        + Sql.text(sql.name())
        + ")";
  }

  private static String rows(DuckDBConnection connection, TableSql sql) throws SQLException {
    List<TableColumn> columns = TableColumn.of(connection, "", sql.name());
    String series = Sql.name(sql.seriesColumn());
    String parent =
        sql.parentColumn().filter(name -> has(columns, name)).map(Sql::name).orElse("NULL");
    return "t AS (SELECT coalesce("
        + parent
        + ", "
        + series
        + ") AS name, "
        + parent
        + " IS NOT NULL AS by_parent, CAST("
        + Sql.name(sql.timeColumn())
        + " AS TIMESTAMP) AS at, "
        + (has(columns, "publisher_id") ? "publisher_id" : "CAST(NULL AS INTEGER)")
        + " AS publisher FROM "
        + Sql.table(sql.name())
        + ")";
  }

  private static boolean has(List<TableColumn> columns, String name) {
    return columns.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
  }
}
