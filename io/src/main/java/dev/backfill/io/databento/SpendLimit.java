package dev.backfill.io.databento;

import java.io.Serializable;

/**
 * What the requests of one run may come to in all, and what they come to if each is needed once.
 * The difference is what may be lost on answers that break off and are asked for again. Immutable.
 *
 * @param maxUsd US dollars, estimated; infinity for no limit
 * @param plannedUsd the plan's price
 * @param maxBytes billable bytes; {@link Long#MAX_VALUE} for no limit
 * @param plannedBytes the plan's billable bytes
 */
public record SpendLimit(double maxUsd, double plannedUsd, long maxBytes, long plannedBytes)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No limit. */
  public static final SpendLimit NONE =
      new SpendLimit(Double.POSITIVE_INFINITY, 0, Long.MAX_VALUE, 0);

  /**
   * The limit for each of several processes that share a run. What may be lost on answers that
   * break off is divided among them, because each counts its own alone.
   *
   * @param processes at least 1
   */
  public SpendLimit share(int processes) {
    if (processes < 1) {
      throw new IllegalArgumentException("processes must be at least 1, but is " + processes);
    }
    return new SpendLimit(
        plannedUsd + (maxUsd - plannedUsd) / processes,
        plannedUsd,
        maxBytes == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : plannedBytes + (maxBytes - plannedBytes) / processes,
        plannedBytes);
  }
}
