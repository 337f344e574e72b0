package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code validate} is asked for. Immutable.
 *
 * @param jobs what is wanted
 * @param isNamed whether the user named the jobs: then all that they want must be there; else only
 *     those count of which something is loaded, and only from where it begins
 * @param narrowed what the command line said instead of the jobs' own symbols and range, for the
 *     commands that are printed
 * @param database the DuckDB file, which is there
 * @param tables full names; empty means every table that is there
 * @param asOf by which instant it is judged what is stale; empty means now
 * @param log whether the result goes to ops.data_quality_log
 * @param strict whether a warning fails as well
 * @param patience how long to wait for another process
 */
public record ValidateOptions(
    List<Job> jobs,
    boolean isNamed,
    Overrides narrowed,
    Path database,
    List<String> tables,
    Optional<Instant> asOf,
    boolean log,
    boolean strict,
    Duration patience) {

  /** Of jobs as they stand. */
  public ValidateOptions(
      List<Job> jobs,
      boolean isNamed,
      Path database,
      List<String> tables,
      Optional<Instant> asOf,
      boolean log,
      boolean strict,
      Duration patience) {
    this(jobs, isNamed, Overrides.NONE, database, tables, asOf, log, strict, patience);
  }

  /** Copies the lists. */
  public ValidateOptions {
    jobs = List.copyOf(jobs);
    tables = List.copyOf(tables);
  }
}
