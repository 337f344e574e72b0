package dev.backfill.io.duckdb;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The database could not do what was asked; the message says what failed, the value, what is
 * allowed and what to do. A problem of the person's to solve: the exit code is 2, unless a subclass
 * says 5.
 */
public class DatabaseException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** With a message alone. */
  public DatabaseException(String message) {
    super(message);
  }

  /** With the failure behind it. */
  public DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
