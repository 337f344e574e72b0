package dev.backfill.pipelines;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long a command that writes waits for another process. */
final class WaitArgs {
  private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smh])");

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "How long to wait while another process has the database, like 90s, 15m or 2h"
              + " (default: not at all, exit 5).")
  private @Nullable String wait;

  Duration time() {
    return parse(wait);
  }

  /** A time like {@code 15m}. */
  static Duration parse(@Nullable String text) {
    if (text == null || text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher m = TIME.matcher(text);
    if (!m.matches()) {
      throw new UsageException("--wait is a time like 90s, 15m or 2h, not " + text);
    }
    long number = Long.parseLong(m.group(1));
    return switch (m.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }
}
