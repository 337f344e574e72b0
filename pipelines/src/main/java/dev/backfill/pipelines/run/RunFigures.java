package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Console;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a run is. Immutable.
 *
 * @param chunksLanded of those that are asked of the service
 * @param chunksAsked those that are asked of the service
 * @param rows loaded and committed
 * @param rowsExpected more or less, of the whole run; 0 where nothing is to be loaded
 * @param requests sent, every attempt
 * @param bytes received over the wire
 * @param usd what the requests so far come to, estimated
 */
record RunFigures(
    long chunksLanded,
    int chunksAsked,
    long rows,
    long rowsExpected,
    long requests,
    long bytes,
    double usd) {
  private static final Duration TOO_EARLY = Duration.ofSeconds(2);
  private static final double TOO_LITTLE = 0.02;

  /** The share of the work that is done, 0 to 1: landing counts as much as loading. */
  double share() {
    if (rowsExpected == 0 && chunksAsked > 0) {
      return (double) chunksLanded / chunksAsked;
    }
    double loaded = rowsExpected == 0 ? 1 : Math.min(1, (double) rows / rowsExpected);
    return chunksAsked == 0 ? loaded : ((double) chunksLanded / chunksAsked + loaded) / 2;
  }

  /** How long the rest takes if it goes on like this; empty while nobody can say. */
  Optional<Duration> left(Duration elapsed) {
    double share = share();
    return share < TOO_LITTLE || elapsed.compareTo(TOO_EARLY) < 0
        ? Optional.empty()
        : Optional.of(Duration.ofMillis((long) (elapsed.toMillis() * (1 - share) / share)));
  }

  /** Like {@code landed 10 of 24 chunks, loaded 1,000 of 2,000 rows, $0.12 (75 s, 1 min left)}. */
  String line(Duration elapsed) {
    StringBuilder line = new StringBuilder();
    if (chunksAsked > 0) {
      line.append("landed ")
          .append(Console.count(chunksLanded))
          .append(" of ")
          .append(Console.count(chunksAsked))
          .append(" chunks");
    }
    if (rowsExpected > 0 || chunksAsked == 0) {
      line.append(chunksAsked > 0 ? ", " : "")
          .append("loaded ")
          .append(Console.count(rows))
          .append(" of ")
          .append(Console.count(rowsExpected))
          .append(" rows");
    }
    if (chunksAsked > 0) {
      line.append(String.format(Locale.ROOT, ", $%.2f", usd));
    }
    line.append(" (").append(elapsed.toSeconds()).append(" s");
    left(elapsed).ifPresent(left -> line.append(", ").append(about(left)).append(" left"));
    return line.append(')').toString();
  }

  /** A length of time for people. */
  static String about(Duration time) {
    if (time.toSeconds() < 100) {
      return time.toSeconds() + " s";
    }
    return time.toMinutes() < 100
        ? (time.toSeconds() + 30) / 60 + " min"
        : String.format(Locale.ROOT, "%.1f h", time.toMinutes() / 60.0);
  }
}
