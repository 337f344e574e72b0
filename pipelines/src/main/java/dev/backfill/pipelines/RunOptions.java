package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.fred.FredKeySource;
import dev.backfill.io.fred.FredOptions;
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
 * @param fred the service of a job of FRED
 * @param runner where the steps run, and how much at once
 * @param spend what may be spent
 * @param dryRun stop after the plan
 * @param storageVersion the file format of a database that is made; empty means the default
 * @param patience how long to wait while another process has the database
 * @param given how the command line names the job, for commands that are told to people
 */
public record RunOptions(
    Job job,
    Optional<Path> database,
    LandingPlace landing,
    ApiOptions api,
    FredOptions fred,
    RunnerOptions runner,
    SpendLimits spend,
    boolean dryRun,
    Optional<String> storageVersion,
    Duration patience,
    String given) {
  /** The same of a built-in job, which goes by its name. */
  public RunOptions(
      Job job,
      Optional<Path> database,
      LandingPlace landing,
      ApiOptions api,
      FredOptions fred,
      RunnerOptions runner,
      SpendLimits spend,
      boolean dryRun,
      Optional<String> storageVersion,
      Duration patience) {
    this(
        job,
        database,
        landing,
        api,
        fred,
        runner,
        spend,
        dryRun,
        storageVersion,
        patience,
        job.wholeName());
  }

  /** The same, where FRED is asked beside the service with the key of the environment. */
  public RunOptions(
      Job job,
      Optional<Path> database,
      LandingPlace landing,
      ApiOptions api,
      RunnerOptions runner,
      SpendLimits spend,
      boolean dryRun,
      Optional<String> storageVersion,
      Duration patience) {
    this(
        job,
        database,
        landing,
        api,
        ServiceUrls.fred(api, FredKeySource.environment()),
        runner,
        spend,
        dryRun,
        storageVersion,
        patience);
  }

  /** The same with FRED reached so. */
  public RunOptions withFred(FredOptions other) {
    return new RunOptions(
        job, database, landing, api, other, runner, spend, dryRun, storageVersion, patience, given);
  }

  /** The same for another job. */
  public RunOptions withJob(Job other) {
    return new RunOptions(
        other,
        database,
        landing,
        api,
        fred,
        runner,
        spend,
        dryRun,
        storageVersion,
        patience,
        given);
  }

  /** The same, where another process is waited for as long as this. */
  public RunOptions withPatience(Duration other) {
    return new RunOptions(
        job, database, landing, api, fred, runner, spend, dryRun, storageVersion, other, given);
  }

  /** The same, where other amounts may be spent. */
  public RunOptions withSpend(SpendLimits limits) {
    return new RunOptions(
        job, database, landing, api, fred, runner, limits, dryRun, storageVersion, patience, given);
  }

  /** The same on another runner. */
  public RunOptions withRunner(RunnerOptions other) {
    return new RunOptions(
        job, database, landing, api, fred, other, spend, dryRun, storageVersion, patience, given);
  }

  /** The same of a job that the command line names so, as by its file. */
  public RunOptions named(String other) {
    return new RunOptions(
        job, database, landing, api, fred, runner, spend, dryRun, storageVersion, patience, other);
  }
}
