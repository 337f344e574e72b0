package dev.backfill.io.duckdb;

import dev.backfill.schemas.Times;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Small helps for JDBC on DuckDB. A statement that failed is closed by the driver, so each call
 * makes its own.
 */
final class Sql {
  private static final int ROWS_A_STATEMENT = 100;

  private Sql() {}

  static long execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute(sql) ? 0 : Math.max(0, statement.getLargeUpdateCount());
    }
  }

  static long update(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      return statement.executeLargeUpdate();
    }
  }

  /** What is written in one transaction. */
  interface Writing<T> {
    T to(DuckDBConnection connection) throws SQLException;
  }

  /** Writes in one transaction of its own, when its turn has come; all of it or nothing. */
  static <T> T writing(Database database, Writing<T> writing) {
    database.writing().lock();
    try (DuckDBConnection connection = database.connect()) {
      execute(connection, "BEGIN TRANSACTION");
      boolean committed = false;
      try {
        database.fence(connection);
        T result = writing.to(connection);
        execute(connection, "COMMIT");
        committed = true;
        return result;
      } finally {
        if (!committed) {
          execute(connection, "ROLLBACK");
        }
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot write the ledger of " + database.path() + ": " + e.getMessage(), e);
    } finally {
      database.writing().unlock();
    }
  }

  /** Reads one row of a result. */
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  static <T> List<T> query(
      Connection connection, String sql, RowReader<T> reader, @Nullable Object... values)
      throws SQLException {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, values);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(reader.read(result));
        }
      }
    }
    return rows;
  }

  static long queryLong(Connection connection, String sql, @Nullable Object... values)
      throws SQLException {
    return query(connection, sql, row -> row.getLong(1), values).get(0);
  }

  /** INSERT or INSERT OR REPLACE of many rows, some a statement. */
  static void insert(
      Connection connection, String verb, String table, String columns, List<Object[]> rows)
      throws SQLException {
    int width = columns.split(",", -1).length;
    String row = "(" + String.join(", ", Collections.nCopies(width, "?")) + ")";
    for (int from = 0; from < rows.size(); from += ROWS_A_STATEMENT) {
      List<Object[]> some = rows.subList(from, Math.min(rows.size(), from + ROWS_A_STATEMENT));
      List<@Nullable Object> values = new ArrayList<>(some.size() * width);
      some.forEach(one -> Collections.addAll(values, one));
      update(
          connection,
          verb
              + " INTO "
              + table
              + " ("
              + columns
              + ") VALUES "
              + String.join(", ", Collections.nCopies(some.size(), row)),
          values.toArray());
    }
  }

  static boolean exists(Connection connection, String table) throws SQLException {
    String[] name = table.split("\\.", 2);
    return queryLong(
            connection,
            // information_schema.tables says the same, and takes several times as long.
            "SELECT (SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()"
                + " AND schema_name = ?1 AND table_name = ?2) + (SELECT count(*) FROM duckdb_views()"
                + " WHERE database_name = current_database() AND schema_name = ?1"
                + " AND view_name = ?2)",
            name[0],
            name[1])
        > 0;
  }

  private static void bind(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  /** The microsecond at or after a nanosecond: exact for times that lie on microseconds. */
  static long micros(long nanos) {
    return -Math.floorDiv(-nanos, 1000L);
  }

  /** As a TIMESTAMP column takes it. */
  static LocalDateTime timestamp(long nanos) {
    return LocalDateTime.ofInstant(Times.instant(micros(nanos) * 1000), ZoneOffset.UTC);
  }

  static LocalDateTime timestamp(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  static @Nullable LocalDateTime timestampOrNull(@Nullable Instant instant) {
    return instant == null ? null : timestamp(instant);
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    LocalDateTime time = row.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
  }

  static @Nullable LocalDate dateOrNull(ResultSet row, String column) throws SQLException {
    return row.getObject(column, LocalDate.class);
  }

  static long nanos(ResultSet row, String column) throws SQLException {
    return Times.nanos(instant(row, column));
  }

  /** A name between double quotes. */
  static String name(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** A text between single quotes. */
  static String text(String value) {
    return '\'' + value.replace("'", "''") + '\'';
  }

  /** A full name {@code schema.table}, each part quoted. */
  static String table(String fullName) {
    String[] parts = fullName.split("\\.", 2);
    return parts.length == 2 ? name(parts[0]) + "." + name(parts[1]) : name(parts[0]);
  }
}
