package dev.backfill.pipelines.run;

import dev.backfill.io.databento.Dollars;
import dev.backfill.io.databento.SpendLimit;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.RefusedException;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

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
   * Why a plan is not carried out.
   *
   * @param why which cap, and by how much
   * @param remedy what to do
   */
  record Refusal(String why, String remedy) {
    /** As a plan says it. */
    String ofPlan() {
      return why + ". " + remedy;
    }

    private String ofRun() {
      return why + ". This run has spent nothing. " + remedy;
    }
  }

  /**
   * Lets a plan pass or refuses it.
   *
   * @return what the requests of the run may come to, retries included
   * @throws RefusedException if it costs more than a cap allows; nothing was spent or written
   */
  SpendLimit check(PlanPricer.Price price, MonthSpent month, Instant now) throws IOException {
    double spent = monthCap.isPresent() && price.usd() > 0 ? month.usd() : 0;
    Optional<Refusal> refusal = refusal(price, () -> spent, now);
    if (refusal.isPresent()) {
      throw new RefusedException(refusal.get().ofRun());
    }
    double most = costCap().orElse(Double.POSITIVE_INFINITY);
    if (monthCap.isPresent() && price.usd() > 0) {
      most = Math.min(most, monthCap.get().doubleValue() - spent);
    }
    return new SpendLimit(
        most, price.usd(), byteCap().orElse(Long.MAX_VALUE), price.billableBytes());
  }

  /** Why a plan of this price would be refused; empty if it may be carried out. */
  Optional<Refusal> refusal(PlanPricer.Price price, MonthSpent month, Instant now)
      throws IOException {
    double usd = price.usd();
    long bytes = price.billableBytes();
    if (usd > costCap().orElse(Double.POSITIVE_INFINITY)) {
      return Optional.of(tooDear(usd, limits.maxCostUsd().orElseThrow()));
    }
    if (bytes > byteCap().orElse(Long.MAX_VALUE)) {
      return Optional.of(tooMany(bytes, limits.maxBytes().getAsLong()));
    }
    if (monthCap.isPresent() && usd > 0) {
      double spent = month.usd();
      if (usd > monthCap.get().doubleValue() - spent) {
        return Optional.of(aboveMonth(usd, spent, monthCap.get(), now));
      }
    }
    return Optional.empty();
  }

  /**
   * What is left of the cap: one that the user named is the command's, the usual one each job's.
   */
  private OptionalDouble costCap() {
    if (limits.maxCostUsd().isEmpty()) {
      return OptionalDouble.empty();
    }
    double cap = limits.maxCostUsd().get().doubleValue();
    SpendLimits.Before before = limits.before();
    return OptionalDouble.of(cap - (limits.costCapGiven() ? before.usd() : before.usdOfJob()));
  }

  private OptionalLong byteCap() {
    return limits.maxBytes().isPresent()
        ? OptionalLong.of(limits.maxBytes().getAsLong() - limits.before().bytes())
        : OptionalLong.empty();
  }

  /** Keeps a monthly cap that was given, or forgets the one that was lifted. */
  void remember(Database database) {
    if (limits.month().isGiven()) {
      new LedgerLog(database)
          .setting(MONTH_SETTING, limits.month().usd().map(BigDecimal::toPlainString).orElse(null));
    }
  }

  private Refusal tooDear(double usd, BigDecimal cap) {
    String plan = "The plan costs " + Dollars.text(usd);
    if (!limits.costCapGiven()) {
      double ofJob = limits.before().usdOfJob();
      return new Refusal(
          plan
              + (ofJob > 0 ? " after " + Dollars.text(ofJob) + " of the parts before it" : "")
              + ", above the "
              + Dollars.text(cap.doubleValue())
              + " that a run may spend unless it is told otherwise",
          "Give --max-cost-usd " + enough(usd + ofJob) + " if that is right, " + NARROW);
    }
    double before = limits.before().usd();
    return new Refusal(
        before > 0
            ? plan
                + ", and "
                + Dollars.text(before)
                + " of --max-cost-usd "
                + cap.toPlainString()
                + " are spent on the jobs before it"
            : plan + ", above --max-cost-usd " + cap.toPlainString(),
        "Raise the cap, " + NARROW);
  }

  private Refusal tooMany(long bytes, long cap) {
    long before = limits.before().bytes();
    String plan = "The plan is " + Console.count(bytes) + " billable bytes, ";
    return new Refusal(
        before > 0
            ? plan
                + "and "
                + Console.count(before)
                + " of --max-bytes "
                + Console.count(cap)
                + " are spent on the jobs before it"
            : plan + "above --max-bytes " + Console.count(cap),
        "Raise the cap, " + NARROW);
  }

  private static Refusal aboveMonth(double usd, double spent, BigDecimal cap, Instant now) {
    return new Refusal(
        "The plan costs "
            + Dollars.text(usd)
            + ", and "
            + Dollars.text(spent)
            + " of the monthly cap of "
            + Dollars.text(cap.doubleValue())
            + " are spent in "
            + Spent.month(now)
            + " (UTC)",
        "Wait for the next month, raise the cap with --max-month-usd, " + NARROW);
  }

  /** The next whole number of dollars. */
  static String enough(double usd) {
    return BigDecimal.valueOf(usd).setScale(0, RoundingMode.CEILING).toPlainString();
  }
}
