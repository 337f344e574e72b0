package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.duckdb.DuckDBConnection;

/**
 * What is wrong now, and what was: ops.alert_history. A fault has one open row from when it began
 * until it is well again, however often it is noticed in between. Each call is one transaction;
 * what has to be one with other writes takes the caller's connection. The tables must be
 * {@linkplain Tables#prepare prepared}. Thread-safe.
 */
public final class Alerts {
  /** The type of alert of a run that did not bring all that was wanted. */
  public static final String INGESTION_FAILURE = "ingestion_failure";

  /** The type of alert of a table that is stale or holds what it should not. */
  public static final String DATA_QUALITY = "data_quality";

  static final String TABLE = "ops.alert_history";
  private static final String OPEN = "open";
  private static final String IS_OPEN =
      " WHERE status = '" + OPEN + "' AND alert_type = ? AND source = ? AND title = ?";

  private final Database database;

  /** The alerts of an open database. */
  public Alerts(Database database) {
    this.database = database;
  }

  /**
   * What tells one fault from others. It must say the same each time the same fault is noticed, so
   * numbers and times belong into the message.
   *
   * @param type {@link #INGESTION_FAILURE} or {@link #DATA_QUALITY}
   * @param source what is at fault: a job or a table
   * @param title what is wrong with it
   */
  public record Key(String type, String source, String title) {
    /** A job that did not bring all that was wanted. */
    public static Key ofJob(String job) {
      return new Key(INGESTION_FAILURE, job, job + " was not brought up to date");
    }
  }

  /** How bad it is, in the words of the column. */
  public enum Severity {
    /** Good to know. */
    INFO,
    /** To be looked at. */
    WARNING,
    /** To be mended. */
    ERROR,
    /** To be mended now. */
    CRITICAL;

    /** As the column has it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An alert that is open.
   *
   * @param key the fault
   * @param severity info, warning, error or critical
   * @param message as it was noticed last
   * @param raisedAt when it was noticed first
   */
  public record Open(Key key, String severity, String message, Instant raisedAt) {}

  /**
   * Says that something is wrong. If that is known already, its row stays the only one: it gets
   * this message and severity and keeps the time at which it was raised.
   *
   * @return whether that is new
   */
  public boolean raise(Key key, Severity severity, String message, Instant at) {
    return Sql.writing(database, connection -> raise(connection, key, severity, message, at));
  }

  /**
   * Says that it is well again. Nothing is written where no alert of this key is open.
   *
   * @param by the run, or what else has found it well
   * @return whether an alert was open
   */
  public boolean resolve(Key key, String by, Instant at) {
    return Sql.writing(database, connection -> resolve(connection, key, by, at));
  }

  /** The alerts of a type that are open, the oldest first; none in a database without a ledger. */
  public List<Open> open(String type) {
    try (DuckDBConnection connection = database.connect()) {
      return Sql.exists(connection, TABLE) ? open(connection, type) : List.of();
    } catch (SQLException e) {
      throw new DatabaseException(
          "Cannot read the alerts of " + database.path() + ": " + e.getMessage(), e);
    }
  }

  /** The same within the caller's transaction. */
  static boolean raise(
      DuckDBConnection connection, Key key, Severity severity, String message, Instant at)
      throws SQLException {
    long known =
        Sql.update(
            connection,
            "UPDATE " + TABLE + " SET severity = ?, message = ?" + IS_OPEN,
            severity.text(),
            message,
            key.type(),
            key.source(),
            key.title());
    if (known == 0) {
      Sql.update(
          connection,
          "INSERT INTO "
              + TABLE
              + " (alert_id, alert_type, severity, source, title, message, status, raised_at)"
              + " VALUES (CAST(uuid() AS VARCHAR), ?, ?, ?, ?, ?, '"
              + OPEN
              + "', ?)",
          key.type(),
          severity.text(),
          key.source(),
          key.title(),
          message,
          Sql.timestamp(at));
    }
    return known == 0;
  }

  /** The same within the caller's transaction. */
  static boolean resolve(DuckDBConnection connection, Key key, String by, Instant at)
      throws SQLException {
    return Sql.update(
            connection,
            "UPDATE "
                + TABLE
                + " SET status = 'resolved', resolved_at = ?, resolved_by = ?"
                + IS_OPEN,
            Sql.timestamp(at),
            by,
            key.type(),
            key.source(),
            key.title())
        > 0;
  }

  private static List<Open> open(DuckDBConnection connection, String type) throws SQLException {
    return Sql.query(
        connection,
        "SELECT alert_type, source, title, severity, message, raised_at FROM "
            + TABLE
            + " WHERE status = '"
            + OPEN
            + "' AND alert_type = ? ORDER BY raised_at, source, title",
        row ->
            new Open(
                new Key(
                    row.getString("alert_type"), row.getString("source"), row.getString("title")),
                row.getString("severity"),
                row.getString("message"),
                Sql.instant(row, "raised_at")),
        type);
  }
}
