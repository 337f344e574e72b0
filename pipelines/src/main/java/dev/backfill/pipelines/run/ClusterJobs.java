package dev.backfill.pipelines.run;

import dev.backfill.io.landing.RunFolder;
import dev.backfill.pipelines.Progress;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.pipelines.flink.ClusterException;
import dev.backfill.pipelines.flink.FlinkCluster;
import dev.backfill.pipelines.flink.JobStatus;
import dev.backfill.transforms.RunSummary;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Jobs that another launcher has given to a cluster and has not seen the end of. What they land
 * would be bought twice if it were asked for beside them: so a run follows such a job first,
 * loading what it lands, and plans when it has ended.
 */
final class ClusterJobs {
  private final RunContext run;

  ClusterJobs(RunContext run) {
    this.run = run;
  }

  /** Loads what has landed and is not loaded. */
  interface Loading {
    /** What that was; empty if there was nothing. */
    Optional<RunSummary> load() throws IOException;
  }

  /**
   * Returns when no job lands what this run is about.
   *
   * @return what came of those that did
   * @throws RefusedException if one does and this run may not follow it, or the launcher that gave
   *     it to the cluster is still there
   */
  Followed follow(Loading loading) throws IOException {
    List<String> runs = new ArrayList<>();
    List<RunSummary> loads = new ArrayList<>();
    for (String runId : run.landing().runsBegun()) {
      RunFolder folder = run.landing().runFolder(runId);
      Optional<byte[]> begun = folder.run();
      if (begun.isPresent() && !runId.equals(run.runId())) {
        ClusterJob job = ClusterJob.read(begun.get());
        if (job.lands(run.options().job())) {
          // A launcher that is there has this until it has taken what its job tells it: the folder
          // is its.
          LandingLock alone = LandingLock.take(run);
          try (alone) {
            FollowProgress progress = new FollowProgress(run, folder, runId, job.chunks());
            follow(job, folder, loading, progress);
            loads.addAll(progress.loads());
          }
          runs.add(runId);
        }
      }
    }
    return new Followed(runs, loads);
  }

  private void follow(ClusterJob job, RunFolder folder, Loading loading, FollowProgress progress)
      throws IOException {
    FlinkCluster cluster = FlinkCluster.at(job.master());
    Optional<String> id = find(cluster, job);
    if (id.isPresent()) {
      ClusterWatch watch = new ClusterWatch(cluster, id.get(), ClusterWatch.SILENCE);
      if (watch.look().isOver()) {
        folder.deleteAll();
        return;
      }
      requireCluster(job);
      run.console()
          .note(
              "Following the Flink job that already lands this, "
                  + job.name()
                  + ": "
                  + cluster.link(id.get()));
      Progress shown = Progress.show(run.console(), progress::line);
      try (shown) {
        watch(watch, loading, progress);
      }
      run.console().note("The job has ended; of what it landed were loaded " + progress.loaded());
    }
    folder.deleteAll();
  }

  /**
   * The job's id. A cluster that does not answer at once may still work: what it lands would be
   * bought twice if its silence were taken for the job's end too soon.
   */
  private Optional<String> find(FlinkCluster cluster, ClusterJob job) throws IOException {
    long since = System.nanoTime();
    boolean isTold = false;
    while (true) {
      try {
        return cluster.jobNamed(job.name());
      } catch (ClusterException e) {
        if (System.nanoTime() - since >= ClusterWatch.SILENCE.toNanos()) {
          run.console()
              .note("The Flink job " + job.name() + " is taken for ended: " + e.getMessage());
          return Optional.empty();
        }
        if (!isTold) {
          run.console()
              .note(
                  "A job that lands this may run on the Flink cluster at "
                      + job.master()
                      + ", which does not answer; it is given a minute");
          isTold = true;
        }
        pause();
      }
    }
  }

  private void requireCluster(ClusterJob job) {
    RunnerOptions runner = run.options().runner();
    if (!runner.flinkMaster().equals(Optional.of(job.master()))) {
      throw new RefusedException(
          "The Flink job "
              + job.name()
              + " on "
              + job.master()
              + " is landing this already. So that nothing is bought twice, follow it with --runner"
              + " flink --flink-master "
              + job.master()
              + ", or cancel it there, and run this again");
    }
  }

  private void watch(ClusterWatch watch, Loading loading, FollowProgress progress)
      throws IOException {
    long began = System.nanoTime();
    long last = began;
    JobStatus status = watch.look();
    while (!status.isOver()) {
      pause();
      progress.look();
      Duration sinceLast = Duration.ofNanos(System.nanoTime() - last);
      if (sinceLast.compareTo(run.pace().next(Duration.ofNanos(last - began))) >= 0) {
        progress.load(loading);
        last = System.nanoTime();
      }
      status = watch.look();
    }
    progress.load(loading);
    if (status != JobStatus.FINISHED) {
      run.console().note("The job ended before its work was done: " + watch.why(status));
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(ClusterWatch.LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Following the job on the cluster was interrupted");
    }
  }
}
