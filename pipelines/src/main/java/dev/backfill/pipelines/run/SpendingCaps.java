package dev.backfill.pipelines.run;

import dev.backfill.io.databento.SpendLimit;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.SpendLimits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What a run may spend. Asked once, between the price and the first request that is billed. */
final class SpendingCaps {
  /** The name in ops.settings of the monthly cap, US dollars. */
  static final String MONTH_SETTING = "max_month_usd";

  private static final String NARROW = "or narrow --from, --to or --symbols";

  private final SpendLimits limits;
  private final Optional<BigDecimal> monthCap;

  /**
   * The caps of one run.
   *
   * @param remembered the monthly cap that the database remembers
   */
  SpendingCaps(SpendLimits limits, Optional<String> remembered) {
    this.limits = limits;
    this.monthCap =
        limits.month().isGiven() ? limits.month().usd() : remembered.map(BigDecimal::new);
  }

  /** US dollars that were spent in this UTC month; asked only where it matters. */
  interface MonthSpent {
    double usd() throws IOException;
  }

  /**
   * Lets a plan pass or refuses it.
   *
   * @return what the requests of the run may come to, retries included
   * @throws RefusedException if it costs more than a cap allows; nothing was spent or written
   */
  SpendLimit check(PricedPlan plan, MonthSpent month, Instant now) throws IOException {
    double usd = plan.price().usd();
    long bytes = plan.price().billableBytes();
    double most = Double.POSITIVE_INFINITY;
    if (limits.maxCostUsd().isPresent()) {
      most = limits.maxCostUsd().get().doubleValue();
      if (usd > most) {
        throw new RefusedException(tooDear(usd, limits.maxCostUsd().get()));
      }
    }
    if (limits.maxBytes().isPresent() && bytes > limits.maxBytes().getAsLong()) {
      throw new RefusedException(
          "The plan is "
              + Console.count(bytes)
              + " billable bytes, above --max-bytes "
              + Console.count(limits.maxBytes().getAsLong())
              + ". Nothing was spent. Raise the cap, "
              + NARROW);
    }
    if (monthCap.isPresent() && usd > 0) {
      double spent = month.usd();
      double left = monthCap.get().doubleValue() - spent;
      if (usd > left) {
        throw new RefusedException(aboveMonth(usd, spent, monthCap.get(), now));
      }
      most = Math.min(most, left);
    }
    return new SpendLimit(most, usd, limits.maxBytes().orElse(Long.MAX_VALUE), bytes);
  }

  /** Keeps a monthly cap that was given, or forgets the one that was lifted. */
  void remember(Database database) {
    if (limits.month().isGiven()) {
      new LedgerLog(database)
          .setting(MONTH_SETTING, limits.month().usd().map(BigDecimal::toPlainString).orElse(null));
    }
  }

  private String tooDear(double usd, BigDecimal cap) {
    if (limits.costCapGiven()) {
      return String.format(
          Locale.ROOT,
          "The plan costs $%.2f, above --max-cost-usd %s. Nothing was spent. Raise the cap, %s",
          usd,
          cap.toPlainString(),
          NARROW);
    }
    return String.format(
        Locale.ROOT,
        "The plan costs $%.2f, above the $%.2f that a run may spend unless it is told otherwise."
            + " Nothing was spent. Give --max-cost-usd %s if that is right, %s",
        usd,
        cap,
        enough(usd),
        NARROW);
  }

  private static String aboveMonth(double usd, double spent, BigDecimal cap, Instant now) {
    return String.format(
        Locale.ROOT,
        "The plan costs $%.2f, and $%.2f of the monthly cap of $%.2f are spent in %s (UTC). This"
            + " run has spent nothing. Wait for the next month, raise the cap with --max-month-usd,"
            + " %s",
        usd,
        spent,
        cap,
        Spent.month(now),
        NARROW);
  }

  /** The next whole number of dollars. */
  static String enough(double usd) {
    return BigDecimal.valueOf(usd).setScale(0, RoundingMode.CEILING).toPlainString();
  }
}
