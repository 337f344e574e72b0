package dev.backfill.io.duckdb;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Series;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Function;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Makes the ledger forget what is loaded, so that it counts as missing. Thread-safe. */
public final class Forgetting {
  private final Database database;

  /** In a database that is open for writing. */
  public Forgetting(Database database) {
    this.database = database;
  }

  /**
   * What was forgotten, or would be.
   *
   * @param taken what of each series was covered
   * @param rowsThere rows of the table in it
   * @param rowsDeleted those that were deleted
   */
  public record Forgotten(Map<Series, Coverage> taken, long rowsThere, long rowsDeleted) {}

  /** What {@link #forget} would do; nothing is changed. */
  public Forgotten look(String table, Map<Series, Coverage> what, boolean deleteRows) {
    return within(table, what, deleteRows, null);
  }

  /**
   * Takes intervals out of the coverage, and with them the table's rows if asked; all of it and the
   * log of it in one transaction. Rows that no coverage explains stay whatever is asked.
   *
   * @param log the run's row, made of what was forgotten
   */
  public Forgotten forget(
      String table,
      Map<Series, Coverage> what,
      boolean deleteRows,
      Function<Forgotten, RunRow> log) {
    return within(table, what, deleteRows, log);
  }

  private Forgotten within(
      String table,
      Map<Series, Coverage> what,
      boolean deleteRows,
      @Nullable Function<Forgotten, RunRow> log) {
    database.writing().lock();
    try {
      return once(table, what, deleteRows, log);
    } catch (SQLException e) {
      if (GroupWriter.isOutOfMemory(e) && database.allowMoreMemory()) {
        return again(table, what, deleteRows, log);
      }
      throw failed(e);
    } finally {
      database.writing().unlock();
    }
  }

  private Forgotten again(
      String table,
      Map<Series, Coverage> what,
      boolean deleteRows,
      @Nullable Function<Forgotten, RunRow> log) {
    try {
      return once(table, what, deleteRows, log);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private DatabaseException failed(SQLException e) {
    return new DatabaseException(
        "Cannot change the coverage of " + database.path() + ": " + e.getMessage(), e);
  }

  private Forgotten once(
      String table,
      Map<Series, Coverage> what,
      boolean deleteRows,
      @Nullable Function<Forgotten, RunRow> log)
      throws SQLException {
    try (DuckDBConnection connection = database.connect()) {
      Sql.execute(connection, "BEGIN TRANSACTION");
      database.fence(connection);
      boolean committed = false;
      try {
        CoverageRemoval.Removed removed =
            CoverageRemoval.remove(connection, table, what, deleteRows);
        Forgotten forgotten =
            new Forgotten(removed.taken(), removed.rowsThere(), removed.rowsDeleted());
        if (log != null) {
          LedgerLog.write(connection, log.apply(forgotten));
          Sql.execute(connection, "COMMIT");
          committed = true;
        }
        return forgotten;
      } finally {
        if (!committed) {
          Sql.execute(connection, "ROLLBACK");
        }
      }
    }
  }
}
