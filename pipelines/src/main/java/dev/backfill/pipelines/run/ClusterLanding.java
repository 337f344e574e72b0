package dev.backfill.pipelines.run;

import dev.backfill.io.databento.LandingOptions;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.pipelines.UsageException;
import dev.backfill.pipelines.flink.ClusterException;
import dev.backfill.pipelines.flink.FlinkCluster;
import dev.backfill.pipelines.flink.JobStatus;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.LandChunks;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.Create;
import org.jspecify.annotations.Nullable;

/**
 * Lands on a Flink cluster and hands over what has landed as it appears, for a database that is
 * here and not there. The job goes on when this process ends; {@link ClusterJobs} finds it again.
 * For one thread, used once.
 */
final class ClusterLanding {
  private final RunFolder folder;
  private final ClusterJob job;
  private final ClusterWatch watch;
  private final Map<String, String> handedOver = new HashMap<>();
  private long lastHandOver = System.nanoTime();
  private int chunksSeen;

  /** Takes chunks that have landed, or have failed to; they are forgotten when it returns. */
  interface Taker {
    void take(List<LandedChunk> outcomes) throws IOException;
  }

  private ClusterLanding(RunFolder folder, ClusterJob job, ClusterWatch watch) {
    this.folder = folder;
    this.job = job;
    this.watch = watch;
  }

  /**
   * Checks that a cluster is there and can do it, before anything is spent.
   *
   * @return the runner with as many workers as it will have
   * @throws RefusedException if it cannot; with what to do
   */
  static RunnerOptions check(RunnerOptions runner) throws IOException {
    RunnerSettings.jobJar();
    FlinkCluster.Overview there = overview(cluster(runner));
    RunnerSettings.requireVersion(there.version());
    int slots = there.slots();
    if (slots == 0) {
      throw new RefusedException(
          "The Flink cluster at "
              + cluster(runner).master()
              + " has no TaskManager, so nobody would work: start one, then run this again");
    }
    int workers = runner.parallelism().orElse(slots);
    if (workers > slots) {
      throw new RefusedException(
          "--parallelism "
              + workers
              + " is more than the "
              + slots
              + " slots of the Flink cluster at "
              + cluster(runner).master()
              + ": lower it, or start more TaskManagers");
    }
    return runner.withWorkers(workers);
  }

