package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes that may fetch: where from, where to, and what it may cost. */
final class FetchArgs {
  @Mixin private PlaceArgs place = new PlaceArgs();
  @Mixin private RunnerArgs runner = new RunnerArgs();
  @Mixin private SpendArgs spend = new SpendArgs();

  @Option(names = "--dry-run", description = "Stop after the plan: fetch nothing, write nothing.")
  private boolean dryRun;

  @Mixin private WaitArgs wait = new WaitArgs();

  /** The options of a command that cannot do without a database. */
  RunOptions options(Job job, String command, List<String> beamArgs) {
    return options(job, Optional.of(databaseFile(command)), beamArgs);
  }

  /** The same for each part of a job. */
  List<RunOptions> options(List<Job> parts, String command, List<String> beamArgs) {
    return parts.stream().map(part -> options(part, command, beamArgs)).toList();
  }

  /** The options of a command that needs no database. */
  List<RunOptions> withoutDatabase(List<Job> parts, List<String> beamArgs) {
    return parts.stream().map(part -> options(part, place.database().file(), beamArgs)).toList();
  }

  /** Whether there is a key for FRED. */
  boolean hasFredKey() {
    return place.service().hasFredKey();
  }

  /** The database of a command that cannot do without. */
  Path databaseFile(String command) {
    return place.database().requiredFile(command);
  }

  private RunOptions options(Job job, Optional<Path> file, List<String> beamArgs) {
    return new RunOptions(
        job,
        file,
        place.landing().place(),
        place.service().api(job),
        place.service().fred(job),
        runner.options(beamArgs),
        spend.limits(),
        dryRun,
        place.database().storageVersion(),
        wait.time());
  }
}
