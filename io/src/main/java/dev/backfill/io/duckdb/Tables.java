package dev.backfill.io.duckdb;

import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.TableSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the tables that a load needs, and takes over a table that is already there. */
public final class Tables {
  private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

  /** The tables that every database of ours has, by their SQL files. */
  private static final String SYMBOLS = "reference.symbols";

  private static final List<String> ALWAYS =
      List.of(
          "ops.settings",
          "ops.coverage",
          "ops.backfill_runs",
          "ops.backfill_chunks",
          "ops.requests",
          "ops.rejected_records",
          "ops.replaced_rows",
          "ops.dataset_condition",
          "ops.ingestion_completion",
          "ops.job_locks",
          "ops.alert_history",
          "ops.data_quality_log",
          SYMBOLS);

  private static final String SCHEMA_VERSION = "1";

  private Tables() {}

  /**
   * Makes the schemas, the ledger's tables, the target table (with its primary key if asked) and
   * its views, where they are not there yet. Twice does nothing the second time. A table that is
   * already there keeps its rows, its keys and its own columns; missing columns are added.
   *
   * @throws DatabaseException if a column of an existing table cannot hold what would be written;
   *     the message has the statements that change it
   */
  public static void prepare(Database database, TargetSpec target) {
    try (Connection connection = database.connect()) {
      database.writing().lock();
      try {
        prepare(connection, target);
      } finally {
        database.writing().unlock();
      }
    } catch (SQLException e) {
      throw new DatabaseException("Cannot prepare the tables of " + database.path(), e);
    }
  }

  private static void prepare(Connection connection, TargetSpec target) throws SQLException {
    TableSql table = TableSql.of(target.table());
    boolean changed = makeLedger(connection);
    if (Sql.exists(connection, table.name())) {
      boolean altered = takeOver(connection, table);
      boolean madeViews = makeViews(connection, table, altered);
      changed = changed || altered || madeViews;
    } else {
      makeSchema(connection, table.name());
      Sql.execute(connection, target.primaryKey() ? table.createWithPrimaryKey() : table.create());
      makeViews(connection, table, true);
      changed = true;
    }
    if (changed) {
      // A log that mixes DDL with rows has failed to replay in several DuckDB versions.
      Sql.execute(connection, "CHECKPOINT");
    }
  }

  private static boolean makeLedger(Connection connection) throws SQLException {
    Set<String> have =
        new LinkedHashSet<>(
            Sql.query(
                connection,
                "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
                    + " WHERE database_name = current_database()",
                row -> row.getString(1)));
    boolean changed = false;
    for (String name : ALWAYS) {
      if (!have.contains(name)) {
        makeSchema(connection, name);
        Sql.execute(connection, TableSql.of(name).create());
        changed = true;
      }
    }
    if (!have.contains(SYMBOLS)) {
      fillSymbols(connection);
    }
    if (changed) {
      Sql.update(
          connection,
          "INSERT OR IGNORE INTO ops.settings (name, value, set_at)"
              + " VALUES ('schema_version', ?, now()::TIMESTAMP)",
          SCHEMA_VERSION);
    }
    return changed;
  }

  private static void fillSymbols(Connection connection) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Catalog.Product product : Catalog.load().products()) {
      rows.add(
          new @Nullable Object[] {
            product.root(),
            product.name(),
            product.assetClass(),
            product.dataset(),
            product.status(),
            product.note()
          });
    }
    Sql.insert(
        connection, "INSERT", SYMBOLS, "symbol, name, category, dataset, status, note", rows);
  }

  private static void makeSchema(Connection connection, String table) throws SQLException {
    String schema = table.substring(0, table.indexOf('.'));
    Sql.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + Sql.name(schema));
  }

  private static boolean makeViews(Connection connection, TableSql table, boolean again)
      throws SQLException {
    boolean changed = false;
    for (String view : table.views()) {
      if (again || !Sql.exists(connection, view)) {
        makeSchema(connection, view);
        Sql.execute(connection, TableSql.of(view).create());
        changed = true;
      }
    }
    return changed;
  }

  /** Adds the columns that an existing table lacks; refuses types that would lose something. */
  private static boolean takeOver(Connection connection, TableSql table) throws SQLException {
    List<TableColumn> have = TableColumn.of(connection, "", table.name());
    List<TableColumn> missing = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String> alters = new ArrayList<>();
    List<TableColumn> wanted = declared(connection, table);
    for (TableColumn want : wanted) {
      TableColumn there = find(have, want.name());
      if (there == null) {
        missing.add(want);
      } else if (!there.holds(want.type())) {
        problems.add(there.name() + " is " + there.type() + " and must hold " + want.type());
        alters.add(
            "ALTER TABLE "
                + table.name()
                + " ALTER COLUMN "
                + Sql.name(there.name())
                + " TYPE "
                + want.type()
                + ";");
      }
    }
    for (TableColumn mine : have) {
      if (mine.required() && find(wanted, mine.name()) == null) {
        problems.add(mine.name() + " is NOT NULL without a default and is not filled");
        alters.add(
            "ALTER TABLE "
                + table.name()
                + " ALTER COLUMN "
                + Sql.name(mine.name())
                + " DROP NOT NULL;");
      }
    }
    if (!problems.isEmpty()) {
      throw refusal(connection, table.name(), problems, alters);
    }
    for (TableColumn column : missing) {
      Sql.execute(
          connection,
          "ALTER TABLE "
              + Sql.table(table.name())
              + " ADD COLUMN IF NOT EXISTS "
              + Sql.name(column.name())
              + " "
              + column.type());
      LOG.info("Added column {} {} to {}", column.name(), column.type(), table.name());
    }
    return !missing.isEmpty();
  }

  /** What the SQL file declares, as DuckDB itself reads it. */
  private static List<TableColumn> declared(Connection connection, TableSql table)
      throws SQLException {
    String create = table.create();
    Sql.execute(
        connection,
        "CREATE OR REPLACE TEMP TABLE declared_shape " + create.substring(create.indexOf('(')));
    List<TableColumn> columns = TableColumn.of(connection, "temp", "main.declared_shape");
    Sql.execute(connection, "DROP TABLE temp.main.declared_shape");
    return columns;
  }

  private static @Nullable TableColumn find(List<TableColumn> columns, String name) {
    for (TableColumn column : columns) {
      if (column.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return column;
      }
    }
    return null;
  }

  private static DatabaseException refusal(
      Connection connection, String table, List<String> problems, List<String> alters)
      throws SQLException {
    String[] name = table.split("\\.", 2);
    List<String> statements =
        new ArrayList<>(
            Sql.query(
                connection,
                "SELECT schema_name, index_name FROM duckdb_indexes()"
                    + " WHERE database_name = current_database() AND schema_name = ?"
                    + " AND table_name = ? ORDER BY index_name",
                row ->
                    "DROP INDEX "
                        + Sql.name(row.getString(1))
                        + "."
                        + Sql.name(row.getString(2))
                        + ";",
                name[0],
                name[1]));
    statements.addAll(alters);
    return new DatabaseException(
        "The existing table "
            + table
            + " cannot take these rows unchanged: "
            + String.join("; ", problems)
            + ". Nothing was changed. To let it, run: "
            + String.join(" ", statements)
            + " (digits that were rounded away do not come back: load those ranges again), or give"
            + " the job another table");
  }
}
