package dev.backfill.pipelines;

/** Checks the numbers that options take. */
final class Limits {
  private Limits() {}

  /**
   * Refuses a number that is out of range.
   *
   * @param least inclusive
   * @param most inclusive; {@link Long#MAX_VALUE} for no limit
   */
  static void check(String option, long value, long least, long most) {
    if (value < least || value > most) {
      String allowed = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
      throw new UsageException(option + " is " + allowed + ", not " + value);
    }
  }
}
