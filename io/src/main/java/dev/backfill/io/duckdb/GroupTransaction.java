package dev.backfill.io.duckdb;

import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.OutcomeState;
import dev.backfill.schemas.TableSql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One group in one transaction: delete the stretches, insert the rows, count them, write coverage,
 * outcomes and rejects, commit, and read back that it was committed. Used once, by one thread that
 * holds the database's write lock.
 */
final class GroupTransaction {
  private static final String PIECES = Enrichment.PIECES;
  private static final String LEFT = "batch_left";
  private static final String COMPARED = "batch_compared";

  /** Called at each boundary; a test dies there. */
  interface Boundary {
    void reached(String step);
  }

  private final Database database;
  private final DuckDBConnection connection;
  private final TargetSpec target;
  private final TargetTable table;
  private final List<OpenSource> sources;
  private final List<Claim> claims;
  private final List<Claim> replacing;
  private final List<Piece> pieces;
  private final Instant now;
  private final Boundary boundary;
  private final boolean compares;
  private final TakenRows taken;
  private long[] before = new long[0];
  private long[] after = new long[0];

  GroupTransaction(
      Database database,
      DuckDBConnection connection,
      TargetSpec target,
      List<OpenSource> sources,
      Instant now,
      boolean compares,
      Boundary boundary)
      throws SQLException {
    this.database = database;
    this.connection = connection;
    this.target = target;
    this.table = TargetTable.of(connection, TableSql.of(target.table()), target.publishers());
    this.sources = sources;
    this.claims = sources.stream().flatMap(source -> source.claims().stream()).toList();
    this.replacing = claims.stream().filter(claim -> claim.source().replaces()).toList();
    this.pieces = replacing.stream().map(Claim::piece).toList();
    this.now = now;
    this.compares = compares;
    this.taken = new TakenRows(connection, table, pieces);
    this.boundary = boundary;
  }

  /**
   * Writes the group.
   *
   * @param failed rows for ops.backfill_chunks of chunks that this group could not load
   */
  List<ChunkOutcome> run(long dataEndNs, List<RequestRow> requests, List<@Nullable Object[]> failed)
      throws SQLException, SourceException {
    table.stage(connection, PIECES, pieces);
    boolean hasSegments = Segments.stage(connection, sources, table.sql().segmentRecord());
    List<ChunkOutcome> outcomes = new ArrayList<>();
    Sql.execute(connection, "BEGIN TRANSACTION");
    boolean committed = false;
    try {
      database.fence(connection);
      List<CoverageRow> existing = SeriesCheck.existing(connection, target, claims);
      replace(existing, hasSegments);
      UnsettledDays unsettled = UnsettledDays.read(connection);
      writeCoverage(CoverageChange.of(target, claims, existing, unsettled, now, dataEndNs));
      boundary.reached("coverage");
      writeOutcomes(outcomes, failed);
      Sql.insert(
          connection,
          "INSERT OR REPLACE",
          "ops.requests",
          RequestRow.COLUMNS,
          requests.stream().map(RequestRow::values).toList());
      boundary.reached("commit");
      Sql.execute(connection, "COMMIT");
      committed = true;
      boundary.reached("committed");
    } finally {
      if (!committed) {
        rollback();
      }
    }
    readBack();
    return outcomes;
  }

  private void replace(List<CoverageRow> existing, boolean hasSegments)
      throws SQLException, SourceException {
    before = table.count(connection, PIECES, pieces);
    List<Piece> compared = compares ? ReplacedRows.known(pieces, existing) : List.of();
    if (!compared.isEmpty()) {
      table.stage(connection, COMPARED, compared);
      RowComparison.keep(connection, table, COMPARED, compared);
    }
    long aside = 0;
    if (sum(before) > 0) {
      aside = ReplacedRows.setAside(connection, table, pieces, existing);
      long deleted = table.delete(connection, PIECES, pieces);
      require(deleted == sum(before), "deleted " + deleted + " rows of " + sum(before));
    }
    boundary.reached("delete");
    taken.look();
    long inserted =
        RowInsert.run(
            database, connection, table.sql(), sources, hasSegments, now, taken.beforeInsert());
    boundary.reached("insert");
    Enrichment.run(connection, table.sql(), hasSegments, now);
    after = table.count(connection, PIECES, pieces);
    checkCounts(inserted);
    boundary.reached("count");
    if (!compared.isEmpty()) {
      long differing = RowComparison.differing(connection, table, COMPARED, compared, taken);
      RunNote.addDiffering(connection, target.runId(), differing);
    }
    if (aside > 0) {
      ReplacedRows.keep(connection, table, target.runId(), now);
    }
    taken.keep(target.runId(), now);
  }

  /** Every row that a source gave is in the table, within that source's stretches. */
  private void checkCounts(long inserted) {
    long given = 0;
    for (OpenSource source : sources) {
      given += source.rows();
      long found = rowsOf(source, after);
      require(
          found == source.rows(),
          "chunk "
              + source.landed().getChunk().getChunkId()
              + " gave "
              + source.rows()
              + " rows and "
              + found
              + " are in the table within its stretches");
    }
    require(inserted == given, "the sources gave " + given + " rows, inserted " + inserted);
  }

