package dev.backfill.io.duckdb;

/**
 * What a run has come to, by the ledger.
 *
 * @param rowsWritten in committed transactions
 * @param requests for data, every attempt
 * @param bytesReceived over the wire
 * @param billableBytes that its requests are billed for, as far as is known
 * @param costUsd estimated, US dollars
 * @param chunksLoaded that ended with their rows, or with the knowledge that there are none
 * @param chunksFailed without an answer, or with one that could not be loaded
 * @param chunksSkipped without right to them, or nothing of them was wanted any more
 */
public record RunTotals(
    long rowsWritten,
    long requests,
    long bytesReceived,
    long billableBytes,
    double costUsd,
    int chunksLoaded,
    int chunksFailed,
    int chunksSkipped) {

  static final String CHUNKS =
      "SELECT CAST(coalesce(sum(rows_written), 0) AS BIGINT),"
          + " CAST(count(*) FILTER (state = 'loaded') AS INTEGER),"
          + " CAST(count(*) FILTER (state = 'failed') AS INTEGER),"
          + " CAST(count(*) FILTER (state = 'skipped') AS INTEGER)"
          + " FROM ops.backfill_chunks WHERE last_run_id = ?";

  static final String REQUESTS =
      "SELECT count(*), CAST(coalesce(sum(bytes_received), 0) AS BIGINT),"
          + " CAST(coalesce(sum(billable_bytes), 0) AS BIGINT),"
          + " CAST(coalesce(sum(cost_estimate_usd), 0) AS DOUBLE)"
          + " FROM ops.requests WHERE run_id = ?";

  static final RunTotals NONE = new RunTotals(0, 0, 0, 0, 0, 0, 0, 0);

  RunTotals withRequests(long number, long received, long billable, double usd) {
    return new RunTotals(
        rowsWritten, number, received, billable, usd, chunksLoaded, chunksFailed, chunksSkipped);
  }
}
