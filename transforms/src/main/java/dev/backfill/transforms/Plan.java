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
 * @param covered what the ledger says of each wanted symbol, within the wanted range
 * @param toLoad what is in the landing and not yet covered, with the pieces to load from each file
 * @param toAsk what must be asked of the service, in the order in which it will be asked
 */
public record Plan(
    @Nullable Interval wanted,
    Map<String, Coverage> covered,
    List<LandedChunk> toLoad,
    List<Chunk> toAsk) {
  /** Copies the lists. */
  public Plan {
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

  /** The same plan with other chunks to ask, for instance priced ones. */
  public Plan withToAsk(List<Chunk> chunks) {
    return new Plan(wanted, covered, toLoad, chunks);
  }
}
