package dev.backfill.pipelines;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a line at a steady period until it is closed: five times a second on a terminal, where it
 * is one line rewritten, else every five seconds. Open it around the work:
 *
 * <pre>{@code
 * try (Progress progress = Progress.show(console, () -> counts.line())) {
 *   work();
 * }
 * }</pre>
 */
public final class Progress implements AutoCloseable {
  static final Duration ON_TERMINAL = Duration.ofMillis(200);
  static final Duration ELSEWHERE = Duration.ofSeconds(5);

  private final Console console;
  private final ScheduledExecutorService clock;

  private Progress(Console console, ScheduledExecutorService clock) {
    this.console = console;
    this.clock = clock;
  }

  /**
   * Begins.
   *
   * @param line says how far the work is, empty where there is nothing new to say; called on
   *     another thread, so it must be safe there, and it must not throw
   */
  public static Progress show(Console console, Supplier<String> line) {
    ScheduledExecutorService clock =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "progress");
              thread.setDaemon(true);
              return thread;
            });
    return show(console, line, clock);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the clock ends with close()
  static Progress show(Console console, Supplier<String> line, ScheduledExecutorService clock) {
    if (!console.quiet()) {
      long period = period(console).toMillis();
      clock.scheduleAtFixedRate(
          () -> show(console, line.get()), period, period, TimeUnit.MILLISECONDS);
    }
    return new Progress(console, clock);
  }

  private static void show(Console console, String text) {
    if (!text.isEmpty()) {
      console.progress(text);
    }
  }

  static Duration period(Console console) {
    return console.terminal() ? ON_TERMINAL : ELSEWHERE;
  }

  /** Ends, and takes the line off a terminal. */
  @Override
  public void close() {
    clock.shutdownNow();
    console.endProgress();
  }
}
