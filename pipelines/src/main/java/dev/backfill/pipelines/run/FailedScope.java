package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.schemas.Coverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Only what last ended as failed and is still not covered: the scope of {@code rerun}. */
final class FailedScope implements PlanScope {
  @Override
  public Choice choose(Facts facts) {
    Map<String, Coverage> failed = new HashMap<>();
    facts.job().symbols().forEach(symbol -> failed.put(symbol, Coverage.NONE));
    for (ChunkState chunk : facts.known().failed()) {
      for (String symbol : List.of(chunk.symbols().split(",", -1))) {
        failed.computeIfPresent(symbol, (s, before) -> before.union(Coverage.of(chunk.interval())));
      }
    }
    Map<String, Coverage> wanted = new HashMap<>();
    Map<String, Coverage> covered = facts.known().covered();
    failed.forEach(
        (symbol, ranges) ->
            wanted.put(symbol, ranges.minus(covered.getOrDefault(symbol, Coverage.NONE))));
    Choice missing = facts.missing();
    List<String> notes = new ArrayList<>(missing.notes());
    if (wanted.values().stream().allMatch(Coverage::isEmpty)) {
      notes.add("No range of " + facts.job().name() + " last ended as failed and is uncovered");
    }
    return new Choice(missing.input().withWantedOf(wanted), notes);
  }

  @Override
  public String name() {
    return "rerun";
  }
}
