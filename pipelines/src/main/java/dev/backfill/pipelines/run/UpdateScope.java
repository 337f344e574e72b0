package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput.Again;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is missing up to the newest complete interval, holes included, and what it is time to look
 * at again: rows of days that were pending or degraded, empties and unresolved symbols near the end
 * of the data. The scope of {@code update}.
 */
final class UpdateScope implements PlanScope {
  @Override
  public Choice choose(Facts facts) {
    Choice missing = facts.missing();
    Map<String, List<Again>> again = new HashMap<>();
    for (CoverageRow row : facts.known().due(facts.now())) {
      Instant since = row.recheckAfter();
      if (since != null && facts.job().symbols().contains(row.series().symbol())) {
        again
            .computeIfAbsent(row.series().symbol(), symbol -> new ArrayList<>())
            .add(new Again(row.interval(), Times.nanos(since)));
      }
    }
    List<String> notes = new ArrayList<>(missing.notes());
    String until =
        facts.job().schema()
            + " is available until "
            + Times.text(
                dev.backfill.transforms.WantedRange.newestEdgeNs(
                    facts.job().schema(), facts.available()));
    boolean isByTime = !Fred.isSourceOf(facts.job());
    if (isByTime && notes.stream().noneMatch(note -> note.endsWith(until))) {
      notes.add(facts.job().dataset() + " " + until);
    }
    if (again.isEmpty()) {
      return new Choice(missing.input(), notes);
    }
    return new Choice(
        missing.input().withAgain(again).withKnown(KnownIntervals.rows(facts.rows(), facts.now())),
        notes);
  }

  @Override
  public String name() {
    return "update";
  }
}
