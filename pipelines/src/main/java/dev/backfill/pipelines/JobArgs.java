package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The job, and what replaces parts of it. */
final class JobArgs {
  @Parameters(
      index = "0",
      paramLabel = "JOB",
      description = "A built-in job (daily-futures, hourly-futures) or the path of a YAML file.")
  private String job = "";

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "First instant wanted, instead of the job's: a UTC date or time, or days back (-365d).")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "End, exclusive, instead of the job's: a UTC date or time, or now.")
  private @Nullable String to;

  @Option(
      names = "--symbols",
      paramLabel = "LIST",
      description =
          "Instead of the job's symbols, with commas: roots in the job's form (ZL,ZS), or"
              + " requested symbols (ZL.v.0).")
  private @Nullable String symbols;

  Job read() {
    List<String> replaced =
        symbols == null ? List.of() : Arrays.stream(symbols.split(",", -1)).toList();
    return JobFile.read(job, new Overrides(time("--from", from), time("--to", to), replaced));
  }

  /** Whether anything of the job is replaced. */
  boolean isNarrowed() {
    return from != null || to != null || symbols != null;
  }

  private static Optional<JobTime> time(String option, @Nullable String text) {
    try {
      return Optional.ofNullable(text).map(JobTime::parse);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          option + " is not a time: " + text + ". Allowed: " + JobTime.FORMS, e);
    }
  }
}
