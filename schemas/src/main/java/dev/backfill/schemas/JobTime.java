package dev.backfill.schemas;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as a job file or an option says it: an ISO date or time in UTC, {@code now}, or a count of
 * days back such as {@code -365d}. Immutable.
 */
public sealed interface JobTime {
  /** A fixed time in UTC nanoseconds since 1970. */
  record At(long nanos) implements JobTime {}

  /** As late as the service has it. */
  record Now() implements JobTime {}

  /** So long before the end of the wanted range, after that end has been clamped. */
  record Back(Duration length) implements JobTime {}

  /** What {@link #parse} takes, for messages. */
  String FORMS = "a date 2010-06-06, a UTC time 2010-06-06T12:00:00Z, now, or days back like -365d";

  /** The form {@code -365d}. */
  Pattern DAYS_BACK = Pattern.compile("-(\\d{1,5})d");

  /**
   * Reads a time.
   *
   * @throws IllegalArgumentException if the text is none of {@link #FORMS}
   */
  static JobTime parse(String text) {
    if (text.equals("now")) {
      return new Now();
    }
    Matcher back = DAYS_BACK.matcher(text);
    if (back.matches()) {
      return new Back(Duration.ofDays(Long.parseLong(back.group(1))));
    }
    try {
      return new At(
          text.length() == 10
              ? Times.nanos(LocalDate.parse(text))
              : Times.nanos(
                  LocalDateTime.parse(
                          text.endsWith("Z") ? text.substring(0, text.length() - 1) : text)
                      .toInstant(ZoneOffset.UTC)));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("Not a time: " + text + ". Allowed: " + FORMS, e);
    }
  }
}
