package dev.backfill.pipelines.run;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.fred.FredApiException;
import java.io.IOException;

/** Finds in a runner's wrapping what a step failed with. */
final class PipelineFailures {
  private PipelineFailures() {}

  /**
   * The failure to report: an {@link IOException} is returned, one of our own unchecked types is
   * thrown.
   */
  static IOException unwrap(Throwable wrapped) {
    for (Throwable cause = wrapped; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabentoApiException refusal) {
        return refusal;
      }
      if (cause instanceof FredApiException refusal) {
        return refusal;
      }
      if (cause instanceof DatabaseException database) {
        throw database;
      }
    }
    for (Throwable cause = wrapped; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    throw new IllegalStateException("The pipeline failed", wrapped);
  }
}
