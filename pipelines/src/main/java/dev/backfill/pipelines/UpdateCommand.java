package dev.backfill.pipelines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code backfill update}. */
@Command(
    name = "update",
    description = {
      "Fetch up to the newest complete interval: what a schedule calls.",
      "Holes are filled, and what was not final is looked at again. An end that is not there yet is",
      "no error. One job that fails does not stop the others; the exit code is the worst."
    })
final class UpdateCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Parameters(
      arity = "0..*",
      paramLabel = "JOB",
      description =
          "Built-in jobs or paths of YAML files (default: daily-futures and hourly-futures).")
  private List<String> jobs = new ArrayList<>();

  @Mixin private RangeArgs range = new RangeArgs();
  @Mixin private FetchArgs fetch = new FetchArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  UpdateCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    List<RunOptions> options = new ArrayList<>();
    for (String name : jobs.isEmpty() ? JobSource.USUAL : jobs) {
      options.addAll(fetch.options(JobFile.readAll(name, range.overrides()), "update", beamArgs));
    }
    return actions.update(options, output.console(streams));
  }
}
