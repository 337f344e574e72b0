package dev.backfill.io.landing;

import java.util.List;
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
 * @param outcome {@link #SENT}, {@link #COUNTED}, {@link #ANSWERED} or {@link #RECEIVING} while it
 *     is under way; {@link #OK}, {@link #CUT}, {@link #FAILED}, {@link #MISCOUNTED} or {@link
 *     #UNKNOWN} at its end
 * @param bytesReceived as they came, compressed
 * @param billableBytes what is billed for it: the records' bytes, uncompressed. Of an answer that
 *     broke off, all that it would have held, by the service's count. Of one that is in doubt, see
 *     {@link #UNKNOWN}, the most that it may be. While it is only sent, the most that there may be;
 *     while it is counted, the service's count
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

  /** Answered: the body begins. How many records it will have is not known yet. */
  public static final String ANSWERED = "answered";

  /** Answered and counted: what is billed is known, however it ends. */
  public static final String RECEIVING = "receiving";

  /** Answered in full. */
  public static final String OK = "ok";

  /** Answered in full, but with another number of records than the service counts. */
  public static final String MISCOUNTED = "miscounted";

  /** The body broke off or was damaged, and the service has told how many records it has. */
  public static final String CUT = "cut";

  /** Refused, or never sent: nothing is billed. */
  public static final String FAILED = "failed";

  /**
   * In doubt: it may have been sent, and nobody saw its answer or knows how large it was. The
   * program died, or gave up waiting. It may have been billed, and is booked as if it were.
   */
  public static final String UNKNOWN = "unknown";

  /** While it has not ended, the more is known the later. */
  private static final List<String> UNDER_WAY = List.of(SENT, COUNTED, ANSWERED, RECEIVING);

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

  /**
   * The same attempt, still under way.
   *
   * @param isAnswered whether its answer has begun
   * @param isCounted whether the service has told what it bills
   */
  public RequestEntry underWay(
      boolean isAnswered, boolean isCounted, @Nullable Long billable, @Nullable Double costUsd) {
    String how = isAnswered ? isCounted ? RECEIVING : ANSWERED : isCounted ? COUNTED : SENT;
    return with(how, isAnswered ? (Integer) 200 : httpStatus, billable, costUsd, null);
  }

  /** The same attempt with the print of its records. */
  public RequestEntry withPrint(String records) {
    return with(outcome, httpStatus, billableBytes, costEstimateUsd, records);
  }

  /** Whether it has not ended, as far as is known. */
  boolean isUnderWay() {
    return UNDER_WAY.contains(outcome);
  }

  /** What it is taken for where nothing more of it will come. */
  RequestEntry abandoned() {
    return isUnderWay() ? withOutcome(outcome.equals(RECEIVING) ? CUT : UNKNOWN) : this;
  }

  /** Of two words on the same attempt, the one that knows more has the higher rank. */
  int rank() {
    int known = UNDER_WAY.indexOf(outcome);
    return known < 0 ? UNDER_WAY.size() : known;
  }

  RequestEntry withOutcome(String other) {
    return with(other, httpStatus, billableBytes, costEstimateUsd, print);
  }

  private RequestEntry with(
      String how,
      @Nullable Integer status,
      @Nullable Long billable,
      @Nullable Double costUsd,
      @Nullable String records) {
    return new RequestEntry(
        requestNo,
        runId,
        chunkId,
        apiOrigin,
        method,
        attempt,
        startedAtNs,
        seconds,
        status,
        how,
        requestId,
        bytesReceived,
        billable,
        costUsd,
        records);
  }
}
