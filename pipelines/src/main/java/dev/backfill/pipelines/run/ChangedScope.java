package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput;
import dev.backfill.transforms.PlanInput.Again;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The days that the service has changed since they were loaded, and nothing else, the newest first:
 * {@code rerun --changed}. A day counts as changed when the date of its newest change is later than
 * the one that was known when it was fetched; the service tells no more than the date.
 */
final class ChangedScope implements PlanScope {
  @Override
  public Choice choose(Facts facts) throws IOException {
    Choice missing = facts.missing();
    PlanInput input = missing.input();
    Interval wanted = input.wanted();
    if (wanted == null) {
      return missing;
    }
    String dataset = facts.job().dataset();
    NavigableMap<LocalDate, LocalDate> now = new TreeMap<>();
    for (HistoricalClient.DayCondition day :
        facts
            .client()
            .datasetCondition(
                dataset, Times.date(wanted.startNs()), Times.date(wanted.endNs() - 1))) {
      LocalDate modified = day.lastModified();
      if (modified != null) {
        now.put(day.date(), modified);
      }
    }
    Map<LocalDate, LocalDate> before = facts.known().lastModified();
    Map<String, List<CoverageRow>> rows = facts.rows();
    Map<String, Coverage> only = new HashMap<>();
    Map<String, List<Again>> again = new HashMap<>();
    for (String symbol : facts.job().symbols()) {
      List<Again> changed = new ArrayList<>();
      for (CoverageRow row : rows.getOrDefault(symbol, List.of())) {
        if (row.state() == CoverageState.LOADED || row.state() == CoverageState.EMPTY) {
          addChanged(changed, row, wanted, now, before);
        }
      }
      only.put(symbol, Coverage.of(changed.stream().map(Again::interval).toList()));
      if (!changed.isEmpty()) {
        again.put(symbol, changed);
      }
    }
    List<String> notes = new ArrayList<>(missing.notes());
    notes.add(said(facts, only));
    return new Choice(
        input
            .withWantedOf(only)
            .withAgain(again)
            .withKnown(KnownIntervals.rows(rows, facts.now()))
            .inOrder(PlanInput.Order.NEWEST_FIRST),
        notes);
  }

  private static void addChanged(
      List<Again> changed,
      CoverageRow row,
      Interval wanted,
      NavigableMap<LocalDate, LocalDate> now,
      Map<LocalDate, LocalDate> before) {
    LocalDate known = row.sourceModified();
    LocalDate loaded = Times.date(Times.nanos(row.loadedAt()));
    Coverage of = Coverage.of(row.interval()).intersect(Coverage.of(wanted));
    if (of.isEmpty()) {
      return;
    }
    LocalDate first = Times.date(row.interval().startNs());
    LocalDate last = Times.date(row.interval().endNs() - 1);
    now.subMap(first, true, last, true)
        .forEach(
            (day, modified) -> {
              if (isLater(modified, known == null ? loaded : known, loaded, before.get(day))) {
                long start = Times.nanos(day);
                // Two answers of one day: the one asked for on the day of the change will do.
                long since = Math.max(Times.nanos(row.loadedAt()), Times.nanos(modified));
                of.intersect(Coverage.of(new Interval(start, start + Times.DAY_NS)))
                    .intervals()
                    .forEach(part -> changed.add(new Again(part, since)));
              }
            });
  }

  /**
   * Whether a change is not known yet, or may not be. The ledger keeps the newest change of all
   * days of a row: a change of another day on that same date is told from it by what was said of
   * the day itself. The service tells dates only, so a change on the very day of the load may have
   * come after it: that day is fetched once more, since nothing says that it need not be.
   *
   * @param known the newest change that was known when the row was fetched
   * @param loaded the day of the load
   * @param saidBefore the day's last change as the ledger has it
   */
  static boolean isLater(
      LocalDate modified, LocalDate known, LocalDate loaded, @Nullable LocalDate saidBefore) {
    return modified.isAfter(known)
        || (modified.equals(known)
            && (!loaded.isAfter(modified)
                || (saidBefore != null && saidBefore.isBefore(modified))));
  }

  private static String said(Facts facts, Map<String, Coverage> only) {
    Coverage days = Coverage.NONE;
    for (Coverage one : only.values()) {
      days = days.union(one);
    }
    long count = days.cut(Times.DAY_NS).size();
    return count == 0
        ? "The service has changed no day of " + facts.job().name() + " since it was loaded"
        : "The service has changed "
            + SummaryReport.counted(count, "day")
            + " of "
            + facts.job().name()
            + " since "
            + (count == 1 ? "it was" : "they were")
            + " loaded";
  }

  @Override
  public String name() {
    return "rerun --changed";
  }
}
