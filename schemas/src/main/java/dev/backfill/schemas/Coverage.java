package dev.backfill.schemas;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A set of instants, kept as sorted, disjoint intervals that do not touch: what is wanted, covered,
 * landed, or still to do. The whole plan is {@code wanted.minus(covered).minus(landed)}. Immutable.
 */
public final class Coverage {
  /** The empty set. */
  public static final Coverage NONE = new Coverage(List.of());

  private final List<Interval> intervals;

  private Coverage(List<Interval> intervals) {
    this.intervals = intervals;
  }

  /** The union of intervals given in any order, overlapping or not. */
  public static Coverage of(Collection<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>(intervals);
    sorted.sort(null);
    List<Interval> merged = new ArrayList<>(sorted.size());
    for (Interval next : sorted) {
      Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && next.startNs() <= last.endNs()) {
        merged.set(
            merged.size() - 1, new Interval(last.startNs(), Math.max(last.endNs(), next.endNs())));
      } else {
        merged.add(next);
      }
    }
    return merged.isEmpty() ? NONE : new Coverage(List.copyOf(merged));
  }

  /** The union of intervals given in any order, overlapping or not. */
  public static Coverage of(Interval... intervals) {
    return of(List.of(intervals));
  }

  /** Sorted, disjoint, not touching. */
  public List<Interval> intervals() {
    return intervals;
  }

  /** Whether nothing is in it. */
  public boolean isEmpty() {
    return intervals.isEmpty();
  }

  /** What is in either. */
  public Coverage union(Coverage other) {
    List<Interval> all = new ArrayList<>(intervals);
    all.addAll(other.intervals);
    return of(all);
  }

  /** What is in this and not in {@code other}. */
  public Coverage minus(Coverage other) {
    List<Interval> left = new ArrayList<>();
    int j = 0;
    for (Interval mine : intervals) {
      long from = mine.startNs();
      while (j < other.intervals.size() && other.intervals.get(j).endNs() <= from) {
        j++;
      }
      for (int k = j; k < other.intervals.size() && from < mine.endNs(); k++) {
        Interval taken = other.intervals.get(k);
        if (taken.startNs() >= mine.endNs()) {
          break;
        }
        if (from < taken.startNs()) {
          left.add(new Interval(from, taken.startNs()));
        }
        from = Math.max(from, taken.endNs());
      }
      if (from < mine.endNs()) {
        left.add(new Interval(from, mine.endNs()));
      }
    }
    return of(left);
  }

  /** What is in both. */
  public Coverage intersect(Coverage other) {
    return minus(minus(other));
  }

  /** Whether all of {@code other} is in this. */
  public boolean covers(Coverage other) {
    return other.minus(this).isEmpty();
  }

  /** The sum of the lengths, in nanoseconds; those of centuries are more than a long can hold. */
  public double lengthNs() {
    return intervals.stream().mapToDouble(i -> (double) i.endNs() - i.startNs()).sum();
  }

  /**
   * The same instants in pieces of at most {@code pieceNs} nanoseconds, each interval cut from its
   * own start.
   *
   * @param pieceNs positive
   */
  public List<Interval> cut(long pieceNs) {
    if (pieceNs <= 0) {
      throw new IllegalArgumentException("A piece must be longer than nothing: " + pieceNs + " ns");
    }
    List<Interval> pieces = new ArrayList<>();
    for (Interval whole : intervals) {
      long from = whole.startNs();
      while (from < whole.endNs()) {
        long to = whole.endNs() - from <= pieceNs ? whole.endNs() : from + pieceNs;
        pieces.add(new Interval(from, to));
        from = to;
      }
    }
    return pieces;
  }

  /**
   * The same instants in pieces of at most {@code pieceNs} nanoseconds, cut only between whole
   * intervals of a schema: every edge that is not one of this set's own is a multiple of {@code
   * edgeNs} since 1970, so that no bar is ever cut in two.
   *
   * @param edgeNs length of the schema's interval, positive
   * @param pieceNs at least {@code edgeNs}
   */
  public List<Interval> cut(long pieceNs, long edgeNs) {
    if (edgeNs <= 0 || pieceNs < edgeNs) {
      throw new IllegalArgumentException(
          "A piece must be at least one whole interval: piece "
              + pieceNs
              + " ns, interval "
              + edgeNs
              + " ns");
    }
    List<Interval> pieces = new ArrayList<>();
    for (Interval whole : intervals) {
      long from = whole.startNs();
      while (from < whole.endNs()) {
        long to =
            whole.endNs() - from <= pieceNs
                ? whole.endNs()
                : Math.floorDiv(from + pieceNs, edgeNs) * edgeNs;
        pieces.add(new Interval(from, to));
        from = to;
      }
    }
    return pieces;
  }

  /**
   * The whole intervals of a schema that lie inside: every interval of this set without the cut
   * ones at its two ends.
   *
   * @param edgeNs length of the schema's interval, positive
   */
  public Coverage whole(long edgeNs) {
    List<Interval> kept = new ArrayList<>();
    for (Interval one : intervals) {
      long from = -Math.floorDiv(-one.startNs(), edgeNs) * edgeNs;
      long to = Math.floorDiv(one.endNs(), edgeNs) * edgeNs;
      if (from < to) {
        kept.add(new Interval(from, to));
      }
    }
    return of(kept);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Coverage that && intervals.equals(that.intervals);
  }

  @Override
  public int hashCode() {
    return intervals.hashCode();
  }

  @Override
  public String toString() {
    return intervals.toString();
  }
}
