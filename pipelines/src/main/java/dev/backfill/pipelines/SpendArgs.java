package dev.backfill.pipelines;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be spent. */
final class SpendArgs {
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(|B|KB|MB|GB|TB)", Pattern.CASE_INSENSITIVE);
  private static final String NO_CAP = "none";

  @Option(
      names = "--max-cost-usd",
      paramLabel = "DOLLARS",
      description =
          "Refuse, before anything is spent, a plan that costs more (exit 5); retries stay below it"
              + " too. Holds for all jobs of the command together. Default: 10 for each job.")
  private @Nullable String maxCostUsd;

  @Option(
      names = "--max-bytes",
      paramLabel = "SIZE",
      description =
          "Refuse a plan of more billable bytes, like 500MB or 2GB; for flat-rate plans, whose"
              + " dollars are 0.")
  private @Nullable String maxBytes;

  @Option(
      names = "--max-month-usd",
      paramLabel = "DOLLARS",
      description =
          "Refuse what would bring this UTC month's spending above it, all jobs of this database"
              + " together. Kept in the database for later runs; 'none' lifts it.")
  private @Nullable String maxMonthUsd;

  SpendLimits limits() {
    SpendLimits limits = SpendLimits.USUAL;
    if (maxCostUsd != null) {
      limits =
          limits.withMaxCostUsd(
              dollars("--max-cost-usd", maxCostUsd, "a number of dollars, 0 or more, like 5"));
    }
    if (maxBytes != null) {
      limits = limits.withMaxBytes(bytes(maxBytes));
    }
    return maxMonthUsd == null ? limits : limits.withMonth(month(maxMonthUsd));
  }

  static SpendLimits.Month month(String text) {
    if (text.strip().equalsIgnoreCase(NO_CAP)) {
      return SpendLimits.Month.LIFTED;
    }
    return SpendLimits.Month.of(
        dollars("--max-month-usd", text, "a number of dollars, 0 or more, like 50, or " + NO_CAP));
  }

  private static BigDecimal dollars(String option, String text, String what) {
    BigDecimal amount = Limits.decimal(option, text, what);
    if (amount.signum() < 0) {
      throw new UsageException(option + " is " + what + ", not " + text);
    }
    return amount;
  }

  /** Decimal units, as the service's price list has them. */
  static long bytes(String text) {
    Matcher size = SIZE.matcher(text.strip());
    if (!size.matches()) {
      throw new UsageException(
          "--max-bytes is a number with KB, MB, GB or TB, like 500MB or 2GB, not " + text);
    }
    int power =
        switch (size.group(2).toUpperCase(Locale.ROOT)) {
          case "KB" -> 3;
          case "MB" -> 6;
          case "GB" -> 9;
          case "TB" -> 12;
          default -> 0;
        };
    BigDecimal bytes = new BigDecimal(size.group(1)).movePointRight(power);
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new UsageException("--max-bytes " + text + " is more than can be counted");
    }
    return bytes.longValue();
  }
}
