package dev.backfill.io.fred;

import dev.backfill.io.http.ServiceRefusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * FRED answered, and said no: the message has what failed, the status and the service's own words,
 * never the key.
 */
public final class FredApiException extends IOException implements ServiceRefusal {
  private static final long serialVersionUID = 1L;
  private static final Set<Integer> RETRYABLE = Set.of(408, 429, 500, 502, 503, 504);

  private final String what;
  private final int status;
  private final String words;
  private final @Nullable Duration retryAfter;

  private FredApiException(
      String what, int status, String words, @Nullable Duration retryAfter, int attempts) {
    super(
        what
            + " failed"
            + (attempts > 1 ? " after " + attempts + " attempts" : "")
            + ": HTTP "
            + status
            + withHint(words.isEmpty() ? "" : ", " + words, hint(status, words)));
    this.what = what;
    this.status = status;
    this.words = words;
    this.retryAfter = retryAfter;
  }

  /**
   * Makes the exception of an answer.
   *
   * @param what the call and the series
   * @param words the service's, without the key
   */
  static FredApiException of(String what, int status, String words, @Nullable Duration retryAfter) {
    return new FredApiException(what, status, words, retryAfter, 1);
  }

  @Override
  public FredApiException afterAttempts(int number) {
    return new FredApiException(what, status, words, retryAfter, number);
  }

  /** A hint brings the full stop before it; the words often have one of their own. */
  private static String withHint(String words, String hint) {
    boolean isEnded = words.endsWith(".") && !hint.isEmpty();
    return (isEnded ? words.substring(0, words.length() - 1) : words) + hint;
  }

  private static String hint(int status, String words) {
    if (isAboutKey(status, words)) {
      return ". Check " + FredKeySource.VARIABLE + " or " + FredKeySource.OPTION;
    }
    return RETRYABLE.contains(status) ? ". Run it again later" : "";
  }

  private static boolean isAboutKey(int status, String words) {
    return (status == 400 || status == 401 || status == 403) && words.contains("api_key");
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether there is no series of that id, or the id cannot be one. */
  public boolean isUnknownSeries() {
    return status == 400
        && !refusesKey()
        && (words.contains("series does not exist") || words.contains("series_id"));
  }

  /** Whether no request of this key can succeed. */
  public boolean refusesKey() {
    return isAboutKey(status, words);
  }

  @Override
  public boolean isRetryable() {
    return RETRYABLE.contains(status);
  }

  @Override
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
