package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.FredLoaded;
import dev.backfill.io.fred.FredSeries;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which series are new, changed, unchanged, unknown or withdrawn: what the service says of each
 * now, beside what has landed and what is loaded. For one thread.
 */
final class FredChanges {
  private static final int NAMES_SHOWN = 8;

  private final Map<String, Long> landed = new HashMap<>();
  private final Set<String> landedAsUnknown = new HashSet<>();
  private final Map<String, FredLoaded> loaded;
  private final Map<String, List<CoverageRow>> rows;

  private final List<String> fresh = new ArrayList<>();
  private final List<String> changed = new ArrayList<>();
  private final List<String> unchanged = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();
  private final List<String> withdrawn = new ArrayList<>();
  private final List<String> unanswered = new ArrayList<>();
  private final List<String> discontinued = new ArrayList<>();

  /** {@code loaded} is empty for a table beside which nobody keeps when a series was updated. */
  FredChanges(PlanScope.Facts facts, Map<String, FredLoaded> loaded) {
    this.loaded = loaded;
    this.rows = facts.rows();
    for (LandedChunk one : facts.landed()) {
      if (one.getState() == LandedState.LANDED) {
        landed.merge(one.getChunk().getSymbols().get(0), one.getSourceModifiedNs(), Math::max);
      } else if (one.getState() == LandedState.UNRESOLVED) {
        landedAsUnknown.add(one.getChunk().getSymbols().get(0));
      }
    }
  }

  /**
   * Places a series.
   *
   * @param series what the service says of it; empty where it does not know it
   */
  void add(String id, Optional<FredSeries> series) {
    if (series.isEmpty()) {
      (isHere(id) ? withdrawn : unknown).add(id);
      return;
    }
    if (series.get().isDiscontinued()) {
      discontinued.add(id);
    }
    List<CoverageRow> covered = rows.getOrDefault(id, List.of());
    boolean isLoaded = isLoaded(id);
    if (!isLoaded && !landed.containsKey(id)) {
      fresh.add(id);
      if (!covered.isEmpty() || landedAsUnknown.contains(id)) {
        // It was unknown, and is no more.
        changed.add(id);
      }
    } else if (isLater(id, series.get().lastUpdated(), covered, isLoaded)) {
      changed.add(id);
    } else {
      unchanged.add(id);
    }
  }

  /** Places a series of which the service could not tell anything: asking for it will show. */
  void addUnanswered(String id) {
    unanswered.add(id);
  }

  private boolean isHere(String id) {
    return isLoaded(id) || landed.containsKey(id);
  }

  private boolean isLoaded(String id) {
    return rows.getOrDefault(id, List.of()).stream()
        .anyMatch(row -> row.state() != CoverageState.UNRESOLVED);
  }

  /** Whether the service has updated a series after the newest that is here of it. */
  private boolean isLater(String id, Instant updated, List<CoverageRow> covered, boolean isLoaded) {
    Long here = landed.get(id);
    if (here != null) {
      return Times.nanos(updated) > here;
    }
    FredLoaded row = isLoaded ? loaded.get(id) : null;
    Instant exact = row == null ? null : row.lastUpdated();
    if (exact != null) {
      return updated.isAfter(exact);
    }
    // Only the date is known: on that date itself it may have been updated again.
    LocalDate date = modified(covered);
    return date == null || !Times.date(Times.nanos(updated)).isBefore(date);
  }

  private static @Nullable LocalDate modified(List<CoverageRow> covered) {
    LocalDate newest = null;
    for (CoverageRow row : covered) {
      LocalDate one = row.sourceModified();
      newest = newest == null || (one != null && one.isAfter(newest)) ? one : newest;
    }
    return newest;
  }

  /**
   * What is to be asked for anew: what is here and was updated since, or was unknown and is not any
   * more, and what the service did not answer for.
   */
  List<String> changed() {
    List<String> all = new ArrayList<>(changed);
    all.addAll(unanswered);
    return all;
  }

  /** What is here, and does not exist any more for the service: nobody can fetch it again. */
  List<String> withdrawn() {
    return withdrawn;
  }

  /** What is kept although the service has it no more; empty where there is none. */
  Optional<String> saidOfWithdrawn() {
    return withdrawn.isEmpty()
        ? Optional.empty()
        : Optional.of("withdrawn by FRED, kept as it is: " + names(withdrawn));
  }

  /** All of it in a sentence. */
  String said() {
    List<String> parts = new ArrayList<>();
    parts.add(fresh.size() + " new");
    parts.add(changed.stream().filter(id -> !fresh.contains(id)).count() + " changed");
    parts.add(unchanged.size() + " unchanged");
    parts.add(
        unknown.isEmpty() ? "0 unknown" : unknown.size() + " unknown (" + names(unknown) + ")");
    int all = fresh.size() + unknown.size() + unchanged.size();
    all += withdrawn.size() + unanswered.size();
    all += (int) changed.stream().filter(id -> !fresh.contains(id)).count();
    return "FRED: "
        + all
        + " series, "
        + String.join(", ", parts)
        + (discontinued.isEmpty()
            ? ""
            : "; " + discontinued.size() + " discontinued: " + names(discontinued))
        + saidOfWithdrawn().map(said -> "; " + said).orElse("")
        + (unanswered.isEmpty() ? "" : "; not answered for: " + names(unanswered));
  }

  static String names(List<String> ids) {
    return ids.size() <= NAMES_SHOWN
        ? String.join(", ", ids)
        : String.join(", ", ids.subList(0, NAMES_SHOWN))
            + " and "
            + (ids.size() - NAMES_SHOWN)
            + " more";
  }
}
