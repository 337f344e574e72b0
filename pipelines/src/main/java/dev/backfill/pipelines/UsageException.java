package dev.backfill.pipelines;

import java.nio.file.Path;

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

  /** That there is no such database, to be thrown. */
  public static UsageException noDatabase(Path file) {
    return new UsageException(
        "There is no database "
            + file
            + "; a run makes it: backfill run daily-futures --db "
            + file);
  }

  /** With the sentence that the user reads, and what led to it. */
  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
