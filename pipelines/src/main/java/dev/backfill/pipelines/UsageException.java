package dev.backfill.pipelines;

/**
 * What the user wrote cannot be done: one sentence that says what is wrong, what is allowed and
 * what to do. Ends the process with {@link ExitCodes#USAGE}.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the sentence that the user reads. */
  public UsageException(String message) {
    super(message);
  }

  /** With the sentence that the user reads, and what led to it. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
