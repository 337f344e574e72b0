package dev.backfill.pipelines;

import dev.backfill.pipelines.run.BackfillActions;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(Backfill.execute(new BackfillActions(), Streams.ofProcess(), args));
  }
}
