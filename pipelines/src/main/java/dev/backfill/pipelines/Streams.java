package dev.backfill.pipelines;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The process's streams, or a test's.
 *
 * @param out for data
 * @param err for everything else
 * @param terminal whether err is a terminal
 * @param width of that terminal in characters
 */
record Streams(PrintStream out, PrintStream err, boolean terminal, int width) {
  /** Says whether standard error is a terminal, and how wide; the launcher sets it. */
  private static final String TERMINAL = "backfill.terminal";

  /** The process's own, in UTF-8. */
  static Streams ofProcess() {
    return new Streams(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        Integer.getInteger(TERMINAL, 0) > 0,
        Integer.getInteger(TERMINAL, 0));
  }
}
