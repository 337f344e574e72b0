package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Writes what {@code validate} found to ops.data_quality_log. Thread-safe. */
public final class QualityLog {
  private static final String TABLE = "ops.data_quality_log";

  private final Database database;

  /** Of a database that is open for writing. */
  public QualityLog(Database database) {
    this.database = database;
  }

  /**
   * A row of the log.
   *
   * @param table full name
   * @param figures of its rows
   * @param duplicates rows too many
   * @param gaps days or hours that are missing
   * @param longestGap of one series, days or hours
   * @param status PASSED, WARNING or FAILED
   * @param issues JSON
   */
  public record Entry(
      String table,
      TableFigures figures,
      long duplicates,
      long gaps,
      long longestGap,
      String status,
      String issues) {}

  /**
   * Writes them all in one transaction; makes the table, and that of the {@link Alerts}, where they
   * are not there yet.
   */
  public void write(List<Entry> entries, Instant at) {
    Sql.writing(
        database,
        connection -> {
          Sql.execute(connection, "CREATE SCHEMA IF NOT EXISTS ops");
          Sql.execute(connection, TableSql.of(TABLE).create());
          Sql.execute(connection, TableSql.of(Alerts.TABLE).create());
          for (Entry entry : entries) {
            insert(connection, entry, at);
          }
          return entries.size();
        });
  }

  private static void insert(DuckDBConnection connection, Entry entry, Instant at)
      throws SQLException {
    TableFigures f = entry.figures();
    LocalDate today = at.atOffset(ZoneOffset.UTC).toLocalDate();
    LocalDate newest = f.maxDate();
    String[] name = entry.table().split("\\.", 2);
    @Nullable Object[] values = {
      UUID.randomUUID().toString(),
      today,
      name[0],
      name[1],
      f.rows(),
      f.nulls(),
      f.rows() == 0 ? null : ratio(f),
      (int) Math.min(Integer.MAX_VALUE, entry.duplicates()),
      newest,
      newest == null ? null : (int) ChronoUnit.DAYS.between(newest, today),
      (int) Math.min(Integer.MAX_VALUE, entry.gaps()),
      (int) Math.min(Integer.MAX_VALUE, entry.longestGap()),
      f.mean(),
      f.deviation(),
      f.min(),
      f.max(),
      entry.status(),
      entry.issues(),
      Sql.timestamp(at)
    };
    Sql.update(
        connection,
        "INSERT INTO "
            + TABLE
            + " (report_id, report_date, schema_name, table_name, total_rows, null_count,"
            + " null_ratio, duplicate_count, max_date, days_stale, gap_count, max_gap_days,"
            + " mean_val, std_val, min_val, max_val, status, issues, created_at) VALUES"
            + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values);
  }

  private static BigDecimal ratio(TableFigures figures) {
    return BigDecimal.valueOf(figures.nulls())
        .divide(BigDecimal.valueOf(figures.rows()), 4, RoundingMode.HALF_UP);
  }
}
