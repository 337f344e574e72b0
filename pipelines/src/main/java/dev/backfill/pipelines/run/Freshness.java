package dev.backfill.pipelines.run;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * How old a table's newest row may be: by weekdays that have passed since, as the check stale of
 * {@code validate} has it. Economic series are judged by validate alone, each by its frequency.
 */
final class Freshness {
  private static final int DAILY = 4;
  private static final int INTRADAY = 2;

  private Freshness() {}

  /** Whether a table's newest row is older than is usual; of others nobody can say. */
  static boolean isStale(String table, Instant newest, Instant now) {
    return weekdays(newest.atOffset(ZoneOffset.UTC).toLocalDate(), now) > allowed(table);
  }

  private static int allowed(String table) {
    if (table.endsWith("_ohlcv_1d") || table.endsWith("_statistics")) {
      return DAILY;
    }
    if (table.contains("_ohlcv_")) {
      return INTRADAY;
    }
    return Integer.MAX_VALUE;
  }

  /** Weekdays after a date and before today, UTC. */
  private static long weekdays(LocalDate date, Instant now) {
    LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    return date.isBefore(today)
        ? date.plusDays(1)
            .datesUntil(today.isAfter(date.plusDays(1)) ? today : date.plusDays(1))
            .filter(
                d -> d.getDayOfWeek() != DayOfWeek.SATURDAY && d.getDayOfWeek() != DayOfWeek.SUNDAY)
            .count()
        : 0;
  }
}
