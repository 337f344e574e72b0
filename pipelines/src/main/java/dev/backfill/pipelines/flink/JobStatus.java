package dev.backfill.pipelines.flink;

import java.util.Locale;

/** How a job on a cluster is, as far as a launcher must tell the cases apart. */
public enum JobStatus {
  /** It works, waits for workers, or is being started again. */
  UNDER_WAY,
  /** It has ended as it should. */
  FINISHED,
  /** It has ended with a failure that was not tried again. */
  FAILED,
  /** Somebody has cancelled it. */
  CANCELED,
  /** The cluster does not know it, or not any more. */
  UNKNOWN;

  /** Whether nothing more comes of it. */
  public boolean isOver() {
    return this != UNDER_WAY;
  }

  /**
   * From Flink's own name of a state. A failing or cancelling job still has tasks that work.
   *
   * @see <a
   *     href="https://nightlies.apache.org/flink/flink-docs-release-1.19/docs/internals/job_scheduling/">Flink's
   *     job states</a>
   */
  static JobStatus of(String flinkName) {
    return switch (flinkName.toUpperCase(Locale.ROOT)) {
      case "FINISHED" -> FINISHED;
      case "FAILED" -> FAILED;
      case "CANCELED" -> CANCELED;
      default -> UNDER_WAY;
    };
  }
}
