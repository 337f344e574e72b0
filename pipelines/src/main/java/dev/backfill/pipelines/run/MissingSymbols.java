package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.FredCatalog;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.OptionParents;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The symbols of a job of which the ledger has no row as loaded, each with its reason. */
final class MissingSymbols {
  private static final String ACTIVE = "active";

  private final Job job;
  private final Map<String, Set<CoverageState>> states;
  private final boolean isRefused;

  /**
   * Of a job.
   *
   * @param states which states the coverage of each of its symbols has
   * @param isRefused whether this key has no right to its dataset
   */
  MissingSymbols(Job job, Map<String, Set<CoverageState>> states, boolean isRefused) {
    this.job = job;
    this.isRefused = isRefused;
    this.states = states;
  }

  /** Whether something of the job is loaded. */
  boolean isBegun() {
    return job.symbols().stream().anyMatch(symbol -> has(symbol, CoverageState.LOADED));
  }

  /** The symbols, in the job's order, and why. */
  Map<String, WantedCheck.Why> reasons() {
    Map<String, WantedCheck.Why> missing = new LinkedHashMap<>();
    Map<String, String> catalogStatus = catalogStatus();
    for (String symbol : job.symbols()) {
      if (!has(symbol, CoverageState.LOADED)) {
        missing.put(symbol, why(symbol, catalogStatus));
      }
    }
    return missing;
  }

  /** By root, or of FRED by id; options have the status of their future. */
  private Map<String, String> catalogStatus() {
    Map<String, String> status = new HashMap<>();
    if (Fred.isSourceOf(job)) {
      FredCatalog.load().entries().forEach(entry -> status.put(entry.id(), ACTIVE));
      return status;
    }
    Catalog.load().products().forEach(p -> status.putIfAbsent(p.root(), p.status()));
    OptionParents.load()
        .entries()
        .forEach(e -> status.putIfAbsent(e.optionRoot(), status.getOrDefault(e.future(), ACTIVE)));
    return status;
  }

  private WantedCheck.Why why(String symbol, Map<String, String> catalogStatus) {
    if (has(symbol, CoverageState.NOT_ENTITLED)) {
      return WantedCheck.Why.NOT_ENTITLED;
    }
    if (has(symbol, CoverageState.UNRESOLVED)) {
      String status = catalogStatus.get(root(symbol));
      if (status == null) {
        return WantedCheck.Why.UNKNOWN;
      }
      return status.equals(ACTIVE) ? WantedCheck.Why.UNRESOLVED : WantedCheck.Why.GONE;
    }
    if (has(symbol, CoverageState.EMPTY)) {
      return WantedCheck.Why.EMPTY;
    }
    return isRefused ? WantedCheck.Why.NOT_ENTITLED : WantedCheck.Why.NOT_ASKED;
  }

  private boolean has(String symbol, CoverageState state) {
    return states.getOrDefault(symbol, Set.of()).contains(state);
  }

  private static String root(String symbol) {
    int point = symbol.indexOf('.');
    return point < 0 ? symbol : symbol.substring(0, point);
  }
}
