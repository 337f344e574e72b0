package dev.backfill.io.http;

import java.time.Duration;
import java.util.Arrays;

/**
 * At most so many starts in any window of time; a burst up to that number is free. Safe for use by
 * several threads.
 */
public final class SlidingWindow {
  private final long windowNs;
  private final long[] starts;
  private int next;

  /** A window of its own. */
  public SlidingWindow(int starts, Duration window) {
    this.windowNs = window.toNanos();
    this.starts = new long[starts];
    Arrays.fill(this.starts, Long.MIN_VALUE);
  }

  /**
   * Reserves the next start.
   *
   * @param nowNs UTC
   * @return nanoseconds to wait until it
   */
  public synchronized long reserve(long nowNs) {
    long start = nextStart(nowNs);
    starts[next] = start;
    next = (next + 1) % starts.length;
    return start - nowNs;
  }

  /** Reserves a start at once, or none. */
  public synchronized boolean reserveNow(long nowNs) {
    return nextStart(nowNs) == nowNs && reserve(nowNs) == 0;
  }

  private long nextStart(long nowNs) {
    long oldest = starts[next];
    return oldest == Long.MIN_VALUE ? nowNs : Math.max(nowNs, oldest + windowNs);
  }
}
