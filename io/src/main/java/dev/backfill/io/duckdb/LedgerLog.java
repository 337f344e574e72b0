package dev.backfill.io.duckdb;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes those parts of the ledger that are not said with rows: runs, the origin, the days'
 * condition, the journal. Each call is one transaction. The tables must be {@linkplain
 * Tables#prepare prepared}. Thread-safe.
 */
public final class LedgerLog {
  /** Until it ended, a run's row said what was planned. */
  private static final String WHAT_CAME_OF_IT =
      String.join(
          ", ",
          chunks("chunks_done", "loaded"),
          chunks("chunks_failed", "failed"),
          chunks("chunks_skipped", "skipped"),
          "rows_written = (SELECT CAST(coalesce(sum(c.rows_written), 0) AS BIGINT)"
              + " FROM ops.backfill_chunks c WHERE c.last_run_id = r.run_id)",
          "bytes_billable = (SELECT CAST(coalesce(sum(q.billable_bytes), 0) AS BIGINT)"
              + " FROM ops.requests q WHERE q.run_id = r.run_id)",
          "cost_estimate_usd = (SELECT CAST(coalesce(sum(q.cost_estimate_usd), 0) AS"
              + " DECIMAL(12,6)) FROM ops.requests q WHERE q.run_id = r.run_id)");

  /** A job on a cluster goes on asking after its launcher was killed and its row was written. */
  private static final String WHAT_WAS_ASKED_SINCE =
      "UPDATE ops.backfill_runs AS r SET bytes_billable = q.bytes, cost_estimate_usd = q.usd FROM"
          + " (SELECT run_id, CAST(coalesce(sum(billable_bytes), 0) AS BIGINT) AS bytes,"
          + " CAST(coalesce(sum(cost_estimate_usd), 0) AS DECIMAL(12,6)) AS usd"
          + " FROM ops.requests GROUP BY run_id) AS q"
          + " WHERE q.run_id = r.run_id AND r.status <> 'running'"
          + " AND (r.bytes_billable IS DISTINCT FROM q.bytes"
          + " OR r.cost_estimate_usd IS DISTINCT FROM q.usd)";

  private final Database database;

  private static String chunks(String column, String state) {
    return column
        + " = (SELECT CAST(count(*) AS INTEGER) FROM ops.backfill_chunks c WHERE"
        + " c.last_run_id = r.run_id AND c.state = '"
        + state
        + "')";
  }

  /** The ledger in a database that is open for writing. */
  public LedgerLog(Database database) {
    this.database = database;
  }

  static String originSetting(String source) {
    return "api_origin." + source;
  }

  /**
   * Binds the database to the API origin that fills it with a source's rows.
   *
   * @throws OriginConflictException if it is bound to another
   */
  public void claimOrigin(String source, String origin) {
    write(
        connection -> {
          String known =
              Sql.query(
                      connection,
                      "SELECT value FROM ops.settings WHERE name = ?",
                      row -> row.getString(1),
                      originSetting(source))
                  .stream()
                  .findFirst()
                  .orElse(null);
          if (known != null && !known.equals(origin)) {
            throw new OriginConflictException(database.path().toString(), source, known, origin);
          }
          if (known == null) {
            set(connection, originSetting(source), origin);
          }
        });
  }

  /** Remembers a setting in ops.settings; null forgets it. */
  public void setting(String name, @Nullable String value) {
    write(
        connection -> {
          if (value == null) {
            Sql.update(connection, "DELETE FROM ops.settings WHERE name = ?", name);
          } else {
            set(connection, name, value);
          }
        });
  }

  private static void set(DuckDBConnection connection, String name, String value)
      throws SQLException {
    Sql.update(
        connection,
        "INSERT OR REPLACE INTO ops.settings (name, value, set_at) VALUES (?, ?, ?)",
        name,
        value,
        Sql.timestamp(Ledger.now()));
  }

  /**
   * Writes a run's row; again to finish it. A run that begins marks those that were left running as
   * interrupted, see {@link #interruptRunning}. A run that ends takes together what is old in
   * ops.coverage, see {@link CoverageIslands#merge}.
   *
   * @return the runs that were interrupted
   */
  public List<String> record(RunRow run) {
    List<String> interrupted = new ArrayList<>();
    write(
        connection -> {
          if (run.status().equals(RunRow.RUNNING)) {
            interrupted.addAll(interrupt(connection, run.runId()));
          } else {
            Instant now = Ledger.now();
            CoverageIslands.merge(connection, now.minus(CoverageIslands.OLD), now);
          }
          write(connection, run);
        });
    return interrupted;
  }

  /** Writes a run's row within the caller's transaction. */
  static void write(DuckDBConnection connection, RunRow run) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(run.values());
    Sql.insert(connection, "INSERT OR REPLACE", "ops.backfill_runs", RunRow.COLUMNS, rows);
  }

  /**
   * Marks the runs that were left running as interrupted: this process has the database alone, so
   * they have ended. Not to be called while a run of this process is under way.
   *
   * @return those runs
   */
  public List<String> interruptRunning() {
    List<String> interrupted = new ArrayList<>();
    write(connection -> interrupted.addAll(interrupt(connection, "")));
    return interrupted;
  }

  private static List<String> interrupt(DuckDBConnection connection, String but)
      throws SQLException {
    List<String> interrupted =
        Sql.query(
            connection,
            "UPDATE ops.backfill_runs r SET status = 'interrupted', "
                + WHAT_CAME_OF_IT
                + " WHERE status = 'running' AND run_id <> ? RETURNING run_id",
            row -> row.getString(1),
            but);
    Completions.writeInterrupted(connection, interrupted, Ledger.now());
    return interrupted;
  }

  /**
   * Writes the row of a run that has ended, and what ops.ingestion_completion and ops.alert_history
   * say of it, as one: a run that failed or brought a part of what was wanted has its job's alert
   * raised, if it is not open already and the row is not forgiven; one after which the job is well
   * has it resolved.
   *
   * @param isWell whether nothing of the job is left that failed
   */
  public void end(RunRow run, IngestionRow completion, boolean isWell) {
    write(
        connection -> {
          Instant now = Ledger.now();
          CoverageIslands.merge(connection, now.minus(CoverageIslands.OLD), now);
          write(connection, run);
          Completions.write(connection, completion, isWell);
        });
  }

  /**
   * The same of a run that found nothing to do, or could not begin. There may be one each hour, so
   * it writes its two rows, and the job's alert where that is news, and looks at nothing else.
   *
   * @param isWell whether nothing of the job is left that failed
   */
  public void endIdle(RunRow run, IngestionRow completion, boolean isWell) {
    write(
        connection -> {
          write(connection, run);
          Completions.write(connection, completion, isWell);
        });
  }

  /**
   * The same of what has no row in ops.backfill_runs: an import.
   *
   * @param isWell whether nothing of the job is left that failed
   */
  public void complete(IngestionRow row, boolean isWell) {
    write(connection -> Completions.write(connection, row, isWell));
  }

  /**
   * Brings journal entries into ops.requests; each once, its newest word wins. A request that a
   * killed run was waiting for, of which only the plan's estimate is known, is billed as the whole
   * answer to the same chunk is, once that has come. The rows of runs that have ended are summed up
   * again.
   */
  public void requests(Collection<RequestRow> requests) {
    write(
        connection -> {
          Sql.insert(
              connection,
              "INSERT OR REPLACE",
              "ops.requests",
              RequestRow.COLUMNS,
              requests.stream().map(RequestRow::values).toList());
          for (String runId : requests.stream().map(RequestRow::runId).distinct().toList()) {
            UnseenAnswers.bill(connection, runId);
          }
          Sql.update(connection, WHAT_WAS_ASKED_SINCE);
        });
  }

  /**
   * Remembers what the service says of its days, instead of what was known of them; a day that is
   * not given is forgotten.
   *
   * @param first UTC date, inclusive
   * @param last UTC date, inclusive
   */
  public void conditions(
      String dataset,
      LocalDate first,
      LocalDate last,
      Collection<DayCondition> days,
      Instant seenAt) {
    write(
        connection -> {
          Sql.update(
              connection,
              "DELETE FROM ops.dataset_condition WHERE dataset = ? AND date BETWEEN ? AND ?",
              dataset,
              first,
              last);
          Sql.execute(
              connection,
              "CREATE OR REPLACE TEMP TABLE conditions AS FROM ops.dataset_condition LIMIT 0");
          try (DuckDBAppender appender = connection.createAppender("temp", "main", "conditions")) {
            for (DayCondition day : days) {
              append(appender, day, seenAt);
            }
            appender.flush();
          }
          Sql.execute(connection, "INSERT INTO ops.dataset_condition FROM temp.main.conditions");
        });
  }

  private static void append(DuckDBAppender appender, DayCondition day, Instant seenAt)
      throws SQLException {
    appender.beginRow();
    appender.append(day.dataset());
    appender.append(day.date());
    appender.append(day.condition());
    LocalDate modified = day.lastModified();
    if (modified == null) {
      appender.appendNull();
    } else {
      appender.append(modified);
    }
    appender.append(LocalDateTime.ofInstant(seenAt, ZoneOffset.UTC));
    appender.endRow();
  }

  private interface Writing {
    void to(DuckDBConnection connection) throws SQLException;
  }

  private void write(Writing writing) {
    Sql.writing(
        database,
        connection -> {
          writing.to(connection);
          return true;
        });
  }
}
