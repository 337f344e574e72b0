package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Writes batches of flat Avro records into a table, each batch in one transaction that replaces the
 * rows of the same keys. Thread-safe: batches of one database are written one after the other.
 */
final class RecordWriter {
  private static final Pattern TABLE = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)?");
  private static final String STAGED = "record_batch";
  private static final String ORDER = "record_batch_order";

  private final Database database;
  private final String table;
  private final List<AvroColumn> columns;
  private final List<String> key;

  RecordWriter(Database database, String table, Schema schema, List<String> key) {
    this.database = database;
    this.table = table;
    this.columns = AvroColumn.of(schema);
    this.key = key;
  }

  /** Refuses a name or a key that could not work, before anything runs. */
  static void check(String table, Schema schema, List<String> key) {
    if (!TABLE.matcher(table).matches()) {
      throw new IllegalArgumentException(
          "The table name " + table + " is not understood: give schema.table, like raw.prices");
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "Say with withKey(...) which columns name a row of "
              + table
              + ": a batch that is written again must replace its rows, not double them");
    }
    List<AvroColumn> columns = AvroColumn.of(schema);
    for (String name : key) {
      if (AvroColumn.find(columns, name) == null) {
        throw new IllegalArgumentException(
            "The key column "
                + name
                + " is no field of "
                + schema.getFullName()
                + ", whose fields are "
                + columns.stream().map(AvroColumn::name).toList());
      }
    }
  }

  /**
   * Makes the table from the Avro schema if it is not there.
   *
   * @throws DatabaseException if it is there and lacks a column, or has one of another type
   */
  void prepare() {
    database.writing().lock();
    try (DuckDBConnection connection = database.connect()) {
      List<TableColumn> there = TableColumn.of(connection, "", fullName());
      if (there.isEmpty()) {
        String schema = fullName().substring(0, fullName().indexOf('.'));
        Sql.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + Sql.name(schema));
        Sql.execute(
            connection,
            "CREATE TABLE "
                + Sql.table(fullName())
                + " ("
                + String.join(", ", columns.stream().map(AvroColumn::declaration).toList())
                + ")");
        if (!database.isRemote()) {
          Sql.execute(connection, "CHECKPOINT");
        }
      } else {
        columns.forEach(column -> requireColumn(there, column));
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      database.writing().unlock();
    }
  }

  private void requireColumn(List<TableColumn> there, AvroColumn column) {
    boolean fits =
        there.stream()
            .anyMatch(
                have -> have.name().equalsIgnoreCase(column.name()) && have.holds(column.type()));
    if (!fits) {
      throw new DatabaseException(
          "The existing table "
              + table
              + " has no column "
              + column.name()
              + " that holds "
              + column.type()
              + ". Add it (ALTER TABLE ... ADD COLUMN), or give the records another table");
    }
  }

  /** A table without a schema is in DuckDB's own, main. */
  private String fullName() {
    return table.contains(".") ? table : "main." + table;
  }

  /**
   * Writes one batch and commits it. Of records with the same key the last stays.
   *
   * @return rows of the batch that are in the table now
   */
  long write(Iterable<? extends IndexedRecord> records) {
    database.writing().lock();
    try (DuckDBConnection connection = database.connect()) {
      long staged = stage(connection, records);
      Sql.execute(connection, "BEGIN TRANSACTION");
      boolean committed = false;
      try {
        Sql.execute(
            connection,
            "DELETE FROM " + Sql.table(fullName()) + " t USING " + STAGED + " s WHERE " + same());
        long inserted = insert(connection);
        Sql.execute(connection, "COMMIT");
        committed = true;
        requireThere(connection, inserted, staged);
        return inserted;
      } finally {
        if (!committed) {
          Sql.execute(connection, "ROLLBACK");
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    } finally {
      database.writing().unlock();
    }
  }

  private long stage(DuckDBConnection connection, Iterable<? extends IndexedRecord> records)
      throws SQLException {
    StringBuilder declared = new StringBuilder(ORDER + " BIGINT");
    columns.forEach(column -> declared.append(", ").append(column.declaration()));
    Sql.execute(connection, "CREATE OR REPLACE TEMP TABLE " + STAGED + " (" + declared + ")");
    long rows = 0;
    try (DuckDBAppender appender = connection.createAppender("temp", "main", STAGED)) {
      for (IndexedRecord record : records) {
        appender.beginRow().append(rows++);
        for (AvroColumn column : columns) {
          column.append(appender, record);
        }
        appender.endRow();
      }
      appender.flush();
    }
    return rows;
  }

  private long insert(DuckDBConnection connection) throws SQLException {
    String names = names("");
    return Sql.execute(
        connection,
        "INSERT INTO "
            + Sql.table(fullName())
            + " ("
            + names
            + ") SELECT "
            + names
            + " FROM "
            + STAGED
            + " QUALIFY row_number() OVER (PARTITION BY "
            + String.join(", ", key.stream().map(Sql::name).toList())
            + " ORDER BY "
            + ORDER
            + " DESC) = 1");
  }

  /** The rows are counted by their keys, after the commit: only what is there counts. */
  private void requireThere(DuckDBConnection connection, long inserted, long staged)
      throws SQLException {
    long there =
        Sql.queryLong(
            connection,
            "SELECT count(*) FROM "
                + Sql.table(fullName())
                + " t WHERE EXISTS (SELECT 1 FROM "
                + STAGED
                + " s WHERE "
                + same()
                + ")");
    if (there != inserted) {
      throw new DatabaseException(
          String.format(
              Locale.ROOT,
              "Of a batch of %d records for %s, %d rows were inserted and %d are there. Run this"
                  + " again",
              staged,
              table,
              inserted,
              there));
    }
  }

  private String names(String prefix) {
    return String.join(
        ", ", columns.stream().map(column -> prefix + Sql.name(column.name())).toList());
  }

  private String same() {
    List<String> parts = new ArrayList<>();
    for (String name : key) {
      parts.add("t." + Sql.name(name) + " IS NOT DISTINCT FROM s." + Sql.name(name));
    }
    return String.join(" AND ", parts);
  }

  private DatabaseException failed(SQLException e) {
    return new DatabaseException(
        "Writing to " + table + " of " + database.path() + " failed: " + e.getMessage(), e);
  }
}
