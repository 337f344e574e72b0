package dev.backfill.io.duckdb;

import java.util.Collection;
import java.util.OptionalLong;

/**
 * What the ledger says that one run has come to, so far or in the end. Reads anew at each call. Not
 * thread-safe.
 */
public final class RunLedger {
  private final Ledger ledger;
  private final String runId;

  /** Of a run. */
  public RunLedger(Database database, String runId) {
    this.ledger = new Ledger(database);
    this.runId = runId;
  }

  /**
   * How many rows a run has changed, of those that were there before it or are there since; empty
   * for a run that did not compare.
   */
  public OptionalLong rowsDiffering() {
    return ledger.read(
        "ops.backfill_runs",
        OptionalLong.empty(),
        connection ->
            Sql.query(
                    connection,
                    "SELECT note FROM ops.backfill_runs WHERE run_id = ?",
                    row -> RunNote.differing(row.getString(1)),
                    runId)
                .stream()
                .findFirst()
                .orElse(OptionalLong.empty()));
  }

  /** What a run has come to so far. */
  public RunTotals totals() {
    RunTotals chunks =
        ledger.read(
            "ops.backfill_chunks",
            RunTotals.NONE,
            connection ->
                Sql.query(
                        connection,
                        RunTotals.CHUNKS,
                        row ->
                            new RunTotals(
                                row.getLong(1),
                                0,
                                0,
                                0,
                                0,
                                row.getInt(2),
                                row.getInt(3),
                                row.getInt(4)),
                        runId)
                    .get(0));
    return ledger.read(
        "ops.requests",
        chunks,
        connection ->
            Sql.query(
                    connection,
                    RunTotals.REQUESTS,
                    row ->
                        chunks.withRequests(
                            row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4)),
                    runId)
                .get(0));
  }

  /**
   * How often a run has paused because the service did not answer: each pause is followed by a tiny
   * request with a number above 1.
   */
  public long pauses() {
    return ledger.read(
        "ops.requests",
        0L,
        connection ->
            Sql.queryLong(
                connection,
                "SELECT count(*) FROM ops.requests WHERE run_id = ? AND chunk_id IS NULL"
                    + " AND method = 'timeseries.get_range' AND attempt > 1",
                runId));
  }

  /**
   * Records of the answers that a run has loaded whole which became no row and failed no check: of
   * other publishers than the job's, spreads under a parent, statistics that no table keeps.
   *
   * @param inPart chunks of which only a part was wanted; of these nobody can tell
   */
  public long leftOut(Collection<String> inPart) {
    return ledger.read(
        "ops.backfill_chunks",
        0L,
        connection ->
            Sql.queryLong(
                connection,
                "SELECT CAST(coalesce(sum(rows_fetched - rows_written), 0) AS BIGINT)"
                    + " FROM ops.backfill_chunks WHERE last_run_id = ? AND state = 'loaded'"
                    + " AND NOT list_contains(string_split(?, ','), chunk_id)",
                runId,
                String.join(",", inPart)));
  }

  /** A run's rejects in ops.rejected_records, with those that one row stands for. */
  public long rejects() {
    return ledger.read(
        "ops.rejected_records",
        0L,
        connection ->
            Sql.queryLong(
                connection,
                "SELECT CAST(coalesce(sum(CASE WHEN starts_with(reason, ?)"
                    + " THEN CAST(split_part(record, ' ', 1) AS BIGINT) ELSE 1 END), 0) AS BIGINT)"
                    + " FROM ops.rejected_records WHERE run_id = ?",
                Rejects.MORE,
                runId));
  }
}
