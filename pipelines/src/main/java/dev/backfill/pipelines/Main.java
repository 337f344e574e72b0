package dev.backfill.pipelines;

import dev.backfill.io.duckdb.Database;
import dev.backfill.pipelines.run.BackfillActions;
import java.util.Arrays;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    // Reading the command line takes as long as loading DuckDB: both at once.
    if (Arrays.stream(args).anyMatch(arg -> arg.equals("--db") || arg.startsWith("--db="))) {
      Database.beginLoading();
    }
    System.exit(Backfill.execute(new BackfillActions(), Streams.ofProcess(), args));
  }
}
