package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import java.io.Closeable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write a database that is no file here: a row of ops.job_locks, with an end that is
 * put off for as long as the command runs. A process that is killed leaves it: it is taken over at
 * once on the same host, where one sees that the process is gone, and after {@link #TERM}
 * elsewhere.
 *
 * <p>Every transaction that writes puts the end off itself ({@link #fence}), so that one whose
 * right has gone to another process cannot commit: the two have written the same row.
 *
 * <p>Thread-safe.
 */
final class RemoteLock implements Closeable {
  /** How long a silent process keeps its right. Clocks that differ by less do no harm. */
  static final Duration TERM = Duration.ofMinutes(5);

  /** How often the end is put off while nothing is written. */
  static final Duration RENEWAL = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(RemoteLock.class);
  private static final String NAME = "backfill";
  private static final String MINE = " WHERE lock_name = ? AND locked_by = ?";
  private static final Pattern HOLDER = Pattern.compile("(\\d{1,18}) (\\S*) \\S+");

  private final Database database;
  private final Clock clock;
  private final String self;

  private RemoteLock(Database database, Clock clock, String self) {
    this.database = database;
    this.clock = clock;
    this.self = self;
  }

  /** A row as it is. */
  private record Row(Holder holder, String by, Instant until) {
    boolean isOver(Instant now) {
      return !until.isAfter(now) || !holder.isAlive();
    }
  }

  /**
   * Takes it at once or not at all.
   *
   * @param database open for writing; closed with the lock
   * @param what others are told that it is for
   * @throws DatabaseHeldException if another has it
   */
  static RemoteLock take(Database database, String what, Clock clock) {
    Holder me = Holder.self(what);
    String self = me.pid() + " " + me.host() + " " + UUID.randomUUID();
    RemoteLock lock = new RemoteLock(database, clock, self);
    try (DuckDBConnection connection = database.connect()) {
      makeTable(connection);
      lock.write(connection, what);
      return lock;
    } catch (SQLException e) {
      throw explain(database.path(), e);
    }
  }

  private static void makeTable(Connection connection) throws SQLException {
    String table = "ops.job_locks";
    if (!Sql.exists(connection, table)) {
      Sql.execute(connection, "CREATE SCHEMA IF NOT EXISTS ops");
      Sql.execute(connection, dev.backfill.schemas.TableSql.of(table).create());
    }
  }

  private void write(Connection connection, String what) throws SQLException {
    Instant now = now();
    Row there = read(connection);
    if (there != null && !there.isOver(now)) {
      throw held(there.holder(), null);
    }
    try {
      // One statement is one transaction: of two processes one gets the row, by its key.
      long rows =
          there == null
              ? Sql.update(
                  connection,
                  "INSERT INTO ops.job_locks (lock_name, locked_by, locked_at, expires_at, job_type,"
                      + " notes) VALUES (?, ?, ?, ?, 'write', ?)",
                  NAME,
                  self,
                  Sql.timestamp(now),
                  end(now),
                  what)
              : Sql.update(
                  connection,
                  "UPDATE ops.job_locks SET locked_by = ?, locked_at = ?, expires_at = ?,"
                      + " job_type = 'write', notes = ?"
                      + MINE,
                  self,
                  Sql.timestamp(now),
                  end(now),
                  what,
                  NAME,
                  there.by());
      if (rows == 1) {
        return;
      }
    } catch (SQLException e) {
      if (!isLost(e)) {
        throw e;
      }
    }
    Row winner = read(connection);
    throw held(winner == null ? Holder.UNKNOWN : winner.holder(), null);
  }

  private DatabaseHeldException held(Holder holder, @Nullable Throwable cause) {
    return new DatabaseHeldException(database.path(), holder, cause);
  }

  /** Who has the right to write a database now; empty where nobody says so. */
  static Optional<Holder> holder(Database database, Clock clock) {
    try (DuckDBConnection connection = database.connect()) {
      if (!Sql.exists(connection, "ops.job_locks")) {
        return Optional.empty();
      }
      return Optional.ofNullable(read(connection))
          .filter(row -> !row.isOver(clock.instant()))
          .map(Row::holder);
    } catch (SQLException e) {
      throw explain(database.path(), e);
    }
  }

  private static @Nullable Row read(Connection connection) throws SQLException {
    List<Row> rows =
        Sql.query(
            connection,
            "SELECT locked_by, locked_at, expires_at, notes FROM ops.job_locks WHERE lock_name = ?",
            row ->
                new Row(
                    parse(
                        row.getString("locked_by"),
                        Sql.instant(row, "locked_at"),
                        row.getString("notes")),
                    row.getString("locked_by"),
                    Sql.instant(row, "expires_at")),
            NAME);
    return rows.isEmpty() ? null : rows.get(0);
  }

  private static Holder parse(String by, Instant since, @Nullable String what) {
    Matcher parts = HOLDER.matcher(by);
    return parts.matches()
        ? new Holder(
            Long.parseLong(parts.group(1)),
            parts.group(2),
            since.truncatedTo(ChronoUnit.SECONDS),
            what == null ? "" : what)
        : Holder.UNKNOWN;
  }

  /**
   * Puts the end off, within a transaction that writes.
   *
   * @throws DatabaseException if the right has gone to another; nothing may be committed then
   */
  void fence(Connection connection) throws SQLException {
    long rows;
    try {
      rows =
          Sql.update(
              connection, "UPDATE ops.job_locks SET expires_at = ?" + MINE, end(now()), NAME, self);
    } catch (SQLException e) {
      if (isLost(e)) {
        throw gone(e);
      }
      throw e;
    }
    if (rows != 1) {
      throw gone(null);
    }
  }

  private DatabaseException gone(@Nullable SQLException cause) {
    return new DatabaseException(
        "The right to write "
            + database.path()
            + " has gone to another process, because this one was silent for "
            + TERM.toMinutes()
            + " minutes. What was committed is kept; run the same command again",
        cause);
  }

  /** Puts the end off while nothing is written; whoever writes does that anyway. */
  void renew() {
    if (!database.writing().tryLock()) {
      return;
    }
    try (DuckDBConnection connection = database.connect()) {
      fence(connection);
    } catch (SQLException | DatabaseException e) {
      LOG.warn("The lock on {} could not be renewed: {}", database.path(), e.getMessage());
    } finally {
      database.writing().unlock();
    }
  }

  /** Lets go, and closes the database. */
  @Override
  public void close() {
    try (database;
        DuckDBConnection connection = database.connect()) {
      Sql.update(connection, "DELETE FROM ops.job_locks" + MINE, NAME, self);
    } catch (SQLException | DatabaseException e) {
      LOG.warn("The lock on {} could not be removed; it ends by itself", database.path(), e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static java.time.LocalDateTime end(Instant now) {
    return Sql.timestamp(now.plus(TERM));
  }

  /** Two wrote the same row, and this was not the first. */
  private static boolean isLost(SQLException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("conflict") || text.contains("duplicate key");
  }

  private static DatabaseException explain(Path path, SQLException e) {
    return new DatabaseException(
        "The lock on " + path + " could not be read or written: " + e.getMessage(), e);
  }
}
