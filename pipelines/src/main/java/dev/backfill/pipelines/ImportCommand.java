package dev.backfill.pipelines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code backfill import}. */
@Command(
    name = "import",
    description = {
      "Load DBN files that you already have: a batch download, another tool's cache.",
      "Ranges that are loaded are skipped."
    })
final class ImportCommand implements Callable<Integer> {
  private final Actions actions;
  private final Streams streams;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "DBN files, plain or zstd; those with equal metadata count as one answer.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description =
          "The target table (default: the one for the files' schema, like"
              + " raw.databento_futures_ohlcv_1d).")
  private @Nullable String table;

  @Option(names = "--force", description = "Load ranges again that are loaded.")
  private boolean force;

  @Mixin private DatabaseArgs database = new DatabaseArgs();
  @Mixin private WaitArgs wait = new WaitArgs();
  @Mixin private OutputArgs output = new OutputArgs();

  ImportCommand(Actions actions, Streams streams) {
    this.actions = actions;
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ImportOptions options =
        new ImportOptions(
            files.stream().map(f -> Paths.readable("import", f)).toList(),
            database.requiredFile("import"),
            Optional.ofNullable(table).map(BarTables::check),
            force,
            database.storageVersion(),
            wait.time());
    return actions.importFiles(options, output.console(streams));
  }
}
