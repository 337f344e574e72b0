package dev.backfill.emulator.market;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.temporal.TemporalAdjusters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holidays of the United States exchanges and the daylight saving time of Chicago, by rule. */
public final class UsCalendar {
  /** What a holiday does to trading. */
  enum Day {
    /** An ordinary day. */
    OPEN,
    /** Most products close at noon, agricultural ones stay shut. */
    HALF,
    /** Every product closes at noon (the day after Thanksgiving, Christmas Eve). */
    EARLY,
    /** Nothing trades. */
    CLOSED
  }

  private static final Map<Integer, Map<LocalDate, Day>> YEARS = new ConcurrentHashMap<>();

  private UsCalendar() {}

  /** What kind of trading day a date is; weekends are {@link Day#CLOSED}. */
  static Day day(LocalDate date) {
    DayOfWeek weekday = date.getDayOfWeek();
    if (weekday == DayOfWeek.SATURDAY || weekday == DayOfWeek.SUNDAY) {
      return Day.CLOSED;
    }
    return YEARS.computeIfAbsent(date.getYear(), UsCalendar::holidays).getOrDefault(date, Day.OPEN);
  }

  /** Whether the exchange settles on this date at all: a weekday that is not fully closed. */
  public static boolean isBusinessDay(LocalDate date) {
    return day(date) != Day.CLOSED;
  }

  /** Hours that Chicago is ahead of UTC: -5 in summer, -6 in winter. Whole UTC days. */
  static int chicagoOffset(LocalDate date) {
    LocalDate from =
        LocalDate.of(date.getYear(), 3, 1)
            .with(TemporalAdjusters.dayOfWeekInMonth(2, DayOfWeek.SUNDAY));
    LocalDate to =
        LocalDate.of(date.getYear(), 11, 1)
            .with(TemporalAdjusters.dayOfWeekInMonth(1, DayOfWeek.SUNDAY));
    return date.isBefore(from) || !date.isBefore(to) ? -6 : -5;
  }

  private static Map<LocalDate, Day> holidays(int year) {
    Map<LocalDate, Day> days = new ConcurrentHashMap<>();
    LocalDate thanksgiving = nth(year, Month.NOVEMBER, 4, DayOfWeek.THURSDAY);
    days.put(nth(year, Month.JANUARY, 3, DayOfWeek.MONDAY), Day.HALF);
    days.put(nth(year, Month.FEBRUARY, 3, DayOfWeek.MONDAY), Day.HALF);
    days.put(lastMonday(year, Month.MAY), Day.HALF);
    days.put(nth(year, Month.SEPTEMBER, 1, DayOfWeek.MONDAY), Day.HALF);
    days.put(thanksgiving, Day.HALF);
    days.put(thanksgiving.plusDays(1), Day.EARLY);
    days.put(observed(LocalDate.of(year, 7, 4), true), Day.HALF);
    if (year >= 2022) {
      days.put(observed(LocalDate.of(year, 6, 19), true), Day.HALF);
    }
    days.put(LocalDate.of(year, 12, 24), Day.EARLY);
    days.put(easter(year).minusDays(2), Day.CLOSED);
    days.put(observed(LocalDate.of(year, 12, 25), false), Day.CLOSED);
    days.put(observed(LocalDate.of(year, 1, 1), false), Day.CLOSED);
    return days;
  }

  /** A Sunday holiday is kept on Monday; a Saturday one on Friday, or not at all. */
  private static LocalDate observed(LocalDate date, boolean saturdayOnFriday) {
    if (date.getDayOfWeek() == DayOfWeek.SUNDAY) {
      return date.plusDays(1);
    }
    if (date.getDayOfWeek() == DayOfWeek.SATURDAY && saturdayOnFriday) {
      return date.minusDays(1);
    }
    return date;
  }

  private static LocalDate nth(int year, Month month, int n, DayOfWeek weekday) {
    return LocalDate.of(year, month, 1).with(TemporalAdjusters.dayOfWeekInMonth(n, weekday));
  }

  private static LocalDate lastMonday(int year, Month month) {
    return LocalDate.of(year, month, 1).with(TemporalAdjusters.lastInMonth(DayOfWeek.MONDAY));
  }

  /** Easter Sunday of the Gregorian calendar (the anonymous algorithm). */
  static LocalDate easter(int year) {
    int a = year % 19;
    int b = year / 100;
    int c = year % 100;
    int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    int f = (a + 11 * d + 22 * e) / 451;
    int n = d + e - 7 * f + 114;
    return LocalDate.of(year, n / 31, n % 31 + 1);
  }
}
