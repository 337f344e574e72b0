package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code plan} and {@code run} are asked for, after every check that needs neither the service
 * nor the database. Immutable.
 *
 * @param job with the command line's overrides in it
 * @param database the DuckDB file; {@code plan} may go without, then nothing counts as loaded
 * @param landing the folder of raw answers
 * @param api the service
 * @param parallelism request slots; empty means the default
 * @param spend what may be spent
 * @param dryRun stop after the plan
 * @param storageVersion the file format of a database that is made; empty means the default
 * @param patience how long to wait while another process has the database
 * @param beamArgs Beam's own options, what stood after {@code --}
 */
public record RunOptions(
    Job job,
    Optional<Path> database,
    Path landing,
    ApiOptions api,
    OptionalInt parallelism,
    SpendLimits spend,
    boolean dryRun,
    Optional<String> storageVersion,
    Duration patience,
    List<String> beamArgs) {
  /** Copies the list. */
  public RunOptions {
    beamArgs = List.copyOf(beamArgs);
  }

  /** The same, where another process is waited for as long as this. */
  public RunOptions withPatience(Duration other) {
    return new RunOptions(
        job, database, landing, api, parallelism, spend, dryRun, storageVersion, other, beamArgs);
  }

  /** The same, where other amounts may be spent. */
  public RunOptions withSpend(SpendLimits limits) {
    return new RunOptions(
        job,
        database,
        landing,
        api,
        parallelism,
        limits,
        dryRun,
        storageVersion,
        patience,
        beamArgs);
  }
}
