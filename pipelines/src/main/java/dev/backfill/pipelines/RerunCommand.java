package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backfill rerun}. */
@Command(
    name = "rerun",
    description = {
      "Fetch only what last ended as failed and is still missing; without JOB, of every job.",
      "--force and --changed fetch what is loaded once more and load it in its place; the raw",
      "answers before stay in the landing. Given again after it was stopped, it goes on."
    })
final class RerunCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "JOB",
      description = "A built-in job (daily-futures, options-daily, …) or the path of a YAML file.")
  private @Nullable String job;

  @Mixin private RangeArgs range = new RangeArgs();

  @Option(
      names = "--force",
      description = "All of the job, or of what --from, --to and --symbols name, loaded or not.")
  private boolean force;

  @Option(
      names = "--changed",
      description = "The days that the service has changed since they were loaded, newest first.")
  private boolean changed;

  @Mixin private FetchArgs fetch = new FetchArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  RerunCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    if (force && changed) {
      throw new UsageException("--force and --changed exclude each other: give one of them");
    }
    Overrides narrowed = range.overrides();
    if (force && job == null && narrowed.equals(Overrides.NONE)) {
      throw new UsageException(
          "rerun --force buys again what is loaded: name a JOB, or narrow it with --from, --to or"
              + " --symbols");
    }
    RerunOptions.Kind kind =
        force
            ? RerunOptions.Kind.FORCED
            : changed ? RerunOptions.Kind.CHANGED : RerunOptions.Kind.FAILED;
    List<Job> named =
        Optional.ofNullable(job).map(name -> JobFile.readAll(name, narrowed)).orElse(List.of());
    RerunOptions options =
        new RerunOptions(
            named,
            narrowed,
            kind,
            fetch.databaseFile("rerun"),
            one -> fetch.options(one, "rerun", beamArgs));
    return actions.rerun(options, output.console(streams));
  }
}
