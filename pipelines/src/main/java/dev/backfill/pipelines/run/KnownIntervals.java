package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.PlanInput.Known;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a ledger covers, as a plan needs it. An answer that was asked for after what is loaded, and
 * is not loaded itself, came from a run that was killed between landing and loading: it takes the
 * place of what is there. To know that, the ledger's rows are needed, and not only the instants
 * that they cover; so they are read only where the landing holds answers that are not loaded.
 */
final class KnownIntervals {
  private KnownIntervals() {}

  static Map<String, List<Known>> of(KnownSeries known, List<LandedChunk> landed, Instant now) {
    return mayHoldNewer(known, landed) ? rows(known.rows(), now) : islands(known);
  }

  /** With the times at which they were loaded. */
  static Map<String, List<Known>> rows(Map<String, List<CoverageRow>> rows, Instant now) {
    Map<String, List<Known>> known = new HashMap<>();
    rows.forEach(
        (symbol, ofSymbol) ->
            known.put(
                symbol,
                ofSymbol.stream()
                    .filter(row -> row.standsAt(now))
                    .map(row -> new Known(row.interval(), Times.nanos(row.loadedAt())))
                    .toList()));
    return known;
  }

  private static Map<String, List<Known>> islands(KnownSeries known) {
    Map<String, List<Known>> islands = new HashMap<>();
    known
        .covered()
        .forEach(
            (symbol, covered) ->
                islands.put(
                    symbol,
                    covered.intervals().stream().map(i -> new Known(i, Long.MAX_VALUE)).toList()));
    return islands;
  }

  private static boolean mayHoldNewer(KnownSeries known, List<LandedChunk> landed) {
    Map<String, LandedChunk> newest = new HashMap<>();
    for (LandedChunk one : landed) {
      if (one.getState() == LandedState.LANDED || one.getState() == LandedState.UNRESOLVED) {
        newest.merge(
            one.getChunk().getChunkId(),
            one,
            (a, b) -> a.getAskedAtNs() >= b.getAskedAtNs() ? a : b);
      }
    }
    if (newest.isEmpty()) {
      return false;
    }
    Set<String> loaded = known.loadedAnswers();
    return newest.values().stream().anyMatch(one -> !loaded.contains(name(one)));
  }

  private static String name(LandedChunk landed) {
    String file = landed.getFile();
    return file.isEmpty()
        ? landed.getChunk().getChunkId()
        : file.substring(file.lastIndexOf('/') + 1);
  }
}
