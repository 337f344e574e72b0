package dev.backfill.pipelines;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill forget}. */
@Command(
    name = "forget",
    description = {
      "Take ranges of a job out of the coverage, so that they count as missing.",
      "Says what it would cost to get them back; what the landing holds costs nothing."
    })
final class ForgetCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Mixin private JobArgs job = new JobArgs();
  @Mixin private PlaceArgs place = new PlaceArgs();
  @Mixin private WaitArgs wait = new WaitArgs();

  @Option(
      names = "--rows",
      description = "Delete the table's rows too; else they stay, and no coverage explains them.")
  private boolean rows;

  @Option(names = "--dry-run", description = "Say what would be forgotten; change nothing.")
  private boolean dryRun;

  @Mixin private OutputArgs output = new OutputArgs();

  ForgetCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (!job.isNarrowed()) {
      throw new UsageException(
          "forget needs to know what: give --symbols, --from or --to; all of a job is"
              + " --from 1970-01-01, all of fred --groups all");
    }
    return actions.forget(
        new ForgetOptions(
            job.read(),
            place.database().existingFile("forget"),
            place.landing().place(),
            place.service().apiIfThereIsAKey(),
            rows,
            dryRun,
            wait.time()),
        output.console(streams));
  }
}
