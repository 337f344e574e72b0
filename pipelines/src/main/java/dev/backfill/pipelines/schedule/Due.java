package dev.backfill.pipelines.schedule;

import java.util.Locale;

/**
 * When a job is brought up to date, in UTC: at a time of each day, or at a minute of each hour.
 * Immutable.
 *
 * @param hour of the day; -1 for every hour
 * @param minute of the hour
 * @param why the time is right, as the end of a sentence
 */
public record Due(int hour, int minute, String why) {
  /** Each day at that time. */
  public static Due daily(int hour, int minute, String why) {
    return new Due(hour, minute, why);
  }

  /** Each hour at that minute. */
  public static Due hourly(int minute, String why) {
    return new Due(-1, minute, why);
  }

  boolean isHourly() {
    return hour < 0;
  }

  /** The five fields of cron. */
  String cron() {
    return minute + " " + (isHourly() ? "*" : Integer.toString(hour)) + " * * *";
  }

  /** What systemd calls a calendar event. */
  String calendar() {
    return isHourly()
        ? String.format(Locale.ROOT, "*-*-* *:%02d:00 UTC", minute)
        : String.format(Locale.ROOT, "*-*-* %02d:%02d:00 UTC", hour, minute);
  }

  /** For people. */
  String words() {
    return (isHourly()
            ? "every hour at minute " + minute
            : String.format(Locale.ROOT, "each day at %02d:%02d UTC", hour, minute))
        + ", "
        + why;
  }
}
