package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.Times;
import org.jspecify.annotations.Nullable;

/** What is kept of published statistics, what makes one wrong, and how to read it. Pure. */
final class StatisticsKind {
  static final int SETTLEMENT = 3;
  static final int CLEARED_VOLUME = 6;
  static final int OPEN_INTEREST = 9;
  static final int VOLATILITY = 14;
  static final int DELTA = 15;

  /** Of a settlement's flags on CME: the price is final, and none of the flags were sent. */
  private static final int FINAL = 1;

  private static final int NO_FLAGS = 0x80;
  private static final String CME = "GLBX.MDP3";

  /** A session that begins on a Sunday evening may be the next week's, never later. */
  private static final int DAYS_AHEAD = 7;

  private StatisticsKind() {}

  /** Whether statistics of this type become rows. */
  static boolean isKept(int statType) {
    return switch (statType) {
      case SETTLEMENT, CLEARED_VOLUME, OPEN_INTEREST, VOLATILITY, DELTA -> true;
      default -> false;
    };
  }

  /**
   * Whether a statistic can be right.
   *
   * @return the first thing that is wrong, or null
   */
  static @Nullable String problem(StatisticsRecord statistic) {
    if (!FixedPrice.fits(statistic.price())) {
      return "the price does not fit DECIMAL(18,9)";
    }
    boolean isCount =
        statistic.statType() == CLEARED_VOLUME || statistic.statType() == OPEN_INTEREST;
    if (isCount && statistic.quantity() < 0) {
      return "the quantity is negative";
    }
    if (isTooLate(statistic.header().tsEvent()) || isTooLate(statistic.tsRef())) {
      return "a time is after the year 2262";
    }
    if (tradingDay(statistic) > Times.epochDay(statistic.tsRecv()) + DAYS_AHEAD) {
      return "the statistic is for a day more than a week after it was published";
    }
    return null;
  }

  /** The UTC day that a statistic is for, counted from 1970. */
  static int tradingDay(StatisticsRecord statistic) {
    if (isSaid(statistic.tsRef())) {
      return Times.epochDay(statistic.tsRef());
    }
    long event = statistic.header().tsEvent();
    return Times.epochDay(isSaid(event) ? event : statistic.tsRecv());
  }

  /**
   * Whether a settlement price is final: 1, or 0 for preliminary, or -1 where it is not said or the
   * statistic is no settlement. Other venues than CME set no flags, so that 0 says nothing there.
   */
  static int settlementFinal(StatisticsRecord statistic, String dataset) {
    int flags = statistic.statFlags();
    if (statistic.statType() != SETTLEMENT || (flags & NO_FLAGS) != 0) {
      return -1;
    }
    if ((flags & FINAL) != 0) {
      return 1;
    }
    return dataset.equals(CME) ? 0 : -1;
  }

  /** Whether a time was sent: some venues write zero for none. */
  static boolean isSaid(long nanos) {
    return nanos != 0 && nanos != DbnMetadata.UNDEFINED_NS;
  }

  private static boolean isTooLate(long nanos) {
    return nanos < 0 && nanos != DbnMetadata.UNDEFINED_NS;
  }
}
