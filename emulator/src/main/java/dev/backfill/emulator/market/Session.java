package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** When a group of products trades, in Chicago time, and how busy each hour is. */
enum Session {
  /** Sunday 17:00 to Friday 16:00 with an hour of maintenance each afternoon. */
  GLOBEX,
  /** As Globex until 13:55, thin at night. */
  DAIRY,
  /** 19:00 to 7:45 and 8:30 to 13:20; the evening opened at 17:00 for a year from May 2012. */
  GRAINS,
  /** 8:30 to 13:05, no evening. */
  LIVESTOCK,
  /** 9:00 to 15:05, no evening. */
  LUMBER,
  /** 2:30 to 12:30, no Sunday session. */
  SOFTS;

  private static final long FULL = (1L << 60) - 1;
  private static final double[] GLOBEX_WEIGHTS = {
    0.4, 0.5, 0.9, 1.0, 0.9, 0.9, 1.1, 1.6, 2.6, 2.5, 1.9, 1.5, 1.5, 1.9, 1.3, 0.6, 0, 0.25, 0.3,
    0.45, 0.5, 0.4, 0.3, 0.3
  };
  private static final double[] PIT_WEIGHTS = {
    0.15, 0.15, 0.25, 0.3, 0.3, 0.4, 0.5, 0.6, 2.6, 2.5, 2.1, 2.0, 2.4, 2.6, 0.5, 0.3, 0, 0.2, 0.2,
    0.3, 0.3, 0.2, 0.15, 0.15
  };

  @SuppressWarnings("ImmutableEnumChecker") // a memory of pure results
  private final Map<Integer, long[]> masks = new ConcurrentHashMap<>();

  /**
   * The minutes that trade in each hour of a UTC year, as bits: index {@code dayOfYear0 * 24 +
   * hour}; 0 where closed.
   */
  long[] masksOfYear(int year) {
    return masks.computeIfAbsent(year, this::maskYear);
  }

  /** How busy an hour of the Chicago day is; 1 is an average hour of the day. */
  double weight(int chicagoHour) {
    return this == GLOBEX || this == DAIRY ? GLOBEX_WEIGHTS[chicagoHour] : PIT_WEIGHTS[chicagoHour];
  }

  private long[] maskYear(int year) {
    LocalDate day = LocalDate.of(year, 1, 1);
    int days = day.lengthOfYear();
    long[] result = new long[days * 24];
    for (int d = 0; d < days; d++, day = day.plusDays(1)) {
      int offset = UsCalendar.chicagoOffset(day);
      for (int hour = 0; hour < 24; hour++) {
        int local = hour + offset;
        LocalDate localDay = local < 0 ? day.minusDays(1) : day;
        result[d * 24 + hour] = mask(localDay, Math.floorMod(local, 24));
      }
    }
    return result;
  }

  /** The minutes of one Chicago hour that trade. */
  private long mask(LocalDate day, int hour) {
    boolean evening = hour >= 16;
    LocalDate tradeDate = evening ? day.plusDays(1) : day;
    UsCalendar.Day kind = UsCalendar.day(tradeDate);
    boolean globex = this == GLOBEX || this == DAIRY;
    if (kind == UsCalendar.Day.CLOSED || (!globex && kind == UsCalendar.Day.HALF)) {
      return 0;
    }
    if (kind != UsCalendar.Day.OPEN && !evening && hour >= 12) {
      return 0;
    }
    return switch (this) {
      case GLOBEX -> hour == 16 ? 0 : FULL;
      case DAIRY -> hour >= 14 && hour <= 16 ? 0 : hour == 13 ? minutes(0, 55) : FULL;
      case GRAINS -> grains(day, hour);
      case LIVESTOCK -> window(hour, 8, 30, 13, 5);
      case LUMBER -> window(hour, 9, 0, 15, 5);
      case SOFTS -> window(hour, 2, 30, 12, 30);
    };
  }

  private static long grains(LocalDate day, int hour) {
    boolean longEvening =
        !day.isBefore(LocalDate.of(2012, 5, 20)) && day.isBefore(LocalDate.of(2013, 4, 7));
    int open = longEvening ? 17 : 19;
    if (hour >= 16) {
      return hour >= open ? FULL : 0;
    }
    return hour < 8 ? window(hour, 0, 0, 7, 45) : window(hour, 8, 30, 13, 20);
  }

  /** The part of an hour inside [from, to). */
  private static long window(int hour, int fromHour, int fromMinute, int toHour, int toMinute) {
    int from = Math.max(fromHour * 60 + fromMinute - hour * 60, 0);
    int to = Math.min(toHour * 60 + toMinute - hour * 60, 60);
    return from >= to ? 0 : minutes(from, to);
  }

  private static long minutes(int from, int to) {
    return ((1L << (to - from)) - 1) << from;
  }
}
