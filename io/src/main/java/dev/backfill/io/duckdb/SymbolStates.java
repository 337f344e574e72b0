package dev.backfill.io.duckdb;

import dev.backfill.schemas.Job;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which states the coverage of each requested symbol has. Not changed once it is read. */
public final class SymbolStates {
  /**
   * By table, source, dataset, schema and form of symbols. Not a record: the first hash code of one
   * takes as long as several queries, because Java makes it at run time.
   */
  private final Map<List<String>, Map<String, Set<CoverageState>>> byKind = new HashMap<>();

  SymbolStates() {}

  boolean add(List<String> kind, String symbol, CoverageState state) {
    return byKind
        .computeIfAbsent(kind, k -> new HashMap<>())
        .computeIfAbsent(symbol, s -> EnumSet.noneOf(CoverageState.class))
        .add(state);
  }

  /** Of what a job asks for, by symbol; a symbol that the ledger does not know is not in it. */
  public Map<String, Set<CoverageState>> of(Job job) {
    return byKind.getOrDefault(
        List.of(job.table(), job.source(), job.dataset(), job.schema(), job.stypeIn()), Map.of());
  }
}