  private long rowsOf(OpenSource source, long[] counts) {
    long rows = 0;
    for (int i = 0; i < counts.length; i++) {
      if (replacing.get(i).source() == source) {
        rows += counts[i];
      }
    }
    return rows;
  }

  private void require(boolean holds, String problem) {
    if (!holds) {
      throw new DatabaseException(
          "Rows went astray on their way into "
              + target.table()
              + " of "
              + target.database()
              + ": "
              + problem
              + ". Nothing was changed");
    }
  }

  private void writeCoverage(CoverageChange change) throws SQLException {
    List<CoverageRow> rows = change.written();
    List<Piece> counted =
        rows.stream()
            .map(row -> new Piece(row.rowName(), row.tableSymbol() == null, row.interval()))
            .toList();
    long[] counts = count(counted);
    List<CoverageRow> settled = new ArrayList<>();
    SourceModified modified = new SourceModified(connection);
    for (int i = 0; i < rows.size(); i++) {
      CoverageRow row = change.settled(i, counts[i]);
      Long asked = change.askedAtNs(i);
      LocalDate told = change.sourceModified(i);
      settled.add(
          asked == null
              ? row
              : row.modified(
                  told != null
                      ? told
                      : modified.of(row.series().dataset(), row.interval(), asked)));
    }
    CoverageTable.delete(connection, target.table(), change.removed());
    CoverageTable.write(connection, target.table(), settled);
    taken.countCoverage();
  }

  /** The counts of pieces: those known already, the others by SQL. */
  private long[] count(List<Piece> wanted) throws SQLException {
    long[] counts = new long[wanted.size()];
    List<Piece> unknown = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Map<Piece, Integer> known = new HashMap<>();
    for (int i = 0; i < pieces.size(); i++) {
      known.put(pieces.get(i), i);
    }
    for (int i = 0; i < wanted.size(); i++) {
      Integer at = known.get(wanted.get(i));
      if (at != null) {
        counts[i] = after[at];
      } else {
        unknown.add(wanted.get(i));
        places.add(i);
      }
    }
    if (!unknown.isEmpty()) {
      table.stage(connection, LEFT, unknown);
      long[] more = table.count(connection, LEFT, unknown);
      for (int i = 0; i < more.length; i++) {
        counts[places.get(i)] = more[i];
      }
    }
    return counts;
  }

  private void writeOutcomes(List<ChunkOutcome> outcomes, List<@Nullable Object[]> failed)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>(failed);
    for (OpenSource source : sources) {
      String chunkId = source.landed().getChunk().getChunkId();
      ChunkLog.reject(connection, target, chunkId, source.rejects(), now);
      OutcomeState state = outcomeState(source);
      String error = source.landed().getError();
      rows.add(
          ChunkLog.row(
              source.landed(),
              state.name().toLowerCase(Locale.ROOT),
              error.isEmpty() ? null : error,
              rowsOf(source, after),
              notFound(source),
              target,
              now));
      outcomes.add(
          new ChunkOutcome(
              chunkId,
              state,
              rowsOf(source, after),
              source.rejects().count(),
              rowsOf(source, before),
              error));
    }
    ChunkLog.write(connection, rows);
  }

  private static OutcomeState outcomeState(OpenSource source) {
    return switch (source.state()) {
      case LANDED -> source.claims().isEmpty() ? OutcomeState.SKIPPED : OutcomeState.LOADED;
      case UNRESOLVED -> OutcomeState.LOADED;
      case NOT_ENTITLED -> OutcomeState.SKIPPED;
      case FAILED -> OutcomeState.FAILED;
      case SPLIT -> OutcomeState.SPLIT;
    };
  }

  private static List<String> notFound(OpenSource source) {
    Set<String> missing = new TreeSet<>();
    Set<String> found = new LinkedHashSet<>();
    source.claims().forEach(c -> (c.resolved() ? found : missing).add(c.series().symbol()));
    missing.removeAll(found);
    return List.copyOf(missing);
  }

  private void rollback() {
    try {
      Sql.execute(connection, "ROLLBACK");
      RowInsert.reset(connection);
    } catch (SQLException e) {
      // The connection is thrown away after a failure, and the transaction with it.
      GroupWriter.LOG.debug("Rolling back said: {}", e.getMessage());
    }
  }

  /** A COMMIT of a transaction that had failed returns normally and commits nothing. */
  private void readBack() throws SQLException {
    List<String> ids =
        Sql.query(
            connection,
            "SELECT chunk_id FROM ops.backfill_chunks WHERE last_run_id = ? AND updated_at = ?",
            row -> row.getString(1),
            target.runId(),
            Sql.timestamp(now));
    for (OpenSource source : sources) {
      if (!ids.contains(source.landed().getChunk().getChunkId())) {
        throw new DatabaseException(
            "The commit of a group into "
                + target.database()
                + " said yes, but chunk "
                + source.landed().getChunk().getChunkId()
                + " is not there. Nothing of the group was kept; run this again");
      }
    }
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
