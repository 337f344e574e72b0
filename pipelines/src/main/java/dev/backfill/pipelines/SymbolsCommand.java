package dev.backfill.pipelines;

import dev.backfill.schemas.Job;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backfill symbols}. */
@Command(
    name = "symbols",
    description = {
      "Say what a job's symbols resolve to, from when to when, and why some do not. Free.",
      "With --db the contracts by day go to reference.databento_symbology."
    })
final class SymbolsCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Mixin private JobArgs job = new JobArgs();
  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private ServiceArgs service = new ServiceArgs();
  @Mixin private WaitArgs wait = new WaitArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  SymbolsCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    List<Job> parts = job.read();
    return actions.symbols(
        new SymbolsOptions(
            parts,
            database.file(),
            database.storageVersion(),
            service.api(parts.get(0)),
            wait.time()),
        output.console(streams));
  }
}
