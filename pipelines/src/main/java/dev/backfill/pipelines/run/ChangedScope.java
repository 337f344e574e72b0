package dev.backfill.pipelines.run;

import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput;
import dev.backfill.transforms.PlanInput.Again;
import dev.backfill.transforms.PlanInput.Known;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The days that the service has changed since they were asked for, and nothing else, the newest
 * first: {@code rerun --changed}. The service tells the date of a day's newest change, no more. So
 * a day counts as changed when that date is later than the one on which its answer was asked for,
 * or than what the service said of it then. When it is the same date, nobody can tell which came
 * first: on that date the day is fetched if the change was not known when it was asked for, and
 * from the next day on it is fetched once more. An answer that was asked for on a later date
 * settles it; so a change is paid for twice at most.
 */
final class ChangedScope implements PlanScope {
  private static final int DAYS_NAMED = 10;

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
            .service()
            .changes(dataset, Times.date(wanted.startNs()), Times.date(wanted.endNs() - 1))) {
      LocalDate modified = day.lastModified();
      if (modified != null) {
        now.put(day.date(), modified);
      }
    }
    Map<LocalDate, LocalDate> before = facts.known().lastModified();
    Map<String, List<CoverageRow>> rows = facts.known().served();
    AskedTimes times = new AskedTimes(facts.known().answers(), facts.landed());
    LocalDate today = Times.date(Times.nanos(facts.now()));
    Map<String, Coverage> only = new HashMap<>();
    Map<String, List<Again>> again = new HashMap<>();
    Map<String, List<Known>> known = new HashMap<>();
    for (String symbol : facts.job().symbols()) {
      List<Changed> changed = new ArrayList<>();
      for (CoverageRow row : rows.getOrDefault(symbol, List.of())) {
        addChanged(changed, row, wanted, now, before, times, today);
      }
      changed.sort(Comparator.comparing(Changed::interval));
      only.put(symbol, Coverage.of(changed.stream().map(Changed::interval).toList()));
      if (!changed.isEmpty()) {
        again.put(symbol, changed.stream().map(c -> new Again(c.interval(), c.sinceNs())).toList());
        known.put(symbol, changed.stream().map(c -> new Known(c.interval(), c.askedNs())).toList());
      }
    }
    List<String> notes = new ArrayList<>(missing.notes());
    notes.add(said(facts, only));
    return new Choice(
        input
            .withWantedOf(only)
            .withAgain(again)
            .withKnown(known)
            .inOrder(PlanInput.Order.NEWEST_FIRST),
        notes);
  }

  /**
   * A stretch that is to be asked anew.
   *
   * @param askedNs when what is loaded was asked for
   * @param sinceNs an answer of this time or later will do
   */
  private record Changed(Interval interval, long askedNs, long sinceNs) {}

  private static void addChanged(
      List<Changed> changed,
      CoverageRow row,
      Interval wanted,
      NavigableMap<LocalDate, LocalDate> now,
      Map<LocalDate, LocalDate> before,
      AskedTimes times,
      LocalDate today) {
    if (!row.interval().overlaps(wanted)) {
      return;
    }
    LocalDate known = row.sourceModified();
    long from = Math.max(row.interval().startNs(), wanted.startNs());
    long to = Math.min(row.interval().endNs(), wanted.endNs());
    now.subMap(Times.date(from), true, Times.date(to - 1), true)
        .forEach(
            (day, modified) -> {
              long start = Times.nanos(day);
              Interval part =
                  new Interval(Math.max(start, from), Math.min(start + Times.DAY_NS, to));
              for (AskedTimes.Asked asked : times.of(row, part)) {
                LocalDate on = Times.date(asked.atNs());
                if (isLater(modified, on, known, before.get(day), today)) {
                  // From the next day on, only an answer of the next day settles a change.
                  LocalDate settled = today.isAfter(modified) ? modified.plusDays(1) : modified;
                  long since = Math.max(asked.atNs() + 1, Times.nanos(settled));
                  changed.add(new Changed(asked.interval(), asked.atNs(), since));
                }
              }
            });
  }

  /**
   * Whether a change may have come after what is loaded was asked for; see above. The ledger keeps
   * the newest change of all days of a row: a change of another day on that same date or before is
   * told from it by what was said of the day itself.
   *
   * @param modified the date of the day's newest change
   * @param asked the date on which what is loaded was asked for
   * @param known the newest change of the row's days that was known then
   * @param saidBefore the day's newest change as the ledger has it
   */
  static boolean isLater(
      LocalDate modified,
      LocalDate asked,
      @Nullable LocalDate known,
      @Nullable LocalDate saidBefore,
      LocalDate today) {
    boolean isUnheard = known != null && modified.isAfter(known);
    boolean isNews = saidBefore != null && modified.isAfter(saidBefore);
    boolean isSameDay = modified.equals(asked);
    return modified.isAfter(asked)
        || isUnheard
        || isNews
        || (isSameDay && (today.isAfter(modified) || known == null || saidBefore == null));
  }

  private static String said(Facts facts, Map<String, Coverage> only) {
    Coverage days = Coverage.NONE;
    for (Coverage one : only.values()) {
      days = days.union(one);
    }
    List<LocalDate> named =
        days.cut(Times.DAY_NS).stream()
            .map(i -> Times.date(i.startNs()))
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    String job = facts.job().name();
    if (named.isEmpty()) {
      return "The service has changed no day of " + job + " since it was asked for";
    }
    String some =
        named.stream().limit(DAYS_NAMED).map(LocalDate::toString).collect(Collectors.joining(", "));
    return "The service has changed "
        + SummaryReport.counted(named.size(), "day")
        + " of "
        + job
        + " since "
        + (named.size() == 1 ? "it was" : "they were")
        + " asked for: "
        + some
        + (named.size() > DAYS_NAMED ? " and " + (named.size() - DAYS_NAMED) + " more" : "");
  }

  @Override
  public boolean onlyChanged() {
    return true;
  }

  @Override
  public String name() {
    return "rerun --changed";
  }
}
