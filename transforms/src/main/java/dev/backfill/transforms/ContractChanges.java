package dev.backfill.transforms;

import dev.backfill.io.duckdb.RollRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a symbol changed its contract, and how often it flipped: went back to one that it had
 * left. Immutable.
 *
 * @param contracts different contracts
 * @param rolls changes from one contract to another; a stretch without any in between changes
 *     nothing
 * @param flips the UTC dates of the rolls that went back to a contract that had been left, in order
 * @param current what it stood for last; empty where it never resolved
 */
public record ContractChanges(
    int contracts, int rolls, List<LocalDate> flips, Optional<RollRow> current) {
  /**
   * An id comes back after some seven years and a name after ten; a contract that was left is gone
   * back to within days.
   */
  private static final int SAME_FOR_YEARS = 5;

  /** Copies the list. */
  public ContractChanges {
    flips = List.copyOf(flips);
  }

  private record Contract(long instrumentId, @Nullable String name) {}

  /**
   * Counts the changes of one symbol.
   *
   * @param rows in order of days, without overlaps
   */
  public static ContractChanges of(List<RollRow> rows) {
    Map<Contract, LocalDate> lastSeen = new LinkedHashMap<>();
    List<LocalDate> flips = new ArrayList<>();
    int contracts = 0;
    int rolls = 0;
    Contract before = null;
    for (RollRow row : rows) {
      Contract now = new Contract(row.instrumentId(), row.contract());
      LocalDate seen = lastSeen.get(now);
      boolean isKnown = seen != null && !seen.plusYears(SAME_FOR_YEARS).isBefore(row.start());
      contracts += isKnown ? 0 : 1;
      if (before != null && !Objects.equals(before, now)) {
        rolls++;
        if (isKnown) {
          flips.add(row.start());
        }
      }
      lastSeen.put(now, row.end());
      before = now;
    }
    return new ContractChanges(
        contracts,
        rolls,
        flips,
        rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(rows.size() - 1)));
  }

  /**
   * Whether it flips back and forth: more often than it has contracts. Less is usual: around a roll
   * the volume of two contracts is about the same for some days.
   */
  public boolean flipsBackAndForth() {
    return isBackAndForth(flips.size(), contracts);
  }

  /** The same of counts of some of its days. */
  static boolean isBackAndForth(int flips, int contracts) {
    return flips > contracts;
  }
}
