package dev.backfill.pipelines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code backfill warm-up}, hidden: does once what is started often, so that the launcher can keep
 * the classes that it loads as the JVM wants them.
 */
@Command(name = "warm-up", hidden = true, description = "Load the classes of every command.")
final class WarmUpCommand implements Callable<Integer> {
  private final Actions actions;

  @Parameters(index = "0", paramLabel = "FOLDER", description = "For what it makes.")
  private String folder = "";

  @Option(names = "--runner", paramLabel = "NAME", description = "Where runs run.")
  private @Nullable String runner;

  WarmUpCommand(Actions actions) {
    this.actions = actions;
  }

  @Override
  public Integer call() throws IOException {
    return WarmUp.in(Path.of(folder), runner, actions);
  }
}
