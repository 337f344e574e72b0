package dev.backfill.pipelines;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill run}. */
@Command(
    name = "run",
    description = {
      "Fetch what the job wants and the database does not have, and load it.",
      "Running it again fetches nothing. Beam's own options may follow after --."
    })
final class RunCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Mixin private FetchJobArgs args = new FetchJobArgs();

  RunCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    return actions.run(
        args.fetch().options(args.job().read(), "run", beamArgs), args.console(streams));
  }
}
