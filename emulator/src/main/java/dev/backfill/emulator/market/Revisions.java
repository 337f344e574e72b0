package dev.backfill.emulator.market;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Days that were corrected after they had been published, as the service does: every price of one
 * product on one UTC day is some ticks higher than before, in all bar sizes alike and in the
 * statistics received on that day, and the whole dataset's day has a new date of change. Made while
 * it serves; a day may be revised again. Thread-safe.
 */
public final class Revisions {
  private record Of(Dataset dataset, String root, int day) {}

  private volatile Map<Of, Integer> ticks = Map.of();
  private volatile Map<Of, LocalDate> modified = Map.of();

  Revisions() {}

  /**
   * Revises a day.
   *
   * @param root of the product whose prices change; {@code OZL.OPT} for options
   * @param on the date of the change, later than the day
   */
  public synchronized void revise(Dataset dataset, String root, LocalDate day, LocalDate on) {
    int epochDay = (int) day.toEpochDay();
    Map<Of, Integer> moreTicks = new HashMap<>(ticks);
    moreTicks.merge(new Of(dataset, root, epochDay), 1, Integer::sum);
    Map<Of, LocalDate> moreModified = new HashMap<>(modified);
    moreModified.merge(
        new Of(dataset, "", epochDay), on, (a, b) -> Objects.requireNonNull(a.isAfter(b) ? a : b));
    ticks = Map.copyOf(moreTicks);
    modified = Map.copyOf(moreModified);
  }

  /** When a day was revised last; null where it never was. */
  public @Nullable LocalDate modified(Dataset dataset, LocalDate day) {
    return modified.isEmpty() ? null : modified.get(new Of(dataset, "", (int) day.toEpochDay()));
  }

  /** By how many ticks a product's prices of a day are higher than they were published. */
  int ticks(Dataset dataset, String root, int day) {
    Map<Of, Integer> now = ticks;
    return now.isEmpty() ? 0 : now.getOrDefault(new Of(dataset, root, day), 0);
  }

  /** Changes with every revision: answers that were made under another are not the same. */
  public int generation() {
    return ticks.values().stream().mapToInt(Integer::intValue).sum();
  }
}
