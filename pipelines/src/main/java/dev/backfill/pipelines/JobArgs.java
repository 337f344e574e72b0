package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The job, and what replaces parts of it. */
final class JobArgs {
  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description =
          "A built-in job (daily-futures, hourly-futures, fred) or the path of a YAML file.")
  private String job = "";

  @Mixin private RangeArgs range = new RangeArgs();

  Job read() {
    return JobFile.read(job, range.overrides());
  }

  /** Whether anything of the job is replaced. */
  boolean isNarrowed() {
    return !range.overrides().equals(Overrides.NONE);
  }
}
