package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backfill validate}. */
@Command(
    name = "validate",
    description = {
      "Say what is wrong with the data; read only.",
      "Symbols missing, holes in the coverage, gaps by the data's own calendar, duplicates, bad",
      "bars, stale series, rows that disagree with the ledger.",
      "Ends with 4 when there is an error; a warning alone ends with 0."
    })
final class ValidateCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Parameters(
      arity = "0..*",
      paramLabel = "JOB",
      description =
          "Jobs of which all must be there (default: what is there of the built-in jobs must have"
              + " no holes).")
  private List<String> jobs = new ArrayList<>();

  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private RangeArgs range = new RangeArgs();
  @Mixin private WaitArgs wait = new WaitArgs();

  @Option(
      names = "--tables",
      paramLabel = "LIST",
      description = "Only these tables, with commas, like raw.databento_futures_ohlcv_1d.")
  private @Nullable String tables;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      description = "Judge what is stale by this UTC date or time (default: now).")
  private @Nullable String asOf;

  @Option(names = "--strict", description = "End with 4 for a warning as well.")
  private boolean strict;

  @Option(
      names = "--no-log",
      description = "Do not write the result to ops.data_quality_log: read only.")
  private boolean noLog;

  @Mixin private OutputArgs output = new OutputArgs();

  ValidateCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<Job> wanted = new ArrayList<>();
    for (String name : jobs.isEmpty() ? JobFile.builtIn() : jobs) {
      wanted.addAll(JobFile.readAll(name, range.overrides()));
    }
    return actions.validate(
        new ValidateOptions(
            wanted,
            !jobs.isEmpty(),
            range.overrides(),
            database.existingFile("validate"),
            tables == null
                ? List.of()
                : Arrays.stream(tables.split(",", -1)).map(String::strip).toList(),
            time(),
            !noLog,
            strict,
            wait.time()),
        output.console(streams));
  }

  private Optional<Instant> time() {
    String text = asOf;
    if (text == null || text.equals("now")) {
      return Optional.empty();
    }
    try {
      if (JobTime.parse(text) instanceof JobTime.At at) {
        return Optional.of(Times.instant(at.nanos()));
      }
    } catch (IllegalArgumentException e) {
      throw notATime(text, e);
    }
    throw notATime(text, null);
  }

  private static UsageException notATime(String text, @Nullable Throwable cause) {
    String message =
        "--as-of is a UTC date or time, like 2025-12-16 or 2025-12-16T12:00:00Z, not " + text;
    return cause == null ? new UsageException(message) : new UsageException(message, cause);
  }
}
