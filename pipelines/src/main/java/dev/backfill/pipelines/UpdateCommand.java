package dev.backfill.pipelines;

import dev.backfill.schemas.Fred;
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
          "Built-in jobs or paths of YAML files (default: daily-futures and hourly-futures, and"
              + " fred where there is a key for it).")
  private List<String> jobs = new ArrayList<>();

  @Mixin private RangeArgs range = new RangeArgs();
  @Mixin private FetchArgs fetch = new FetchArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  UpdateCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  /** Who has no key for FRED has no use for its job; what narrows bars says nothing of FRED. */
  private List<String> usual(Overrides overrides) {
    List<String> names = new ArrayList<>(JobSource.USUAL);
    if (overrides.equals(Overrides.NONE) && fetch.hasFredKey()) {
      names.add(Fred.SOURCE);
    }
    return names;
  }

  @Override
  public Integer call() throws IOException {
    List<RunOptions> options = new ArrayList<>();
    Overrides overrides = range.overrides();
    for (String name : jobs.isEmpty() ? usual(overrides) : jobs) {
      options.addAll(fetch.options(JobFile.readAll(name, overrides), "update", beamArgs));
    }
    return actions.update(options, output.console(streams));
  }
}
