package dev.backfill.schemas;

import java.time.Instant;

/**
 * A half-open stretch of time, {@code [startNs, endNs)}, in UTC nanoseconds since 1970. Never
 * empty. Immutable.
 *
 * @param startNs inclusive
 * @param endNs exclusive, later than {@code startNs}
 */
public record Interval(long startNs, long endNs) implements Comparable<Interval> {

  /** Refuses an empty or backward interval with {@link IllegalArgumentException}. */
  public Interval {
    if (startNs >= endNs) {
      throw new IllegalArgumentException(
          "An interval must end after it starts: start "
              + Times.text(startNs)
              + ", end "
              + Times.text(endNs));
    }
  }

  /** The interval between two instants. */
  public static Interval of(Instant start, Instant end) {
    return new Interval(Times.nanos(start), Times.nanos(end));
  }

  /** Whether the two share at least one nanosecond. */
  public boolean overlaps(Interval other) {
    return startNs < other.endNs && other.startNs < endNs;
  }

  /** Whether {@code instantNs} lies inside. */
  public boolean contains(long instantNs) {
    return startNs <= instantNs && instantNs < endNs;
  }

  @Override
  public int compareTo(Interval other) {
    int byStart = Long.compare(startNs, other.startNs);
    return byStart != 0 ? byStart : Long.compare(endNs, other.endNs);
  }

  /** ISO text, {@code 2020-01-01T00:00:00Z/2020-02-01T00:00:00Z}. */
  @Override
  public String toString() {
    return Times.text(startNs) + "/" + Times.text(endNs);
  }
}
