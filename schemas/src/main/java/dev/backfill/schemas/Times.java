package dev.backfill.schemas;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Conversions between UTC nanoseconds since 1970 and the types people read. */
public final class Times {
  /** Nanoseconds in a second. */
  public static final long SECOND_NS = 1_000_000_000L;

  /** Nanoseconds in a UTC day. */
  public static final long DAY_NS = 86_400L * SECOND_NS;

  private Times() {}

  /**
   * Nanoseconds since 1970 of an instant; overflows with {@link ArithmeticException} after 2262.
   */
  public static long nanos(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), SECOND_NS), instant.getNano());
  }

  /** Nanoseconds since 1970 of the start of a UTC date. */
  public static long nanos(LocalDate date) {
    return Math.multiplyExact(date.toEpochDay(), DAY_NS);
  }

  /** The instant of UTC nanoseconds since 1970. */
  public static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND_NS), Math.floorMod(nanos, SECOND_NS));
  }

  /** The UTC date in which the nanosecond lies. */
  public static LocalDate date(long nanos) {
    return LocalDate.ofEpochDay(epochDay(nanos));
  }

  /** The UTC day, counted from 1970-01-01, in which the nanosecond lies. */
  public static int epochDay(long nanos) {
    return Math.toIntExact(Math.floorDiv(nanos, DAY_NS));
  }

  /** A date where the time is midnight UTC, else an ISO instant. */
  public static String text(long nanos) {
    return Math.floorMod(nanos, DAY_NS) == 0
        ? instant(nanos).atOffset(ZoneOffset.UTC).toLocalDate().toString()
        : instant(nanos).toString();
  }
}
