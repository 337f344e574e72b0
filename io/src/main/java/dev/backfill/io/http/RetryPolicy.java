package dev.backfill.io.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * How often and how patiently a request is made again: so many attempts in all (the first one
 * included), exponential waits with full jitter under a cap, within a total time. Immutable; what
 * sleeps and tells the time is given to a {@link Retrier}.
 *
 * @param attempts at least 1; 1 means no retry
 * @param firstWait the most that is waited after the first failure; doubled after each further one
 * @param maxWait the most that is waited by our own choice; a longer Retry-After is honoured
 * @param budget no wait is begun that would end later than this after the first attempt's start
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration maxWait, Duration budget)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Refuses less than one attempt and waits that are not positive. */
  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, but is " + attempts);
    }
    positive("firstWait", firstWait);
    positive("maxWait", maxWait);
    positive("budget", budget);
    if (maxWait.compareTo(firstWait) < 0) {
      throw new IllegalArgumentException(
          "maxWait must not be less than firstWait, but is " + maxWait + " < " + firstWait);
    }
  }

  /** For calls that cost nothing: 8 attempts within 10 minutes. */
  public static RetryPolicy forMetadata() {
    return new RetryPolicy(
        8, Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofMinutes(10));
  }

  /** For calls that are billed each time: 5 attempts within an hour. */
  public static RetryPolicy forData() {
    return new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(1));
  }

  /** This policy with another number of attempts; for pipelines of one's own, and tests. */
  public RetryPolicy withAttempts(int number) {
    return new RetryPolicy(number, firstWait, maxWait, budget);
  }

  /**
   * Whether the same request may succeed later: the service says so by its status, or the
   * connection or the body broke. A failure of the own disk, a certificate that is not trusted, an
   * interrupt and every other 4xx are final.
   */
  public static boolean isRetryable(IOException failure) {
    if (failure instanceof ServiceRefusal refusal) {
      return refusal.isRetryable();
    }
    if (failure instanceof ServiceConnectionException broken) {
      return broken.isRetryable();
    }
    if (failure instanceof SSLException) {
      return !(failure instanceof SSLPeerUnverifiedException) && !isAboutCertificate(failure);
    }
    return failure instanceof SocketException
        || failure instanceof SocketTimeoutException
        || failure instanceof UnknownHostException
        || failure instanceof EOFException;
  }

  /**
   * The wait after the failed attempt of this number (from 1): full jitter, but never less than the
   * service asks for.
   *
   * @param random gives numbers in [0, 1)
   */
  Duration waitAfter(int number, @Nullable Duration retryAfter, DoubleSupplier random) {
    // 2^30 first waits are above any cap; more doublings would overflow.
    double most =
        Math.min(
            (double) maxWait.toNanos(),
            firstWait.toNanos() * Math.scalb(1.0, Math.min(number - 1, 30)));
    Duration jittered = Duration.ofNanos((long) (most * random.getAsDouble()));
    return retryAfter != null && retryAfter.compareTo(jittered) > 0 ? retryAfter : jittered;
  }

  private static boolean isAboutCertificate(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof CertificateException || at instanceof CertPathValidatorException) {
        return true;
      }
    }
    return false;
  }

  private static void positive(String name, Duration value) {
    if (value.isZero() || value.isNegative()) {
      throw new IllegalArgumentException(name + " must be positive, but is " + value);
    }
  }
}
