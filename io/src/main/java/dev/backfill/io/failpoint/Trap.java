package dev.backfill.io.failpoint;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds every thread that comes to a fail point once the named one was passed so often. */
final class Trap {
  private static final Logger LOG = LoggerFactory.getLogger(FailPoint.class);

  /** Who is not killed within this time has lost its trial, and ends by itself. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final int FORGOTTEN = 99;

  private final FailPoint point;
  private final AtomicInteger left;
  private volatile boolean sprung;

  private Trap(FailPoint point, int passing) {
    this.point = point;
    this.left = new AtomicInteger(passing);
  }

  /**
   * A trap as the property describes it; null where there is none.
   *
   * @throws IllegalArgumentException if it names no fail point, or no number of a passing
   */
  static @Nullable Trap of(@Nullable String property) {
    if (property == null) {
      return null;
    }
    int colon = property.indexOf(':');
    String label = colon < 0 ? property : property.substring(0, colon);
    String passing = colon < 0 ? "1" : property.substring(colon + 1);
    for (FailPoint point : FailPoint.values()) {
      if (point.label().equals(label) && passing.matches("[1-9][0-9]{0,8}")) {
        return new Trap(point, Integer.parseInt(passing));
      }
    }
    throw new IllegalArgumentException(
        FailPoint.PROPERTY
            + "="
            + property
            + " is no fail point: give one of "
            + Arrays.stream(FailPoint.values())
                .map(FailPoint::label)
                .collect(Collectors.joining(", "))
            + ", and perhaps the number of its passing, like mid-body:3");
  }

  /** Whether this passing springs it. Once sprung it stays so. */
  boolean springs(FailPoint at) {
    if (at == point && left.decrementAndGet() == 0) {
      sprung = true;
      LOG.error("Stopped at fail point {}", point.label());
    }
    return sprung;
  }

  void pass(FailPoint at) {
    if (springs(at)) {
      hold();
    }
  }

  /** Waits to be killed; an interrupt is no reason to go on. */
  private static void hold() {
    long forgotten = System.nanoTime() + PATIENCE.toNanos();
    for (long rest = PATIENCE.toNanos(); rest > 0; rest = forgotten - System.nanoTime()) {
      LockSupport.parkNanos(rest);
      if (Thread.interrupted()) {
        LOG.debug("A thread that a fail point holds was interrupted");
      }
    }
    Runtime.getRuntime().halt(FORGOTTEN);
  }
}
