package dev.backfill.transforms;

import dev.backfill.io.fred.FredPages;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts together what was asked for in several real-time periods, because the service does not answer
 * over more than 2,000 vintages at once: it cuts what was known on both sides of an edge there, and
 * only the two halves together are one row. Holds a value for each date. Not thread-safe.
 */
final class VintageJoin {
  /** Takes a row. */
  interface Rows {
    void add(int date, int realtimeStart, int realtimeEnd, double value);
  }

  /** What was the known value of a date at the end of a period; {@code .} is one too. */
  private record Open(int start, int end, boolean hasValue, double value) {
    boolean goesOn(FredPages row) {
      return end + 1 == row.realtimeStart()
          && hasValue == row.hasValue()
          && (!hasValue || Double.compare(value, row.value()) == 0);
    }
  }

  private final Map<Integer, Open> open = new TreeMap<>();

  /** Takes the current observation. */
  void take(FredPages row, Rows rows) throws IOException {
    int start = row.realtimeStart();
    Open before = open.remove(row.date());
    if (before != null && before.goesOn(row)) {
      start = before.start();
    } else if (before != null) {
      give(row.date(), before, rows);
    }
    Open now = new Open(start, row.realtimeEnd(), row.hasValue(), row.value());
    if (row.realtimeEnd() == row.periodEnd()) {
      open.put(row.date(), now);
    } else {
      give(row.date(), now, rows);
    }
  }

  /** Gives what is left once all periods were read. */
  void drain(Rows rows) {
    for (Iterator<Map.Entry<Integer, Open>> all = open.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Integer, Open> one = all.next();
      give(one.getKey(), one.getValue(), rows);
      all.remove();
    }
  }

  private static void give(int date, Open value, Rows rows) {
    if (value.hasValue()) {
      rows.add(date, value.start(), value.end(), value.value());
    }
  }
}
