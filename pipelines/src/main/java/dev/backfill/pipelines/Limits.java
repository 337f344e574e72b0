package dev.backfill.pipelines;

import java.math.BigDecimal;

/** Reads the numbers that options take; every refusal names the value, what is allowed, and one. */
final class Limits {
  private static final int MOST_DIGITS = 18;

  private Limits() {}

  /**
   * A whole number within limits.
   *
   * @param least inclusive
   * @param most inclusive; {@link Long#MAX_VALUE} for no limit
   * @param example one that is allowed
   * @throws UsageException if the text is none
   */
  static long whole(String option, String text, long least, long most, long example) {
    try {
      long value = Long.parseLong(text.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(allowed(option, text, least, most, example), e);
    }
    throw new UsageException(allowed(option, text, least, most, example));
  }

  private static String allowed(String option, String text, long least, long most, long example) {
    String range =
        least == Long.MIN_VALUE
            ? ""
            : most == Long.MAX_VALUE ? ", " + least + " or more" : " from " + least + " to " + most;
    return option + " is a whole number" + range + ", like " + example + ", not " + text;
  }

  /**
   * A number.
   *
   * @param what it is, with an example
   * @throws UsageException if the text is none; it says what it is instead
   */
  static BigDecimal decimal(String option, String text, String what) {
    try {
      BigDecimal value = new BigDecimal(text.strip());
      // 1e999999999 is a number to Java too, and as plain text a page of zeros.
      if (Math.abs((long) value.scale()) <= MOST_DIGITS && value.precision() <= MOST_DIGITS) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(option + " is " + what + ", not " + text, e);
    }
    throw new UsageException(option + " is " + what + ", not " + text);
  }
}
