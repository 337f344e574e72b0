package dev.backfill.transforms;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what was asked for in several real-time periods, because the service does not
 * answer over more than 2,000 vintages at once: it cuts what was known on both sides of an edge
 * there, and only the two halves together are one row. Holds a value for each date. Not
 * thread-safe.
 */
final class VintageJoin {
  /**
   * What was known of a date for some days; all in days since 1970.
   *
   * @param start first such day
   * @param end last such day, inclusive
   * @param value null where the service said that there is none, which is knowledge too
   */
  record Known(int date, int start, int end, @Nullable Double value) {
    boolean goesOnIn(Known later) {
      return end + 1 == later.start
          && (value == null ? later.value == null : value.equals(later.value));
    }
  }

  /** Takes what was known of a date from its first day to its last, where there is a value. */
  interface Rows {
    void add(int date, int realtimeStart, int realtimeEnd, double value);
  }

  private final Map<Integer, Known> open = new TreeMap<>();

  /**
   * Takes the next piece of knowledge, by period, date and day.
   *
   * @param periodEnd the last day of the period that it was asked for in
   */
  void take(Known piece, int periodEnd, Rows rows) {
    Known before = open.remove(piece.date());
    Known now = piece;
    if (before != null && before.goesOnIn(piece)) {
      now = new Known(piece.date(), before.start(), piece.end(), piece.value());
    } else if (before != null) {
      give(before, rows);
    }
    if (now.end() == periodEnd) {
      open.put(now.date(), now);
    } else {
      give(now, rows);
    }
  }

  /** Gives what is left once all periods were read. */
  void drain(Rows rows) {
    open.values().forEach(one -> give(one, rows));
    open.clear();
  }

  private static void give(Known known, Rows rows) {
    if (known.value() != null) {
      rows.add(known.date(), known.start(), known.end(), known.value());
    }
  }
}