  private static FlinkCluster.Overview overview(FlinkCluster cluster) {
    try {
      return cluster.overview();
    } catch (ClusterException e) {
      // Nothing was begun that could be gone on with: the address is to be corrected.
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private static FlinkCluster cluster(RunnerOptions runner) {
    return FlinkCluster.at(runner.flinkMaster().orElseThrow());
  }

  /**
   * Gives a cluster chunks to land.
   *
   * @param asking how; the workers' shares of what a process may do are made of it here
   */
  static ClusterLanding submit(RunContext run, List<Chunk> chunks, LandingOptions asking)
      throws IOException {
    RunnerOptions runner = check(run.options().runner());
    FlinkCluster cluster = cluster(runner);
    RunFolder folder = run.landing().runFolder(run.runId());
    ClusterJob job =
        ClusterJob.of(cluster.master(), run.options().job(), run.runId(), chunks.size());
    Pipeline pipeline = Pipeline.create(RunnerSettings.onCluster(runner, job.name()));
    pipeline
        .apply("Planned chunks", Create.of(chunks).withCoder(AvroCoder.specific(Chunk.class)))
        .apply("Land chunks", LandChunks.with(shared(asking, runner)));
    folder.writeRun(job.json());
    String id = start(pipeline, cluster, folder, job);
    run.console()
        .note(
            "Landing on the Flink cluster, "
                + SummaryReport.counted(runner.workers(), "worker")
                + " with "
                + SummaryReport.counted(runner.requestsPerWorker(), "request")
                + " each: "
                + cluster.link(id));
    return new ClusterLanding(folder, job, new ClusterWatch(cluster, id, ClusterWatch.SILENCE));
  }

  /** The id of the job. One that works although the answer to its submission was lost counts. */
  private static String start(
      Pipeline pipeline, FlinkCluster cluster, RunFolder folder, ClusterJob job)
      throws IOException {
    String what = "did not show the job that it took";
    @Nullable RuntimeException failure = null;
    try {
      pipeline.run();
    } catch (RuntimeException e) {
      what = "did not take the job: " + innermost(e);
      failure = e;
    }
    Optional<String> id = cluster.jobNamed(job.name());
    if (id.isEmpty()) {
      folder.deleteAll();
      throw new ClusterException("The Flink cluster at " + cluster.master() + " " + what, failure);
    }
    return id.get();
  }

  /** Each worker may be a process of its own, with limits of its own. */
  private static LandingOptions shared(LandingOptions asking, RunnerOptions runner) {
    int workers = runner.workers();
    return asking
        .withApi(asking.api().withLimitShare(asking.api().limitShare() / workers))
        .withSpendLimit(asking.spendLimit().share(workers))
        .withRequestsPerWorker(runner.requestsPerWorker())
        .withRunFolder(true);
  }

  /**
   * Hands over what has landed, at a pace, until the job has ended and all is handed over.
   *
   * @throws ClusterException if the job has ended before its work was done
   */
  void follow(WavePace pace, Taker taker) throws IOException {
    long began = System.nanoTime();
    while (true) {
      // In this order: what has landed before the job's end is seen after it.
      JobStatus status = watch.look();
      List<String> there = folder.outcomes();
      Duration sinceLast = Duration.ofNanos(System.nanoTime() - lastHandOver);
      boolean isDue = sinceLast.compareTo(pace.next(Duration.ofNanos(lastHandOver - began))) >= 0;
      if (!there.isEmpty() && (isDue || status.isOver())) {
        handOver(there, taker);
      } else if (status.isOver()) {
        end(status);
        return;
      }
      pause();
    }
  }

  private void handOver(List<String> there, Taker taker) throws IOException {
    List<String> ids = there.subList(0, Math.min(there.size(), Waves.CHUNKS));
    List<LandedChunk> outcomes = new ArrayList<>();
    for (String id : ids) {
      Optional<RunFolder.Outcome> found = folder.outcome(id);
      if (found.isPresent() && isNew(found.get())) {
        outcomes.add(found.get().landed());
      }
    }
    if (!outcomes.isEmpty()) {
      taker.take(outcomes);
    }
    for (String id : ids) {
      // Meanwhile a worker that was started again may have told something else.
      Optional<RunFolder.Outcome> now = folder.outcome(id);
      if (now.isPresent() && what(now.get()).equals(handedOver.get(now.get().askedChunkId()))) {
        folder.delete(id);
      }
    }
    lastHandOver = System.nanoTime();
  }

  /** A worker that is started again tells once more what it finds in the landing. */
  private boolean isNew(RunFolder.Outcome outcome) {
    String what = what(outcome);
    String before = handedOver.put(outcome.askedChunkId(), what);
    chunksSeen += before == null ? 1 : 0;
    return !what.equals(before);
  }

  private static String what(RunFolder.Outcome outcome) {
    LandedChunk landed = outcome.landed();
    return landed.getState() + " " + landed.getFile() + " " + landed.getChunk().getChunkId();
  }

  private void end(JobStatus status) throws IOException {
    Optional<RunFolder.Stop> stop = folder.stopped();
    if (status != JobStatus.UNKNOWN) {
      folder.deleteAll();
    }
    if (stop.isPresent()) {
      throw refused(stop.get());
    }
    if (status != JobStatus.FINISHED) {
      throw new ClusterException(
          "The Flink job "
              + job.name()
              + " has ended before its work was done: "
              + watch.why(status)
              + ". "
              + SummaryReport.counted(chunksSeen, "chunk")
              + " of "
              + job.chunks()
              + " came to an end before, and what has landed is kept: run the same command again"
              + " for the rest");
    }
  }

  /** As a refusal is told that is seen in this process. */
  private static RuntimeException refused(RunFolder.Stop stop) {
    return stop.status() == 402
        ? new RefusedException(stop.message())
        : new UsageException(stop.message());
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(ClusterWatch.LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          "The run was interrupted; its job on the cluster goes on, and the same command follows it");
    }
  }
}
