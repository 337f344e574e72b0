package dev.backfill.io.duckdb;

import dev.backfill.schemas.TableSql;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * The INSERT of a group: DuckDB pulls the sources' rows through an Arrow stream and joins each with
 * its segment. Measured as the fastest door: rows stay narrow, strings come by the join, and
 * DuckDB's other threads compress while one pulls.
 */
final class RowInsert {
  private static final String ROWS = "batch_rows";
  private static final String STREAM = "batch_stream";

  /**
   * A stream of this process cannot be read elsewhere, nor twice, so that its rows are gathered in
   * a temporary table here where they go elsewhere by one statement, or somebody must see them.
   */
  private static final String GATHER =
      "CREATE OR REPLACE TEMP TABLE " + ROWS + " AS FROM " + STREAM;

  /**
   * DuckDB cannot know how long the stream is, and might build the join's hash table on it instead
   * of on the few segments.
   */
  private static final List<String> BEFORE =
      List.of(
          "SET disabled_optimizers = 'build_side_probe_side,join_order'",
          "SET preserve_insertion_order = false");

  private static final List<String> AFTER =
      List.of("RESET disabled_optimizers", "RESET preserve_insertion_order");

  private RowInsert() {}

  /** What is done with the rows of a group before they are inserted. */
  interface BeforeInsert {
    /**
     * Called once.
     *
     * @param rows a query of all of them, which can be run more than once
     */
    void see(String rows) throws SQLException;
  }

  /**
   * Inserts all rows of the sources.
   *
   * @param beforeInsert null where nobody needs to see the rows: then none of them is kept in
   *     memory
   * @return how many DuckDB inserted
   * @throws SourceException if a source's file is broken
   */
  static long run(
      Database database,
      DuckDBConnection connection,
      TableSql table,
      List<OpenSource> sources,
      boolean hasSegments,
      Instant now,
      @Nullable BeforeInsert beforeInsert)
      throws SQLException, SourceException {
    try (BufferAllocator allocator = new RootAllocator()) {
      BatchFeed feed = BatchFeed.start(allocator, sources);
      if (feed == null) {
        return 0;
      }
      try (feed) {
        Segments.check(feed.batchSchema(), table.batchRecord());
        if (!hasSegments) {
          throw new IllegalStateException(
              "The sources gave rows for " + table.name() + " and no segment to join them with");
        }
        return pull(database, connection, table, feed, allocator, now, beforeInsert);
      }
    }
  }

  /** A statement of a table's SQL file, run at a time. */
  static String at(Instant now, String statement) {
    return statement.replace(":ingested_at", "TIMESTAMP '" + Sql.timestamp(now) + "'");
  }

  private static long pull(
      Database database,
      DuckDBConnection connection,
      TableSql table,
      BatchFeed feed,
      BufferAllocator allocator,
      Instant now,
      @Nullable BeforeInsert beforeInsert)
      throws SQLException, SourceException {
    String insert = at(now, table.insert());
    boolean gathers = database.isRemote() || beforeInsert != null;
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(allocator)) {
      Data.exportArrayStream(allocator, feed, stream);
      connection.registerArrowStream(gathers ? STREAM : ROWS, stream);
      for (String setting : BEFORE) {
        Sql.execute(connection, setting);
      }
      try {
        if (gathers) {
          Sql.execute(connection, GATHER);
        }
        if (beforeInsert != null) {
          beforeInsert.see(at(now, table.insertedRows()));
        }
        long inserted = Sql.execute(connection, insert);
        reset(connection);
        return inserted;
      } catch (SQLException e) {
        throw rethrow(feed, e);
      } finally {
        stream.release();
      }
    }
  }

  /**
   * Gives the instance its settings back. In a transaction that has failed no statement works, so
   * whoever rolls back calls this too.
   */
  static void reset(DuckDBConnection connection) throws SQLException {
    for (String setting : AFTER) {
      Sql.execute(connection, setting);
    }
  }

  /** What a source threw inside the pull comes out as itself, not as DuckDB's text of it. */
  private static SQLException rethrow(BatchFeed feed, SQLException e) throws SourceException {
    BatchFeed.Failure failure = feed.failure();
    if (failure == null) {
      return e;
    }
    Throwable cause = failure.cause();
    if (cause instanceof IOException io) {
      throw new SourceException(failure.source(), io);
    }
    cause.addSuppressed(e);
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw new IllegalStateException(cause);
  }
}
