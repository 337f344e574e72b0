package dev.backfill.pipelines.run;

import dev.backfill.pipelines.flink.ClusterException;
import dev.backfill.pipelines.flink.FlinkCluster;
import dev.backfill.pipelines.flink.JobStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Looks how a job on a cluster is. A JobManager that does not answer for a while may be started
 * again, and with high availability it goes on with the job: so it is given a minute. For one
 * thread.
 */
final class ClusterWatch {
  /** How long a cluster may be silent before its job is taken for lost. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  /** How often the cluster is asked. */
  static final Duration LOOK = Duration.ofMillis(500);

  private final FlinkCluster cluster;
  private final String jobId;
  private final Duration silence;
  private long silentSince = -1;
  private @Nullable String lost;

  ClusterWatch(FlinkCluster cluster, String jobId, Duration silence) {
    this.cluster = cluster;
    this.jobId = jobId;
    this.silence = silence;
  }

  /** How it is; unknown too where the cluster has been silent for too long. */
  JobStatus look() {
    try {
      JobStatus status = cluster.status(jobId);
      silentSince = -1;
      if (status == JobStatus.UNKNOWN) {
        lost = "the cluster does not know it any more: its JobManager was started anew";
      }
      return status;
    } catch (ClusterException e) {
      long now = System.nanoTime();
      silentSince = silentSince < 0 ? now : silentSince;
      if (now - silentSince < silence.toNanos()) {
        return JobStatus.UNDER_WAY;
      }
      lost = e.getMessage();
      return JobStatus.UNKNOWN;
    }
  }

  /** Why a job has ended in this way, for people. */
  String why(JobStatus status) {
    return switch (status) {
      case CANCELED -> "it was cancelled";
      case FAILED -> failure();
      default -> lost == null ? "it is not known any more" : lost;
    };
  }

  private String failure() {
    try {
      return cluster.failure(jobId).orElse("it failed without a reason");
    } catch (ClusterException e) {
      return "it failed";
    }
  }
}
