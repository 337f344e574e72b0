package dev.backfill.pipelines;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a run may spend, as the user said it. Immutable.
 *
 * @param maxCostUsd US dollars of this run, estimated; empty for no cap
 * @param costCapGiven whether the user named it; else it is the usual one
 * @param maxBytes billable bytes of this run; empty for no cap
 * @param month the cap on all runs of a UTC month
 */
public record SpendLimits(
    Optional<BigDecimal> maxCostUsd, boolean costCapGiven, OptionalLong maxBytes, Month month) {

  /** What a run may spend when nothing is said, in US dollars. */
  public static final BigDecimal USUAL_USD = BigDecimal.TEN;

  /** The usual cap, and what the database remembers for the month. */
  public static final SpendLimits USUAL =
      new SpendLimits(Optional.of(USUAL_USD), false, OptionalLong.empty(), Month.REMEMBERED);

  /** No cap of this run; for callers that have checked by themselves. */
  public static final SpendLimits NONE =
      new SpendLimits(Optional.empty(), false, OptionalLong.empty(), Month.REMEMBERED);

  /** The same with a cap that the user named. */
  public SpendLimits withMaxCostUsd(BigDecimal cap) {
    return new SpendLimits(Optional.of(cap), true, maxBytes, month);
  }

  /** The same with a cap on bytes. */
  public SpendLimits withMaxBytes(long cap) {
    return new SpendLimits(maxCostUsd, costCapGiven, OptionalLong.of(cap), month);
  }

  /** The same with a word on the month. */
  public SpendLimits withMonth(Month cap) {
    return new SpendLimits(maxCostUsd, costCapGiven, maxBytes, cap);
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
