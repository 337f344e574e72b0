package dev.backfill.io.databento;

import dev.backfill.io.landing.RunFolder;

/**
 * The service refuses this key altogether, so the pipeline stops at once. Its message and cause are
 * those of the {@link DatabentoApiException}; runners that carry exceptions as text keep the
 * former. A worker that is started again after it, or beside it, throws it with the same message
 * and without a cause, because it has asked nothing.
 */
public final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  RunStoppedException(DatabentoApiException refusal) {
    super(refusal.getMessage(), refusal);
    this.status = refusal.status();
  }

  RunStoppedException(RunFolder.Stop stop) {
    super(stop.message());
    this.status = stop.status();
  }

  /** The HTTP status of the refusal: 401, 402, or another for a locked account. */
  public int status() {
    return status;
  }
}
