package dev.backfill.io.duckdb;

import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.schemas.TableSql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What must be changed in a table that is already there, for it to hold what its SQL file declares:
 * its rows, its keys and its own columns stay. Digits that were rounded away do not come back, so
 * its rows stay uncovered and the next run replaces them.
 */
final class Takeover {
  private final TableSql table;
  private final List<String> sentences = new ArrayList<>();
  private final List<String> statements = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> remedies = new ArrayList<>();

  private Takeover(TableSql table) {
    this.table = table;
  }

  /** Compares the target table, as it is, with its SQL file; changes nothing. */
  static Takeover ofTarget(Connection connection, TableSql table) throws SQLException {
    Takeover takeover = new Takeover(table);
    List<TableColumn> have = TableColumn.of(connection, "", table.name());
    List<TableColumn> wanted = declared(connection, table);
    List<String> widened = takeover.compareTypes(connection, have, wanted);
    for (TableColumn mine : have) {
      if (mine.required() && find(wanted, mine.name()) == null) {
        takeover.problems.add(mine.name() + " is NOT NULL without a default and is not filled");
        takeover.remedies.add(takeover.alter(mine) + " DROP NOT NULL;");
      }
    }
    if (!widened.isEmpty() || !takeover.problems.isEmpty()) {
      takeover.dropIndexes(connection);
    }
    takeover.statements.addAll(widened);
    takeover.addMissing(have, wanted);
    return takeover;
  }

  /** The same for a table of the ledger: only columns that it lacks are added. */
  static Takeover ofLedger(Connection connection, TableSql table) throws SQLException {
    Takeover takeover = new Takeover(table);
    takeover.addMissing(TableColumn.of(connection, "", table.name()), declared(connection, table));
    return takeover;
  }

  /** What will be changed, a sentence each; empty where nothing must. */
  List<String> sentences() {
    return sentences;
  }

  /** The statements that make the changes. */
  List<String> statements() {
    return statements;
  }

  /** Makes the changes, within the caller's transaction. */
  void apply(Connection connection) throws SQLException {
    for (String statement : statements) {
      Sql.execute(connection, statement);
      FailPoint.TAKEOVER_MID_CHANGE.pass();
    }
  }

  /**
   * Refuses a table whose values would not survive.
   *
   * @throws DatabaseException with the statements that change it
   */
  void requirePossible() {
    if (problems.isEmpty()) {
      return;
    }
    List<String> all = new ArrayList<>(statements.stream().map(s -> s + ";").toList());
    all.removeIf(s -> !s.startsWith("DROP INDEX"));
    all.addAll(remedies);
    throw new DatabaseException(
        "The existing table "
            + table.name()
            + " cannot take these rows unchanged: "
            + String.join("; ", problems)
            + ". Nothing was changed. To let it, run: "
            + String.join(" ", all)
            + " (digits that were rounded away do not come back: load those ranges again), or give"
            + " the job another table");
  }

  private List<String> compareTypes(
      Connection connection, List<TableColumn> have, List<TableColumn> wanted) throws SQLException {
    List<String> changes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (TableColumn want : wanted) {
      TableColumn there = find(have, want.name());
      if (there == null || there.holds(want.type())) {
        continue;
      }
      String change = alter(there) + " TYPE " + want.type();
      if (there.widensTo(want.type()) && fits(connection, there, want.type())) {
        changes.add(change);
        names.add(there.name() + " " + there.type());
      } else {
        problems.add(there.name() + " is " + there.type() + " and must hold " + want.type());
        remedies.add(change + ";");
      }
    }
    if (!names.isEmpty()) {
      sentences.add(
          table.name()
              + ": "
              + String.join(", ", names)
              + " become wide enough for exact values; what was rounded is not covered, so that a"
              + " run replaces it");
    }
    return changes;
  }

  private boolean fits(Connection connection, TableColumn column, String wanted)
      throws SQLException {
    return Sql.queryLong(
            connection,
            "SELECT count(*) FROM "
                + Sql.table(table.name())
                + " WHERE "
                + TableColumn.tooLargeFor(Sql.name(column.name()), wanted))
        == 0;
  }

  private String alter(TableColumn column) {
    return "ALTER TABLE " + table.name() + " ALTER COLUMN " + Sql.name(column.name());
  }

  /** DuckDB changes no column of a table that has indexes. */
  private void dropIndexes(Connection connection) throws SQLException {
    String[] name = table.name().split("\\.", 2);
    List<String> names = new ArrayList<>();
    Sql.query(
        connection,
        "SELECT schema_name, index_name FROM duckdb_indexes()"
            + " WHERE database_name = current_database() AND schema_name = ?"
            + " AND table_name = ? ORDER BY index_name",
        row -> {
          names.add(row.getString(2));
          return statements.add(
              "DROP INDEX " + Sql.name(row.getString(1)) + "." + Sql.name(row.getString(2)));
        },
        name[0],
        name[1]);
    if (!names.isEmpty()) {
      sentences.add(
          table.name()
              + ": its secondary indexes "
              + String.join(", ", names)
              + " are dropped; sorted rows need none, and a column that is indexed cannot change");
    }
  }

  private void addMissing(List<TableColumn> have, List<TableColumn> wanted) {
    List<String> added = new ArrayList<>();
    for (TableColumn column : wanted) {
      if (find(have, column.name()) == null) {
        added.add(column.name());
        statements.add(
            "ALTER TABLE "
                + Sql.table(table.name())
                + " ADD COLUMN IF NOT EXISTS "
                + Sql.name(column.name())
                + " "
                + column.type());
      }
    }
    if (!added.isEmpty()) {
      sentences.add(table.name() + ": it gets the columns " + String.join(", ", added));
    }
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
}
