package dev.backfill.transforms;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run will do: <i>wanted minus covered minus landed</i>. Immutable.
 *
 * @param wanted the range that is wanted of each series, clamped to what the service has; null when
 *     it has none of it
 * @param wantedOf what is wanted of each symbol, within that range
 * @param covered what the ledger says of each wanted symbol, within the wanted range
 * @param toLoad what is in the landing and not yet covered, with the pieces to load from each file
 * @param toAsk what must be asked of the service, in the order in which it will be asked
 * @param anew whether some of it is asked although it is landed: it lands beside what is there
 */
public record Plan(
    @Nullable Interval wanted,
    Map<String, Coverage> wantedOf,
    Map<String, Coverage> covered,
    List<LandedChunk> toLoad,
    List<Chunk> toAsk,
    boolean anew) {
  /** Copies the lists. */
  public Plan {
    wantedOf = Map.copyOf(wantedOf);
    covered = Map.copyOf(covered);
    toLoad = List.copyOf(toLoad);
    toAsk = List.copyOf(toAsk);
  }

  /** Whether there is nothing to fetch and nothing to load. */
  public boolean isEmpty() {
    return toLoad.isEmpty() && toAsk.isEmpty();
  }

  /** The symbols of which something must be asked. */
  public Set<String> symbolsToAsk() {
    Set<String> symbols = new TreeSet<>();
    toAsk.forEach(chunk -> symbols.addAll(chunk.getSymbols()));
    return symbols;
  }

  /** What is wanted of a symbol; nothing where the plan does not know it. */
  public Coverage wantedOf(String symbol) {
    return wantedOf.getOrDefault(symbol, Coverage.NONE);
  }

  /** Of the same plan only the loading, of what has landed meanwhile. */
  public Plan onlyToLoad(List<LandedChunk> landed) {
    return new Plan(wanted, wantedOf, covered, landed, List.of(), anew);
  }

  /** The same plan with other chunks to ask, for instance priced ones. */
  public Plan withToAsk(List<Chunk> chunks) {
    return new Plan(wanted, wantedOf, covered, toLoad, chunks, anew);
  }
}
