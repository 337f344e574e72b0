package dev.backfill.io.databento;

import dev.backfill.io.http.Sleeper;
import dev.backfill.io.http.SlidingWindow;
import dev.backfill.schemas.Times;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * What this process may ask of one service at once, however many clients it has: one instance for
 * each origin, kept as long as the process lives. A 429 slows all of them together. Safe for use by
 * several threads.
 */
final class OriginLimits {
  /** Families of calls that the service counts apart, with the calls a second that it allows. */
  enum Family {
    METADATA(20),
    SYMBOLOGY(100),
    TIMESERIES(100);

    private final int perSecond;

    Family(int perSecond) {
      this.perSecond = perSecond;
    }
  }

  /** Open connections; the service allows 100. */
  static final int CONNECTIONS = 96;

  // A little over a second: requests that leave spread may arrive closer together.
  private static final Duration WINDOW = Duration.ofMillis(1_050);
  // A request that is told to wait longer waits on its own account; the others try after this.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Map<String, OriginLimits> BY_ORIGIN = new ConcurrentHashMap<>();

  private final Map<Family, SlidingWindow> windows = new EnumMap<>(Family.class);
  private final double share;
  private final Semaphore connections;
  private long closedUntilNs = Long.MIN_VALUE;

  /**
   * Limits of their own.
   *
   * @param share of what the service allows, above 0 to 1; at least one of everything
   */
  OriginLimits(double share) {
    this.share = share;
    this.connections = new Semaphore(part(CONNECTIONS, share), true);
    for (Family family : Family.values()) {
      windows.put(family, new SlidingWindow(part(family.perSecond, share), WINDOW));
    }
  }

  private static int part(int whole, double share) {
    return Math.max(1, (int) (whole * share));
  }

  /**
   * The limits that all clients of this origin share: the smallest share that any of them has asked
   * for.
   */
  static OriginLimits of(String origin, double share) {
    return BY_ORIGIN.merge(
        origin,
        new OriginLimits(share),
        (known, other) -> other.share < known.share ? other : known);
  }

  /**
   * Waits until a request of the family may start, and takes one connection for it; {@link
   * #release} gives it back. Who waits for a turn holds no connection: others, of families that
   * have turns left, would wait for nothing.
   */
  void acquire(Family family, Sleeper sleeper, Clock clock) throws InterruptedIOException {
    try {
      boolean started = false;
      while (!started) {
        pauseUntilOpen(sleeper, clock);
        sleep(sleeper, window(family).reserve(now(clock)));
        started = connected(family, clock);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("interrupted while waiting for a turn to ask the service");
      stopped.initCause(e);
      throw stopped;
    }
  }

  /**
   * Takes a connection for a turn that has come. A turn for which none was free is lost, or those
   * who waited would start together; and a pause that began while we waited holds for us too.
   */
  private boolean connected(Family family, Clock clock) throws InterruptedException {
    boolean atOnce = connections.tryAcquire();
    if (!atOnce) {
      connections.acquire();
    }
    boolean starts = closedForNs(clock) <= 0 && (atOnce || window(family).reserveNow(now(clock)));
    if (!starts) {
      connections.release();
    }
    return starts;
  }

  void release() {
    connections.release();
  }

  /** Lets no request of this process start for so long. */
  synchronized void pause(Duration wait, Clock clock) {
    Duration bounded = wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait;
    long until = Times.nanos(clock.instant().plus(bounded));
    closedUntilNs = Math.max(closedUntilNs, until);
  }

  private SlidingWindow window(Family family) {
    return Objects.requireNonNull(windows.get(family), family.name());
  }

  private void pauseUntilOpen(Sleeper sleeper, Clock clock) throws InterruptedException {
    for (long wait = closedForNs(clock); wait > 0; wait = closedForNs(clock)) {
      sleep(sleeper, wait);
    }
  }

  private synchronized long closedForNs(Clock clock) {
    return closedUntilNs == Long.MIN_VALUE ? 0 : closedUntilNs - now(clock);
  }

  private static long now(Clock clock) {
    return Times.nanos(clock.instant());
  }

  private static void sleep(Sleeper sleeper, long nanos) throws InterruptedException {
    if (nanos > 0) {
      sleeper.sleep(Duration.ofNanos(nanos));
    }
  }
}
