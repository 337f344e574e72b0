package dev.backfill.io.http;

import org.jspecify.annotations.Nullable;

/**
 * What a person set to reach the service cannot work: the url, the key, the CA file, a proxy. The
 * message says which, what is allowed and what to do; it shows no secret.
 */
public final class ApiSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** A sentence that says what to do and shows no secret. */
  public ApiSettingsException(String message) {
    super(message);
  }

  /** A sentence that says what to do and shows no secret. */
  public ApiSettingsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
