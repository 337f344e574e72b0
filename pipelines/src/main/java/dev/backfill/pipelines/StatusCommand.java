package dev.backfill.pipelines;

import dev.backfill.io.duckdb.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill status}. */
@Command(
    name = "status",
    description = {
      "Say what the database holds, what is missing or failed, and what to do next.",
      "Symbols, rows, first and last bar of each table, by group; what is running."
    })
final class StatusCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private LandingArgs landing = new LandingArgs();

  @Option(
      names = "--spend",
      description =
          "Say instead what was spent, by month and job; with what a killed run has left in the"
              + " journal of the landing.")
  private boolean spend;

  @Option(
      names = "--markdown",
      description = "Say it as a page of Markdown, which can be committed.")
  private boolean markdown;

  @Mixin private OutputArgs output = new OutputArgs();

  StatusCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (markdown && (spend || output.isJson())) {
      throw new UsageException("--markdown goes with neither --json nor --spend; give one of them");
    }
    Path file = database.requiredFile("status");
    Path heartbeat = file.resolveSibling(file.getFileName() + ".run.json");
    LandingPlace place = landing.place();
    boolean isLanding = !place.isLocal() || Files.isDirectory(place.path());
    if (!Database.isThere(file) && !Files.exists(heartbeat) && !isLanding) {
      throw UsageException.noDatabase(file);
    }
    if (spend) {
      return actions.spend(file, place, output.console(streams));
    }
    if (markdown) {
      return actions.statusPage(file, place, output.console(streams));
    }
    return actions.status(file, place, output.console(streams));
  }
}
