package dev.backfill.io.fred;

import dev.backfill.io.http.Sleeper;
import dev.backfill.io.http.SlidingWindow;
import dev.backfill.schemas.Times;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * So many requests a minute of one service, however many clients this process has. A 429 stops all
 * of them for a while. Safe for use by several threads.
 */
final class FredLimit {
  // A little over a minute: requests that leave spread may arrive closer together.
  private static final Duration WINDOW = Duration.ofMillis(60_500);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Map<String, FredLimit> BY_ORIGIN = new ConcurrentHashMap<>();

  private final int perMinute;
  private final SlidingWindow window;
  private long closedUntilNs = Long.MIN_VALUE;

  FredLimit(int perMinute) {
    this.perMinute = perMinute;
    this.window = new SlidingWindow(perMinute, WINDOW);
  }

  /** The limit that all clients of this origin share: the smallest that any has asked for. */
  static FredLimit of(String origin, int perMinute) {
    return BY_ORIGIN.merge(
        origin,
        new FredLimit(perMinute),
        (known, other) -> other.perMinute < known.perMinute ? other : known);
  }

  /** Waits until a request may start. */
  void acquire(Sleeper sleeper, Clock clock) throws InterruptedIOException {
    try {
      sleep(sleeper, window.reserve(Times.nanos(clock.instant())));
      for (long wait = closedForNs(clock); wait > 0; wait = closedForNs(clock)) {
        sleep(sleeper, wait);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("interrupted while waiting for a turn to ask FRED");
      stopped.initCause(e);
      throw stopped;
    }
  }

  /** Lets no request of this process start for so long. */
  synchronized void pause(Duration wait, Clock clock) {
    Duration bounded = wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait;
    closedUntilNs = Math.max(closedUntilNs, Times.nanos(clock.instant().plus(bounded)));
  }

  private synchronized long closedForNs(Clock clock) {
    return closedUntilNs == Long.MIN_VALUE ? 0 : closedUntilNs - Times.nanos(clock.instant());
  }

  private static void sleep(Sleeper sleeper, long nanos) throws InterruptedException {
    if (nanos > 0) {
      sleeper.sleep(Duration.ofNanos(nanos));
    }
  }
}
