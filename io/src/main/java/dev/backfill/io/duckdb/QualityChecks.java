package dev.backfill.io.duckdb;

import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.schemas.CheckSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Runs the checks of {@code /checks} on a table, each one query over all its rows. Only reads; the
 * database may be open for reading alone. Thread-safe.
 */
public final class QualityChecks {
  private final Database database;
  private final Instant now;

  /**
   * Of an open database.
   *
   * @param now by which it is judged what is stale
   */
  public QualityChecks(Database database, Instant now) {
    this.database = database;
    this.now = now;
  }

  /**
   * What came of one table.
   *
   * @param figures its rows
   * @param findings by severity and check
   * @param longestGap days or hours of the longest gap; 0 where there is none
   */
  public record Result(TableFigures figures, List<QualityFinding> findings, long longestGap) {}

  /**
   * Checks a table that is there.
   *
   * @param table full name of a table that rows are written to in batches
   */
  public Result check(String table) {
    try (DuckDBConnection connection = database.connect()) {
      CheckedTable checked = CheckedTable.open(connection, table);
      List<QualityFinding> findings = new ArrayList<>();
      long longest = 0;
      for (CheckSql check : CheckSql.of(checked.kind())) {
        longest = Math.max(longest, run(connection, checked, check, findings));
      }
      TableFigures figures = TableFigures.read(connection, checked.hasPrices());
      return new Result(figures, List.copyOf(findings), longest);
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot check " + table + " in " + database.path() + ": " + e.getMessage(), e);
    }
  }

  private record Row(Severity severity, Example example, long longest) {}

  /** Adds what a check found, each severity apart, and returns the longest stretch. */
  private long run(
      DuckDBConnection connection,
      CheckedTable table,
      CheckSql check,
      List<QualityFinding> findings)
      throws SQLException {
    Severity usual = Severity.of(check.severity());
    List<Row> rows = Sql.query(connection, table.fill(check.query(), now), row -> row(row, usual));
    Map<Severity, List<Example>> bySeverity = new EnumMap<>(Severity.class);
    rows.forEach(
        row ->
            bySeverity.computeIfAbsent(row.severity(), s -> new ArrayList<>()).add(row.example()));
    bySeverity.forEach(
        (severity, examples) ->
            findings.add(
                new QualityFinding(
                    table.name(),
                    check.name(),
                    severity,
                    table.fill(check.says(), now),
                    examples.stream().mapToLong(Example::count).sum(),
                    table.fill(check.counts(), now),
                    examples,
                    // What is less grave than usual is what the service has so: no command of ours
                    // mends it.
                    severity == usual ? check.remedy().stream().toList() : List.of())));
    return rows.stream().mapToLong(Row::longest).max().orElse(0);
  }

  private static Row row(ResultSet row, Severity usual) throws SQLException {
    int columns = row.getMetaData().getColumnCount();
    String severity = columns >= 6 ? row.getString(6) : null;
    return new Row(
        severity == null ? usual : Severity.of(severity),
        new Example(row.getString(1), row.getLong(2), time(row, 3), time(row, 4), row.getString(5)),
        columns >= 7 ? row.getLong(7) : 0);
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }
}
