package dev.backfill.io.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * No whole answer came: the service could not be reached, the connection broke or stalled, the body
 * ended early or made no sense. {@link ServiceRefusal} is for when it did answer.
 */
public final class ServiceConnectionException extends IOException {
  private static final long serialVersionUID = 1L;
  private final boolean retryable;
  private final boolean sent;

  private ServiceConnectionException(
      String message, @Nullable Throwable cause, boolean retryable, boolean sent) {
    super(message, cause);
    this.retryable = retryable;
    this.sent = sent;
  }

  /** A failure that another attempt may not meet: a broken connection, a cut or garbled body. */
  public static ServiceConnectionException passing(String message, @Nullable Throwable cause) {
    return new ServiceConnectionException(message, cause, true, true);
  }

  /** A failure that every attempt would meet, such as a certificate that is not trusted. */
  public static ServiceConnectionException lasting(String message, @Nullable Throwable cause) {
    return new ServiceConnectionException(message, cause, false, true);
  }

  /** An attempt that was not made, and that another would not be either. */
  public static ServiceConnectionException notSent(String message) {
    return new ServiceConnectionException(message, null, false, false);
  }

  /** Whether another attempt may succeed. */
  public boolean isRetryable() {
    return retryable;
  }

  /** Whether the request was sent, so that the attempt counts. */
  boolean isSent() {
    return sent;
  }
}
