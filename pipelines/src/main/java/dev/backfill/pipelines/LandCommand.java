package dev.backfill.pipelines;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill land}. */
@Command(
    name = "land",
    description = {
      "Fetch what is missing into the landing and load nothing: the first half of a run.",
      "Needs no database; with --db, what that has loaded is not fetched. load does the rest."
    })
final class LandCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;
  private final List<String> beamArgs;

  @Mixin private FetchJobArgs args = new FetchJobArgs();

  LandCommand(Actions actions, Streams streams, List<String> beamArgs) {
    this.actions = actions;
    this.streams = streams;
    this.beamArgs = beamArgs;
  }

  @Override
  public Integer call() throws IOException {
    List<RunOptions> parts =
        args.fetch().withoutDatabase(args.job().read(), beamArgs).stream()
            .map(part -> part.named(args.job().given()))
            .toList();
    return actions.land(parts, args.console(streams));
  }
}
