package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The job, and what replaces parts of it. */
final class JobArgs {
  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "A built-in job (daily-futures, options-daily, …) or the path of a YAML file.")
  private String job = "";

  @Mixin private RangeArgs range = new RangeArgs();

  /** The job with its parts, in their order. */
  List<Job> read() {
    return JobFile.readAll(job, range.overrides());
  }

  /** How the command line names it. */
  String given() {
    return job;
  }

  /** Whether anything of the job is replaced. */
  boolean isNarrowed() {
    return !range.overrides().equals(Overrides.NONE);
  }
}
