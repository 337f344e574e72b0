package dev.backfill.io.duckdb;

import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.TableSql;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
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

  private Tables() {}

  /**
   * Makes the schemas, the ledger's tables, the target table (with its primary key if asked), its
   * companions and their views, where they are not there yet. Twice does nothing the second time. A
   * table that is already there, somebody else's or an older version's, keeps its rows, its keys
   * and its own columns; columns that it lacks are added, and columns that would round are widened.
   * That happens in one transaction in a copy, under this process's lock; then the copy takes the
   * file's place, and the file as it was is kept beside it. A database elsewhere has no such copy:
   * where something in it must be changed, it is refused.
   *
   * @param say told each change before it is made, and where the copy is
   * @throws DatabaseException if a column of an existing table cannot hold what would be written;
   *     the message has the statements that change it. Or if the disk has no room for the copy
   */
  public static void prepare(Database database, TargetSpec target, Consumer<String> say) {
    database.writing().lock();
    try {
      List<String> changes = changes(database, target.table());
      if (!changes.isEmpty() && database.isRemote()) {
        throw MotherDuck.mustBeChanged(
            database.path(), changes, statements(database, target.table()));
      }
      if (!changes.isEmpty()) {
        takeOver(database, target, changes, say);
      }
      try (Connection connection = database.connect()) {
        if (prepare(connection, target) && !database.isRemote()) {
          // A log that mixes DDL with rows has failed to replay in several DuckDB versions.
          Sql.execute(connection, "CHECKPOINT");
        }
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot prepare the tables of " + database.path() + ": " + e.getMessage(), e);
    } finally {
      database.writing().unlock();
    }
  }

  /** The same, said in the log. */
  public static void prepare(Database database, TargetSpec target) {
    prepare(database, target, LOG::warn);
  }

  /**
   * What {@link #prepare} would change in tables that are there already, a sentence each. The
   * database may be open for reading alone.
   *
   * @param table full name of the target table
   */
  public static List<String> changes(Database database, String table) {
    List<String> sentences = new ArrayList<>();
    try (Connection connection = database.connect()) {
      for (Takeover takeover : takeovers(connection, TableSql.of(table))) {
        sentences.addAll(takeover.sentences());
      }
    } catch (SQLException e) {
      throw new DatabaseException("Cannot read the tables of " + database.path(), e);
    }
    return sentences;
  }

  private static List<String> statements(Database database, String table) throws SQLException {
    List<String> statements = new ArrayList<>();
    try (Connection connection = database.connect()) {
      for (Takeover takeover : takeovers(connection, TableSql.of(table))) {
        statements.addAll(takeover.statements());
      }
    }
    return statements;
  }

  /** Whether a database has the ledger of this version, so that it can be written to as it is. */
  public static boolean isCurrent(Database database) {
    try (Connection connection = database.connect()) {
      return tables(connection).containsAll(ALWAYS)
          && SchemaVersion.of(connection) == SchemaVersion.CURRENT;
    } catch (SQLException e) {
      throw new DatabaseException("Cannot read the tables of " + database.path(), e);
    }
  }

  private static List<Takeover> takeovers(Connection connection, TableSql target)
      throws SQLException {
    List<Takeover> takeovers = new ArrayList<>();
    Set<String> have = tables(connection);
    // A ledger of this version has the columns of this version.
    if (SchemaVersion.of(connection) != SchemaVersion.CURRENT) {
      for (String name : ALWAYS) {
        if (have.contains(name)) {
          takeovers.add(Takeover.ofLedger(connection, TableSql.of(name)));
        }
      }
    }
    for (TableSql table : withCompanions(target)) {
      if (have.contains(table.name())) {
        Takeover takeover = Takeover.ofTarget(connection, table);
        takeover.requirePossible();
        takeovers.add(takeover);
      }
    }
    return takeovers;
  }

  /** The companions first, because views of the table may read them. */
  private static List<TableSql> withCompanions(TableSql target) {
    List<TableSql> tables = new ArrayList<>();
    target.companions().forEach(name -> tables.add(TableSql.of(name)));
    tables.add(target);
    return tables;
  }

  private static void takeOver(
      Database database, TargetSpec target, List<String> changes, Consumer<String> say) {
    try {
      SafetyCopy.requireRoom(database.path());
      changes.forEach(change -> say.accept("The database is taken over. " + change));
      List<Path> kept = new ArrayList<>();
      database.whileClosed(
          (file, options) ->
              kept.add(
                  SafetyCopy.change(
                      file,
                      LocalDate.now(ZoneOffset.UTC),
                      copy -> prepareAlone(copy, options, target))));
      say.accept("A copy of the database as it was is kept in " + kept.get(0));
    } catch (IOException e) {
      throw new DatabaseException(
          "The database "
              + database.path()
              + " must be changed, and that failed on the disk: "
              + e.getMessage()
              + ". It is as it was",
          e);
    }
  }

  private static void prepareAlone(Path copy, DatabaseOptions options, TargetSpec target) {
    try (Connection connection = Database.connectAlone(copy, options)) {
      prepare(connection, target);
      Sql.execute(connection, "CHECKPOINT");
    } catch (SQLException e) {
      throw new DatabaseException(
          "Taking over the database failed, and it is as it was: " + e.getMessage(), e);
    }
  }

  /** Says whether anything was changed. */
  private static boolean prepare(Connection connection, TargetSpec target) throws SQLException {
    TableSql table = TableSql.of(target.table());
    // Reads that make temporary tables come before the transaction.
    List<Takeover> takeovers = takeovers(connection, table);
    Sql.execute(connection, "BEGIN TRANSACTION");
    boolean committed = false;
    boolean changed = false;
    try {
      for (Takeover takeover : takeovers) {
        changed |= !takeover.sentences().isEmpty();
        takeover.apply(connection);
      }
      boolean again = changed;
      changed |= makeLedger(connection);
      for (TableSql one : withCompanions(table)) {
        boolean isNew = !tables(connection).contains(one.name());
        if (isNew) {
          boolean hasKey = target.primaryKey() && one == table;
          makeSchema(connection, one.name());
          Sql.execute(connection, hasKey ? one.createWithPrimaryKey() : one.create());
          changed = true;
        }
        changed |= makeViews(connection, one, again || isNew);
      }
      Sql.execute(connection, "COMMIT");
      committed = true;
    } finally {
      if (!committed) {
        Sql.execute(connection, "ROLLBACK");
      }
    }
    return changed;
  }

  private static Set<String> tables(Connection connection) throws SQLException {
    return new LinkedHashSet<>(
        Sql.query(
            connection,
            "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
                + " WHERE database_name = current_database()",
            row -> row.getString(1)));
  }

  private static boolean makeLedger(Connection connection) throws SQLException {
    Set<String> have = tables(connection);
    boolean changed = false;
    for (String name : ALWAYS) {
      if (!have.contains(name)) {
        makeSchema(connection, name);
        Sql.execute(connection, TableSql.of(name).create());
        changed = true;
      }
    }
    if (SchemaVersion.of(connection) != SchemaVersion.CURRENT) {
      fillSymbols(connection);
      SchemaVersion.write(connection);
      changed = true;
    }
    return changed;
  }

  /** The catalogue's products; of one that is listed already, what its row leaves open. */
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
    String columns = "symbol, name, category, dataset, status, note";
    Sql.execute(
        connection, "CREATE OR REPLACE TEMP TABLE catalogue AS FROM " + SYMBOLS + " LIMIT 0");
    Sql.insert(connection, "INSERT", "temp.main.catalogue", columns, rows);
    Sql.execute(
        connection,
        "UPDATE "
            + SYMBOLS
            + " s SET category = coalesce(s.category, c.category), dataset ="
            + " coalesce(s.dataset, c.dataset), status = coalesce(s.status, c.status), note ="
            + " coalesce(s.note, c.note) FROM temp.main.catalogue c WHERE s.symbol = c.symbol");
    Sql.execute(
        connection,
        "INSERT INTO "
            + SYMBOLS
            + " ("
            + columns
            + ") SELECT "
            + columns
            + " FROM temp.main.catalogue c WHERE NOT EXISTS (SELECT 1 FROM "
            + SYMBOLS
            + " s WHERE s.symbol = c.symbol)");
    Sql.execute(connection, "DROP TABLE temp.main.catalogue");
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
}
