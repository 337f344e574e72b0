package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What {@code plan} and {@code run} are asked for, after every check that needs neither the service
 * nor the database. Immutable.
 *
 * @param job with the command line's overrides in it
 * @param database the DuckDB file; {@code plan} may go without, then nothing counts as loaded
 * @param landing where the raw answers are
 * @param api the service
 * @param runner where the steps run, and how much at once
 * @param spend what may be spent
 * @param dryRun stop after the plan
 * @param storageVersion the file format of a database that is made; empty means the default
 * @param patience how long to wait while another process has the database
 */
public record RunOptions(
    Job job,
    Optional<Path> database,
    LandingPlace landing,
    ApiOptions api,
    RunnerOptions runner,
    SpendLimits spend,
    boolean dryRun,
    Optional<String> storageVersion,
    Duration patience) {
  /** The same for another job. */
  public RunOptions withJob(Job other) {
    return new RunOptions(
        other, database, landing, api, runner, spend, dryRun, storageVersion, patience);
  }

  /** The same, where another process is waited for as long as this. */
  public RunOptions withPatience(Duration other) {
    return new RunOptions(
        job, database, landing, api, runner, spend, dryRun, storageVersion, other);
  }

  /** The same, where other amounts may be spent. */
  public RunOptions withSpend(SpendLimits limits) {
    return new RunOptions(
        job, database, landing, api, runner, limits, dryRun, storageVersion, patience);
  }

  /** The same on another runner. */
  public RunOptions withRunner(RunnerOptions other) {
    return new RunOptions(
        job, database, landing, api, other, spend, dryRun, storageVersion, patience);
  }
}
