package dev.backfill.pipelines;

import dev.backfill.schemas.JobTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What replaces parts of a job, or narrows it. */
final class RangeArgs {
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

  @Option(
      names = "--groups",
      paramLabel = "LIST",
      description =
          "Instead of the series of a job of FRED, those of some groups of its catalogue, with"
              + " commas (spot_energy_daily,rates_treasury), or all.")
  private @Nullable String groups;

  @Option(
      names = "--vintages",
      description =
          "Of a job of FRED every value that was ever the known one, into raw.fred_vintages.")
  private boolean vintages;

  Overrides overrides() {
    return new Overrides(
        time("--from", from), time("--to", to), listed(symbols), listed(groups), vintages);
  }

  private static List<String> listed(@Nullable String text) {
    return text == null ? List.of() : Arrays.stream(text.split(",", -1)).toList();
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
