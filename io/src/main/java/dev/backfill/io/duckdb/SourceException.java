package dev.backfill.io.duckdb;

import java.io.IOException;
import java.io.Serial;

/** One source of a group is broken; the others are not. */
final class SourceException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient OpenSource source;
  private final IOException ioException;

  SourceException(OpenSource source, IOException cause) {
    super(cause.getMessage(), cause);
    this.source = source;
    this.ioException = cause;
  }

  /** What the source threw. */
  IOException ioException() {
    return ioException;
  }

  OpenSource source() {
    return source;
  }
}
