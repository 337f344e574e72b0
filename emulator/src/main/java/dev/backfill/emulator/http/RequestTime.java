package dev.backfill.emulator.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time as a request may write it.
 *
 * @param ns UTC ns since 1970
 * @param resolutionNs length of the smallest unit written: a bare date is a whole day
 */
record RequestTime(long ns, long resolutionNs) {
  static final long SECOND = 1_000_000_000L;
  static final long DAY = 86_400 * SECOND;
  private static final Pattern ISO =
      Pattern.compile(
          "(\\d{4})-(\\d{2})(?:-(\\d{2})(?:[T"
              + " ](\\d{2})(?::(\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?)?"
              + "(Z|[+-]\\d{2}:?\\d{2})?)?)?");

  /** Reads nanoseconds or ISO 8601; null for anything else. */
  static @Nullable RequestTime parse(String text) {
    if (text.matches("\\d{1,19}") && text.length() > 8) {
      try {
        return new RequestTime(Long.parseLong(text), 1);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    Matcher m = ISO.matcher(text.matches("\\d{8}") ? dashed(text) : text);
    if (!m.matches()) {
      return null;
    }
    try {
      return iso(m);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static String dashed(String text) {
    return text.substring(0, 4) + "-" + text.substring(4, 6) + "-" + text.substring(6);
  }

  private static RequestTime iso(Matcher m) {
    String fraction = m.group(7) == null ? "" : m.group(7);
    OffsetDateTime time =
        OffsetDateTime.of(
            number(m, 1),
            number(m, 2),
            m.group(3) == null ? 1 : number(m, 3),
            number(m, 4),
            number(m, 5),
            number(m, 6),
            Integer.parseInt((fraction + "000000000").substring(0, 9)),
            m.group(8) == null ? ZoneOffset.UTC : ZoneOffset.of(m.group(8)));
    return new RequestTime(toNs(time.toInstant()), resolution(m, fraction));
  }

  private static long resolution(Matcher m, String fraction) {
    if (m.group(4) == null) {
      return DAY;
    }
    if (m.group(5) == null) {
      return 3600 * SECOND;
    }
    if (m.group(6) == null) {
      return 60 * SECOND;
    }
    long unit = SECOND;
    for (int i = 0; i < fraction.length(); i++) {
      unit /= 10;
    }
    return unit;
  }

  private static int number(Matcher m, int group) {
    return m.group(group) == null ? 0 : Integer.parseInt(m.group(group));
  }

  static long toNs(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
  }

  static long toNs(LocalDate date) {
    return date.toEpochDay() * DAY;
  }

  static LocalDate dateOf(long ns) {
    return LocalDate.ofEpochDay(Math.floorDiv(ns, DAY));
  }

  /** The UTC date after the last instant before an exclusive end. */
  static LocalDate endDate(long endNs) {
    return dateOf(endNs - 1).plusDays(1);
  }

  /** {@code 2020-12-28T13:00:00.000000000Z}. */
  static String iso(long ns) {
    StringBuilder out = new StringBuilder(30);
    appendIso(out, ns);
    return out.toString();
  }

  static void appendIso(StringBuilder out, long ns) {
    LocalDate date = dateOf(ns);
    long rest = Math.floorMod(ns, DAY);
    out.append(date).append('T');
    pad(out, rest / (3600 * SECOND), 2).append(':');
    pad(out, rest / (60 * SECOND) % 60, 2).append(':');
    pad(out, rest / SECOND % 60, 2).append('.');
    pad(out, rest % SECOND, 9).append('Z');
  }

  static StringBuilder pad(StringBuilder out, long value, int digits) {
    String text = Long.toString(value);
    for (int i = text.length(); i < digits; i++) {
      out.append('0');
    }
    return out.append(text);
  }
}
