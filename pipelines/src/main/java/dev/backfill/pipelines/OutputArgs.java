package dev.backfill.pipelines;

import picocli.CommandLine.Option;

/** How a command speaks. */
final class OutputArgs {
  @Option(
      names = "--json",
      description = "Print the result as one JSON document on standard output.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print results and warnings only: no notes, no progress.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show log messages, and the stack trace of an error.")
  private boolean verbose;

  Console console(Streams streams) {
    return new Console(
        streams.out(),
        streams.err(),
        quiet ? Console.Mode.QUIET : Console.Mode.NORMAL,
        json,
        streams.terminal(),
        streams.width());
  }

  boolean isJson() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }
}
