package dev.backfill.io.lock;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * How long one may wait for what another process holds. Begins to run out when it is made. Used by
 * one thread.
 */
public final class Patience {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 250;

  private final long endNanos;
  private final long longest;
  private long pause = FIRST_PAUSE_MILLIS;

  private Patience(long endNanos, long longest) {
    this.endNanos = endNanos;
    this.longest = longest;
  }

  /** From now on. */
  public static Patience of(Duration wait) {
    return of(wait, Duration.ofMillis(LONGEST_PAUSE_MILLIS));
  }

  /** From now on, with pauses that become as long as this. */
  public static Patience of(Duration wait, Duration longest) {
    return new Patience(System.nanoTime() + wait.toNanos(), longest.toMillis());
  }

  /**
   * Pauses before another attempt, longer each time, up to a quarter of a second where nothing else
   * was said.
   *
   * @return false, at once, if the time is over
   * @throws InterruptedIOException if the thread was interrupted
   */
  public boolean pause() throws IOException {
    long left = (endNanos - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      return false;
    }
    try {
      Thread.sleep(Math.min(left, pause));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while waiting for another process");
    }
    pause = Math.min(longest, 2 * pause);
    return true;
  }
}
