package dev.backfill.io.databento;

import dev.backfill.io.http.ServiceRefusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The service answered, and said no. The message is for people: what failed, the status and case,
 * the service's own words, the request id and what to do next. Code decides by {@link #errorCase}
 * where there is one, else by {@link #status}.
 */
public final class DatabentoApiException extends IOException implements ServiceRefusal {
  private static final long serialVersionUID = 1L;
  private static final Set<Integer> RETRYABLE = Set.of(408, 429, 500, 502, 503, 504);
  private static final Set<String> NO_RIGHTS =
      Set.of(
          "dataset_unavailable_range",
          "license_not_found_unauthorized",
          "auth_no_dataset_entitlement");

  private final String what;
  private final int status;
  private final ErrorDetail detail;
  private final String requestId;
  private final @Nullable Duration retryAfter;
  private final int attempts;

  private DatabentoApiException(
      String what,
      int status,
      ErrorDetail detail,
      String requestId,
      @Nullable Duration retryAfter,
      int attempts,
      @Nullable Throwable cause) {
    super(ErrorText.of(what, status, detail, requestId, attempts), cause);
    this.what = what;
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.attempts = attempts;
  }

  /**
   * Makes the exception of an answer.
   *
   * @param what the call and what it was about, such as {@code metadata.get_cost of GLBX.MDP3}
   * @param requestId empty when the service sent none
   * @param retryAfter the least wait that the service asks for
   * @param body the answer's body in any of the service's shapes, or a gateway's page
   */
  public static DatabentoApiException of(
      String what, int status, String requestId, @Nullable Duration retryAfter, String body) {
    return new DatabentoApiException(
        what, status, ErrorDetail.parse(body), requestId, retryAfter, 1, null);
  }

  @Override
  public DatabentoApiException afterAttempts(int number) {
    return new DatabentoApiException(what, status, detail, requestId, retryAfter, number, this);
  }

  /** The same refusal of something that was not asked because of it. */
  DatabentoApiException insteadOf(String other) {
    return new DatabentoApiException(other, status, detail, requestId, retryAfter, 1, this);
  }

  /** The call that was refused and what it was about, such as {@code get_cost of GLBX.MDP3}. */
  public String what() {
    return what;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The service's name for the failure, such as {@code symbology_invalid_request}. */
  public @Nullable String errorCase() {
    return detail.errorCase();
  }

  /** The service's own words; a gateway's page is reduced to its text and cut. */
  public String detail() {
    return detail.message();
  }

  /** Where the service explains the failure. */
  public @Nullable String docs() {
    return detail.docs();
  }

  /** The service's id of the request; empty when it sent none. */
  public String requestId() {
    return requestId;
  }

  /** The first instant that the service would serve, inclusive, where it tells. */
  public @Nullable Instant availableStart() {
    return detail.availableStart();
  }

  /**
   * The end that the service would accept, exclusive, where it tells: in the payload, or for {@code
   * dataset_unavailable_range} in its words.
   */
  public @Nullable Instant availableEnd() {
    return detail.availableEnd();
  }

  @Override
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The number of attempts that this failure ended; 1 where nothing was retried. */
  public int attempts() {
    return attempts;
  }

  /** Whether the same request may succeed later: 408, 429, 500, 502, 503, 504. */
  @Override
  public boolean isRetryable() {
    return RETRYABLE.contains(status);
  }

  /** Whether no request of this key can succeed: 401, 402, or a locked account. */
  public boolean stopsRun() {
    return status == 401 || status == 402 || "auth_account_locked".equals(errorCase());
  }

  /**
   * Whether the key lacks the rights to what was asked, which other requests may not need: a case
   * that says so, or a 403 in the service's own words. The 403 of a gateway or a firewall, a page
   * or another JSON, says nothing about rights.
   */
  public boolean lacksRights() {
    String name = errorCase();
    return (name != null && NO_RIGHTS.contains(name))
        || (status == 403 && detail.isVerdict() && !stopsRun());
  }
}
