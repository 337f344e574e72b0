package dev.backfill.pipelines;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Where a command speaks: data goes to standard output, everything else to standard error, so that
 * output can be piped while progress is seen. Safe for use by several threads.
 */
public final class Console {
  /** How much is said. */
  public enum Mode {
    /** Results for people, notes and progress. */
    NORMAL,
    /** Results and warnings only. */
    QUIET
  }

  private static final int DEFAULT_WIDTH = 80;

  private final PrintStream out;
  private final PrintStream err;
  private final Mode mode;
  private final boolean json;
  private final boolean terminal;
  private final int width;
  private int shown;

  /**
   * A console on given streams.
   *
   * @param json whether the result is wanted as JSON
   * @param terminal whether err is a terminal, where a progress line can be rewritten
   */
  public Console(PrintStream out, PrintStream err, Mode mode, boolean json, boolean terminal) {
    this(out, err, mode, json, terminal, DEFAULT_WIDTH);
  }

  Console(PrintStream out, PrintStream err, Mode mode, boolean json, boolean terminal, int width) {
    this.out = out;
    this.err = err;
    this.mode = mode;
    this.json = json;
    this.terminal = terminal;
    this.width = width;
  }

  /** Whether the result is wanted as JSON and nothing else may go to standard output. */
  public boolean json() {
    return json;
  }

  /** Whether only results and warnings are wanted. */
  public boolean quiet() {
    return mode == Mode.QUIET;
  }

  /** Whether progress rewrites one line. */
  public boolean terminal() {
    return terminal;
  }

  /** Prints one piece of the result to standard output. */
  public synchronized void result(String text) {
    wipe();
    out.println(text);
    out.flush();
  }

  /** Says something to the person watching; silent with {@code --quiet}. */
  public synchronized void note(String text) {
    if (!quiet()) {
      wipe();
      err.println(text);
    }
  }

  /** Says something that must not be missed. */
  public synchronized void warn(String text) {
    wipe();
    err.println("Warning: " + text);
  }

  /**
   * Shows how far the work is. On a terminal it replaces the progress line before it; elsewhere it
   * is a line of its own. Silent with {@code --quiet}.
   */
  public synchronized void progress(String text) {
    if (quiet()) {
      return;
    }
    if (!terminal) {
      err.println(text);
      return;
    }
    String line = text.length() < width ? text : text.substring(0, width - 1);
    err.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
    err.flush();
    shown = line.length();
  }

  /** Takes the progress line off the terminal. */
  public synchronized void endProgress() {
    wipe();
  }

  private void wipe() {
    if (shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }

  /** A count with thousands separators: {@code 219,004}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
