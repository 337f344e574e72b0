package dev.backfill.pipelines.flink;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A cluster does not answer, or a job on it has ended before its work was done. Nothing that has
 * landed is lost by it.
 */
public final class ClusterException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With the sentence that the user reads. */
  public ClusterException(String message) {
    super(message);
  }

  /** With the sentence that the user reads. */
  public ClusterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
