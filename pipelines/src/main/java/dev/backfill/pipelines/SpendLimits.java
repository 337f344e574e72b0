package dev.backfill.pipelines;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run may spend, as the user said it. Immutable.
 *
 * @param maxCostUsd US dollars, estimated: of the whole command where the user named it, else of
 *     each of its jobs; empty for no cap
 * @param costCapGiven whether the user named it; else it is the usual one
 * @param maxBytes billable bytes of the whole command; empty for no cap
 * @param month the cap on all runs of a UTC month
 * @param before what the same command has spent on the jobs before this one
 */
public record SpendLimits(
    Optional<BigDecimal> maxCostUsd,
    boolean costCapGiven,
    OptionalLong maxBytes,
    Month month,
    Before before) {

  /** What a run may spend when nothing is said, in US dollars. */
  public static final BigDecimal USUAL_USD = BigDecimal.TEN;

  /** The usual cap, and what the database remembers for the month. */
  public static final SpendLimits USUAL =
      new SpendLimits(
          Optional.of(USUAL_USD), false, OptionalLong.empty(), Month.REMEMBERED, Before.NOTHING);

  /** No cap of this run; for callers that have checked by themselves. */
  public static final SpendLimits NONE =
      new SpendLimits(
          Optional.empty(), false, OptionalLong.empty(), Month.REMEMBERED, Before.NOTHING);

  /** The same with a cap that the user named. */
  public SpendLimits withMaxCostUsd(BigDecimal cap) {
    return new SpendLimits(Optional.of(cap), true, maxBytes, month, before);
  }

  /** The same with a cap on bytes. */
  public SpendLimits withMaxBytes(long cap) {
    return new SpendLimits(maxCostUsd, costCapGiven, OptionalLong.of(cap), month, before);
  }

  /** The same with a word on the month. */
  public SpendLimits withMonth(Month cap) {
    return new SpendLimits(maxCostUsd, costCapGiven, maxBytes, cap, before);
  }

  /** The same after so much was spent by the same command. */
  public SpendLimits after(Before spent) {
    return new SpendLimits(maxCostUsd, costCapGiven, maxBytes, month, spent);
  }

  /**
   * What a command has spent so far.
   *
   * @param usd US dollars, estimated
   * @param bytes billable
   * @param usdOfJob US dollars of those for the parts of the same job before this one
   */
  public record Before(double usd, long bytes, double usdOfJob) {
    /** Nothing yet. */
    public static final Before NOTHING = new Before(0, 0, 0);

    /** With so much more. */
    public Before plus(double moreUsd, long moreBytes) {
      return new Before(usd + moreUsd, bytes + moreBytes, usdOfJob + moreUsd);
    }

    /** The same when another job begins. */
    public Before atNextJob() {
      return new Before(usd, bytes, 0);
    }
  }

  /**
   * The monthly cap. It belongs to the database: once given, it holds for all later runs.
   *
   * @param isGiven whether this invocation says anything of it
   * @param usd the new cap; empty, if it is given, lifts it
   */
  public record Month(boolean isGiven, Optional<BigDecimal> usd) {
    /** What the database remembers. */
    public static final Month REMEMBERED = new Month(false, Optional.empty());

    /** From now on so many dollars a month. */
    public static Month of(BigDecimal usd) {
      return new Month(true, Optional.of(usd));
    }

    /** From now on no cap. */
    public static final Month LIFTED = new Month(true, Optional.empty());
  }
}
