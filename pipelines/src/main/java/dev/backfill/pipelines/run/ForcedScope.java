package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.RunRow;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput.Again;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that is wanted, bought anew, whether it is loaded and landed or not: {@code rerun --force}.
 * The same command given again after it was killed, or ended with failures, goes on where it
 * stopped: what has landed since the first of its runs that did not succeed is new enough.
 */
final class ForcedScope implements PlanScope {
  /** A forced run that is older has been given up. */
  private static final Duration GOES_ON = Duration.ofDays(7);

  @Override
  public Choice choose(Facts facts) {
    Choice missing = facts.missing();
    Interval wanted = missing.input().wanted();
    if (wanted == null) {
      return missing;
    }
    Optional<RunRow> unfinished = unfinished(facts);
    Instant since = unfinished.map(RunRow::startedAt).orElse(facts.now());
    List<Again> all = List.of(new Again(wanted, Times.nanos(since)));
    Map<String, List<Again>> again = new HashMap<>();
    facts.job().symbols().forEach(symbol -> again.put(symbol, all));
    List<String> notes = new ArrayList<>(missing.notes());
    unfinished.ifPresent(
        run ->
            notes.add(
                "This goes on with run "
                    + run.runId()
                    + ", which did not end well: what has landed since "
                    + Times.text(Times.nanos(run.startedAt()))
                    + " is not bought again"));
    return new Choice(
        missing.input().withAgain(again).withKnown(KnownIntervals.rows(facts.rows(), facts.now())),
        notes);
  }

  /** The first of the same command's runs since the last that succeeded. */
  private Optional<RunRow> unfinished(Facts facts) {
    String same = RunRecord.configHash(facts.job(), name());
    Optional<RunRow> first = Optional.empty();
    for (RunRow run : facts.known().runs()) {
      if (same.equals(run.configHash())) {
        if (run.status().equals("success")
            || run.startedAt().isBefore(facts.now().minus(GOES_ON))) {
          break;
        }
        first = Optional.of(run);
      }
    }
    return first;
  }

  @Override
  public String name() {
    return "rerun --force";
  }
}
