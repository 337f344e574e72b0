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
 * @param outcome {@link #SENT}, {@link #COUNTED}, {@link #OK}, {@link #CUT}, {@link #FAILED},
 *     {@link #MISCOUNTED} or {@link #UNKNOWN}
 * @param bytesReceived as they came, compressed
 * @param billableBytes what is billed for it: the records' bytes, uncompressed. Of an answer that
 *     broke off or was never seen to end, all that it would have held: the service may have sent
 *     it. While it is only sent, the plan's estimate; while it is only counted, the service's count
 * @param costEstimateUsd of those bytes
 * @param print stands for the records of a {@link #MISCOUNTED} answer, so that the same is
 *     recognized when it comes again; in no other
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
    @Nullable Double costEstimateUsd,
    @Nullable String print) {
  /** About to be sent. */
  public static final String SENT = "sent";

  /** Sent, and the service has told how many records the answer will have. */
  public static final String COUNTED = "counted";

  /** Answered in full. */
  public static final String OK = "ok";

  /** Answered in full, but with another number of records than the service counts. */
  public static final String MISCOUNTED = "miscounted";

  /** The body broke off or was damaged. */
  public static final String CUT = "cut";

  /** Refused, or never answered. */
  public static final String FAILED = "failed";

  /** Sent, and its end is not known: the program died. It may have been billed. */
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
        costUsd,
        null);
  }

  /** The same attempt, still under way, with what the service says it will bill. */
  public RequestEntry counted(long billable, double costUsd) {
    return with(COUNTED, billable, costUsd, null);
  }

  /** The same attempt with the print of its records. */
  public RequestEntry withPrint(String records) {
    return with(outcome, billableBytes, costEstimateUsd, records);
  }

  /** Whether it has not ended, as far as is known. */
  boolean isUnderWay() {
    return outcome.equals(SENT) || outcome.equals(COUNTED);
  }

  RequestEntry withOutcome(String other) {
    return with(other, billableBytes, costEstimateUsd, print);
  }

  private RequestEntry with(
      String how, @Nullable Long billable, @Nullable Double costUsd, @Nullable String records) {
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
        how,
        requestId,
        bytesReceived,
        billable,
        costUsd,
        records);
  }
}
