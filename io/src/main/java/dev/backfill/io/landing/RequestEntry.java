package dev.backfill.io.landing;

import org.jspecify.annotations.Nullable;

/**
 * One attempt at a request that may cost money, as ops.requests has it. What is not known is null:
 * all of it while only {@link #SENT}.
 *
 * @param requestNo names this attempt, everywhere and for ever
 * @param chunkId null where the request was not for a chunk
 * @param apiOrigin who was asked; never the key
 * @param method of the API, e.g. timeseries.get_range
 * @param attempt from 1
 * @param startedAtNs UTC nanoseconds since 1970, before the request was sent
 * @param outcome {@link #SENT}, {@link #OK}, {@link #CUT}, {@link #FAILED}, {@link #MISCOUNTED} or
 *     {@link #UNKNOWN}
 * @param bytesReceived as they came, compressed
 * @param billableBytes the decoded records' bytes, which is what is billed
 */
public record RequestEntry(
    String requestNo,
    String runId,
    @Nullable String chunkId,
    String apiOrigin,
    String method,
    int attempt,
    long startedAtNs,
    @Nullable Double seconds,
    @Nullable Integer httpStatus,
    String outcome,
    @Nullable String requestId,
    @Nullable Long bytesReceived,
    @Nullable Long billableBytes,
    @Nullable Double costEstimateUsd) {
  /** About to be sent. */
  public static final String SENT = "sent";

  /** Answered in full. */
  public static final String OK = "ok";

  /** Answered in full, but with another number of records than the service counts. */
  public static final String MISCOUNTED = "miscounted";

  /** The body broke off or was damaged. */
  public static final String CUT = "cut";

  /** Refused, or never answered. */
  public static final String FAILED = "failed";

  /** Sent, and nothing more is known: the program died. It may have been billed. */
  public static final String UNKNOWN = "unknown";

  /** The same attempt with how it ended. */
  public RequestEntry ended(
      String how,
      double took,
      int status,
      String id,
      long received,
      long billable,
      double costUsd) {
    return new RequestEntry(
        requestNo,
        runId,
        chunkId,
        apiOrigin,
        method,
        attempt,
        startedAtNs,
        took,
        status == 0 ? null : (Integer) status,
        how,
        id.isEmpty() ? null : id,
        received,
        billable,
        costUsd);
  }

  RequestEntry withOutcome(String other) {
    return new RequestEntry(
        requestNo,
        runId,
        chunkId,
        apiOrigin,
        method,
        attempt,
        startedAtNs,
        seconds,
        httpStatus,
        other,
        requestId,
        bytesReceived,
        billableBytes,
        costEstimateUsd);
  }
}
