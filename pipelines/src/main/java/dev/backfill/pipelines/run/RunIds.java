package dev.backfill.pipelines.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Names of runs: when they began, in UTC, and four random digits, so that they sort by time. */
final class RunIds {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private RunIds() {}

  static String next(Instant began) {
    byte[] random = new byte[2];
    ThreadLocalRandom.current().nextBytes(random);
    return TIME.format(began) + "-" + HexFormat.of().formatHex(random);
  }
}
