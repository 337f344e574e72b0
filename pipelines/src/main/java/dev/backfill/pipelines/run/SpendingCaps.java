package dev.backfill.pipelines.run;

import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.RunOptions;
import java.math.BigDecimal;
import java.util.Locale;

/** What a run may spend. Asked once, between the price and the first request that is billed. */
final class SpendingCaps {
  private final RunOptions options;

  SpendingCaps(RunOptions options) {
    this.options = options;
  }

  /**
   * Lets a plan pass or refuses it.
   *
   * @throws RefusedException if it costs more than a cap allows; nothing was spent or written
   */
  void check(PricedPlan plan) {
    if (options.maxCostUsd().isPresent()) {
      BigDecimal cap = options.maxCostUsd().get();
      if (BigDecimal.valueOf(plan.price().usd()).compareTo(cap) > 0) {
        throw new RefusedException(
            String.format(
                Locale.ROOT,
                "The plan costs $%.2f, above --max-cost-usd %s. Nothing was spent. Raise the cap,"
                    + " or narrow --from, --to or --symbols",
                plan.price().usd(),
                cap.toPlainString()));
      }
    }
  }
}
