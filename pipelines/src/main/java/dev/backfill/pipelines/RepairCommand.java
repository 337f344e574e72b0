package dev.backfill.pipelines;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill repair}. */
@Command(
    name = "repair",
    description = {
      "Say what disagrees with the ledger, and restore it from the landing for nothing.",
      "For rows that were deleted by hand, and a table, the database or the landing that was lost.",
      "What must be bought again is priced and not bought."
    })
final class RepairCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Mixin private PlaceArgs place = new PlaceArgs();
  @Mixin private WaitArgs wait = new WaitArgs();

  @Option(names = "--dry-run", description = "Say what disagrees (exit 4); change nothing.")
  private boolean dryRun;

  @Mixin private OutputArgs output = new OutputArgs();

  RepairCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return actions.repair(
        new RepairOptions(
            place.database().requiredFile("repair"),
            place.landing().place(),
            place.service().apiIfThereIsAKey(),
            dryRun,
            wait.time()),
        output.console(streams));
  }
}
