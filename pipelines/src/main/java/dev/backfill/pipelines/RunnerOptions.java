package dev.backfill.pipelines;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the steps of a run are carried out, and how much at once. Immutable.
 *
 * @param kind which runner
 * @param parallelism request slots on the direct runner, workers on Flink; empty for the default
 * @param requestsPerWorker request slots of each worker on Flink
 * @param flinkMaster host and port of a cluster's REST address; empty for Flink in this process
 * @param beamArgs Beam's own options, what stood after {@code --}; they win
 */
public record RunnerOptions(
    Kind kind,
    OptionalInt parallelism,
    int requestsPerWorker,
    Optional<String> flinkMaster,
    List<String> beamArgs) {
  /** Requests under way at once in one process: a request mostly waits. */
  public static final int REQUESTS = 4;

  /** The direct runner as it is by default. */
  public static final RunnerOptions DEFAULT = direct(OptionalInt.empty(), List.of());

  /** A runner. */
  public enum Kind {
    /** Beam's direct runner, in this process. */
    DIRECT,
    /** Apache Flink, in this process or on a cluster. */
    FLINK
  }

  /** Copies the list. */
  public RunnerOptions {
    beamArgs = List.copyOf(beamArgs);
  }

  /**
   * The direct runner.
   *
   * @param slots requests under way at once; empty for the default
   */
  public static RunnerOptions direct(OptionalInt slots, List<String> beamArgs) {
    return new RunnerOptions(Kind.DIRECT, slots, REQUESTS, Optional.empty(), beamArgs);
  }

  /**
   * Flink in this process.
   *
   * @param workers each with its request slots
   */
  public static RunnerOptions flink(int workers, int requestsPerWorker, List<String> beamArgs) {
    return new RunnerOptions(
        Kind.FLINK, OptionalInt.of(workers), requestsPerWorker, Optional.empty(), beamArgs);
  }

  /** Whether the steps run in processes of a cluster, which see neither database nor key file. */
  public boolean isRemote() {
    return flinkMaster.isPresent();
  }

  /** The same with this many workers. */
  public RunnerOptions withWorkers(int workers) {
    return new RunnerOptions(
        kind, OptionalInt.of(workers), requestsPerWorker, flinkMaster, beamArgs);
  }

  /**
   * Requests that one worker has under way by itself: on the direct runner each request is a
   * worker.
   */
  public int requestsOfAWorker() {
    return kind == Kind.DIRECT ? 1 : requestsPerWorker;
  }

  /** As ops.backfill_runs names it. */
  public String label() {
    return switch (kind) {
      case DIRECT -> "direct";
      case FLINK -> flinkMaster.map(master -> "flink " + master).orElse("flink");
    };
  }

  /** Workers on Flink: one in this process unless asked otherwise. */
  public int workers() {
    return parallelism.orElse(1);
  }

  /** Requests under way at once, over all workers. */
  public int slots() {
    return kind == Kind.DIRECT ? parallelism.orElse(REQUESTS) : workers() * requestsPerWorker;
  }
}
