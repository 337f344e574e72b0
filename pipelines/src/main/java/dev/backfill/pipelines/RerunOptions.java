package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What {@code rerun} is asked for. Immutable.
 *
 * @param parts of the job, with the command line's overrides in them; none means every job that the
 *     kind finds
 * @param narrowed what the command line narrows it to
 * @param kind which ranges
 * @param database the DuckDB file
 * @param run the options of the run of one job
 */
public record RerunOptions(
    List<Job> parts, Overrides narrowed, Kind kind, Path database, Function<Job, RunOptions> run) {
  /** Which ranges are fetched. */
  public enum Kind {
    /** What last ended as failed and is not covered. */
    FAILED,
    /** All of it, loaded or not. */
    FORCED,
    /** What the service has changed since it was loaded. */
    CHANGED
  }
}
