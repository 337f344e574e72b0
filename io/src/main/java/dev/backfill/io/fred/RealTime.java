package dev.backfill.io.fred;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Days whose knowledge is asked for.
 *
 * @param start inclusive
 * @param end inclusive
 */
public record RealTime(LocalDate start, LocalDate end) {
  /** The service's first day. */
  static final LocalDate FIRST = LocalDate.of(1776, 7, 4);

  /** The service's word for: still. */
  static final LocalDate STILL = LocalDate.of(9999, 12, 31);

  /** The service refuses to answer over more vintages at once. */
  static final int VINTAGES_AT_ONCE = 2_000;

  /**
   * All days, in as few periods as the service answers.
   *
   * @param vintages the days on which something of the series was published, in order
   */
  static List<RealTime> all(List<LocalDate> vintages) {
    List<RealTime> periods = new ArrayList<>();
    LocalDate start = FIRST;
    for (int i = VINTAGES_AT_ONCE; i < vintages.size(); i += VINTAGES_AT_ONCE) {
      LocalDate next = vintages.get(i);
      periods.add(new RealTime(start, next.minusDays(1)));
      start = next;
    }
    periods.add(new RealTime(start, STILL));
    return periods;
  }
}
