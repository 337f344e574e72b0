package dev.backfill.pipelines;

import dev.backfill.io.duckdb.MotherDuck;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backfill demo}. */
@Command(
    name = "demo",
    description = {
      "The two-minute tour: daily and hourly futures of an emulated market, loaded and shown.",
      "Needs no key and no network. Its prices are made up."
    })
final class DemoCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Option(
      names = "--db",
      paramLabel = "FILE",
      defaultValue = "demo.duckdb",
      description = "The DuckDB file (default: ${DEFAULT-VALUE}).")
  private String db = "demo.duckdb";

  @Option(
      names = "--landing",
      paramLabel = "FOLDER",
      defaultValue = "demo-landing/",
      description = "The folder of raw answers (default: ${DEFAULT-VALUE}).")
  private String landing = "demo-landing/";

  @Mixin private OutputArgs output = new OutputArgs();

  DemoCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    if (MotherDuck.isNamed(db)) {
      throw new UsageException(
          "demo loads made-up prices, into a file: give --db a path, not " + db);
    }
    DemoOptions options = new DemoOptions(DatabaseArgs.check(db), LandingArgs.check(landing));
    return actions.demo(options, output.console(streams));
  }
}
