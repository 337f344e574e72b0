package dev.backfill.io.databento;

/**
 * The service refuses this key altogether, so the pipeline stops at once. Its message and cause are
 * those of the {@link DatabentoApiException}; runners that carry exceptions as text keep the
 * former.
 */
public final class RunStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunStoppedException(DatabentoApiException refusal) {
    super(refusal.getMessage(), refusal);
  }
}
