package dev.backfill.pipelines.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names of runs: when they began, in UTC, with the part of the second as four digits of base 16, so
 * that they sort by time, those of one second too. Thread-safe.
 */
final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  /** Four digits of base 16. */
  private static final long PARTS = 1 << 16;

  private static final AtomicLong LAST = new AtomicLong(Long.MIN_VALUE);

  private RunIds() {}

  /** A name that no other run of this process has. */
  static String next(Instant began) {
    long now = began.getEpochSecond() * PARTS + began.getNano() * PARTS / 1_000_000_000;
    // A clock may stand still, or go back by much.
    long part = LAST.updateAndGet(last -> now > last || now < last - PARTS ? now : last + 1);
    return String.format(
        Locale.ROOT,
        "%s-%04x",
        TIME.format(Instant.ofEpochSecond(Math.floorDiv(part, PARTS))),
        Math.floorMod(part, PARTS));
  }
}
