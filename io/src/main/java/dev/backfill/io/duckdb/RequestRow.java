package dev.backfill.io.duckdb;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one data request, as ops.requests keeps it: the memory of the money.
 *
 * @param requestNo names the attempt for ever; writing it again replaces what was said of it
 * @param runId the run that asked
 * @param chunkId what it was asked for
 * @param apiOrigin who was asked
 * @param method the service's name of it, e.g. timeseries.get_range
 * @param attempt from 1
 * @param startedAt when it was sent
 * @param seconds until its end; null while it has none
 * @param httpStatus null when there was no answer
 * @param outcome a word: started, landed, failed, ...
 * @param requestId the service's own id of it
 * @param bytesReceived over the wire
 * @param billableBytes what the service bills
 * @param costEstimateUsd in dollars
 */
public record RequestRow(
    String requestNo,
    String runId,
    @Nullable String chunkId,
    String apiOrigin,
    String method,
    int attempt,
    Instant startedAt,
    @Nullable Double seconds,
    @Nullable Integer httpStatus,
    String outcome,
    @Nullable String requestId,
    @Nullable Long bytesReceived,
    @Nullable Long billableBytes,
    @Nullable Double costEstimateUsd) {

  static final String COLUMNS =
      "request_no, run_id, chunk_id, api_origin, method, attempt, started_at, seconds,"
          + " http_status, outcome, request_id, bytes_received, billable_bytes, cost_estimate_usd";

  @Nullable Object[] values() {
    return new @Nullable Object[] {
      requestNo,
      runId,
      chunkId,
      apiOrigin,
      method,
      attempt,
      Sql.timestamp(startedAt),
      seconds,
      httpStatus,
      outcome,
      requestId,
      bytesReceived,
      billableBytes,
      costEstimateUsd
    };
  }
}
