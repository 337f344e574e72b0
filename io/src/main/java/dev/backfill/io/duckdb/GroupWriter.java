package dev.backfill.io.duckdb;

import dev.backfill.io.failpoint.FailPoint;
import dev.backfill.schemas.ChunkOutcome;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batching writer: one group of landed chunks, some million rows, in one transaction. The
 * group's stretches of the table are replaced, never merged, so writing a group twice is writing it
 * once; rows, coverage, outcomes, rejects and the journal's entries are committed together or not
 * at all. It knows Avro schemas and SQL files, nothing of what a row means.
 *
 * <p>Thread-safe: groups of one database are written one after the other, whoever writes.
 */
public final class GroupWriter {
  /**
   * Says that it is not known how far the service's data goes: then it is taken to have gone to the
   * time at which each answer was asked for.
   */
  public static final long DATA_END_UNKNOWN = Long.MAX_VALUE;

  static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);

  private final Database database;
  private final TargetSpec target;
  private final Clock clock;
  private final GroupTransaction.Boundary boundary;
  private boolean compares;

  /**
   * @param database open for writing, its tables {@linkplain Tables#prepare prepared}
   * @param target the table and the run
   */
  public GroupWriter(Database database, TargetSpec target) {
    this(database, target, Clock.systemUTC(), GroupWriter::failPoint);
  }

  GroupWriter(
      Database database, TargetSpec target, Clock clock, GroupTransaction.Boundary boundary) {
    this.database = database;
    this.target = target;
    this.clock = clock;
    this.boundary = boundary;
  }

  /**
   * Also counts the rows that differ from what was there, into the note of the run's row in
   * ops.backfill_runs, in the same transaction: see {@link Ledger#rowsDiffering}. Costs a copy of
   * the rows that are replaced.
   *
   * @return this
   */
  public GroupWriter comparing(boolean whether) {
    compares = whether;
    return this;
  }

  /**
   * Writes one group. The sources are opened here, perhaps more than once, and closed when it
   * returns. A source whose file is broken ({@link IOException}) becomes a failed outcome, and the
   * others are written without it. Sources that speak of the same stretch are written one after the
   * other, the newest answer last.
   *
   * @param dataEndNs the newest instant for which the service has data, UTC ns, or {@link
   *     #DATA_END_UNKNOWN}; no later than when an answer was asked for. What is empty or unresolved
   *     within a week of it is to be looked at again, and so is what lies, within a month of it, on
   *     or after the first day that ops.dataset_condition calls pending or degraded
   * @param requests journal entries that are to enter ops.requests; writing one again is harmless
   * @return an outcome for each source
   * @throws SeriesConflictException if the table holds another series under the same name
   * @throws DatabaseException if the database failed; nothing of the group was changed
   */
  public List<ChunkOutcome> write(
      List<? extends RowSource> sources, long dataEndNs, List<RequestRow> requests) {
    List<RowSource> inOrder = new ArrayList<>(sources);
    inOrder.sort(Comparator.comparingLong(source -> source.landed().getAskedAtNs()));
    database.writing().lock();
    try {
      return writeAll(inOrder, dataEndNs, requests);
    } catch (SQLException e) {
      if (!isOutOfMemory(e) || !database.allowMoreMemory()) {
        throw explain(e);
      }
      LOG.info("A group into {} needs more memory and is written again with it", target.table());
      return writeAgain(inOrder, dataEndNs, requests);
    } finally {
      database.writing().unlock();
      close(inOrder);
    }
  }

  private static void failPoint(String step) {
    switch (step) {
      case "insert" -> FailPoint.AFTER_APPEND.pass();
      case "count" -> FailPoint.AFTER_COUNT.pass();
      case "commit" -> FailPoint.BEFORE_COMMIT.pass();
      case "committed" -> FailPoint.AFTER_COMMIT.pass();
      default -> {
        // Nothing that a crash would leave differs from the step before.
      }
    }
  }

  private List<ChunkOutcome> writeAgain(
      List<RowSource> sources, long dataEndNs, List<RequestRow> requests) {
    try {
      return writeAll(sources, dataEndNs, requests);
    } catch (SQLException e) {
      throw explain(e);
    }
  }

  private List<ChunkOutcome> writeAll(
      List<RowSource> sources, long dataEndNs, List<RequestRow> requests) throws SQLException {
    return new GroupRun(
            target,
            this::now,
            (group, unwritten, failed) -> writeOnce(group, dataEndNs, unwritten, failed))
        .run(sources, requests);
  }

  /** Errors of DuckDB carry no state: only the text tells. */
  static boolean isOutOfMemory(SQLException e) {
    return String.valueOf(e.getMessage()).contains("Out of Memory");
  }

  private List<ChunkOutcome> writeOnce(
      List<OpenSource> group,
      long dataEndNs,
      List<RequestRow> requests,
      List<@Nullable Object[]> failed)
      throws SQLException, SourceException {
    // A connection of its own: after a failure its transaction cannot be trusted.
    try (DuckDBConnection connection = database.connect()) {
      GroupTransaction transaction =
          new GroupTransaction(database, connection, target, group, now(), compares, boundary);
      return transaction.run(dataEndNs, requests, failed);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private DatabaseException explain(SQLException e) {
    String text = String.valueOf(e.getMessage());
    String hint =
        text.contains("primary key") || text.contains("PRIMARY KEY")
            ? ". Its primary key allows one row for "
                + "a name and a time: name one publisher in the job (publishers), or use a table"
                + " without the key"
            : "";
    return new DatabaseException(
        "Writing to "
            + target.table()
            + " of "
            + database.path()
            + " failed, and nothing of this group was changed: "
            + text
            + hint,
        e);
  }

  /** Closes sources; a failure of that is only said. */
  static void close(List<RowSource> sources) {
    for (RowSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        LOG.warn("Closing chunk {} failed", source.landed().getChunk().getChunkId(), e);
      }
    }
  }
}
