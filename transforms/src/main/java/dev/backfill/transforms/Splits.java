package dev.backfill.transforms;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.Ledger;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What became of planned chunks that were too large to be answered at once, from the ledger.
 *
 * @param chunks planned chunks that were split
 * @param parts the chunks that they became in the end
 * @param pauses how often nothing was asked for a while, because the service did not answer
 */
public record Splits(int chunks, int parts, long pauses) {
  /** Nothing was split. */
  public static final Splits NONE = new Splits(0, 0, 0);

  /** Reads those of a run. */
  static Splits read(Ledger ledger, Plan plan, String runId, long pauses) {
    Set<String> planned =
        plan.toAsk().stream().map(chunk -> chunk.getChunkId()).collect(Collectors.toSet());
    int chunks = (int) of(ledger, runId, "split").filter(planned::contains).count();
    if (chunks == 0) {
      return new Splits(0, 0, pauses);
    }
    plan.toLoad().forEach(landed -> planned.add(landed.getChunk().getChunkId()));
    int parts =
        (int)
            Stream.of("loaded", "failed", "skipped")
                .flatMap(state -> of(ledger, runId, state))
                .filter(id -> !planned.contains(id))
                .count();
    return new Splits(chunks, parts, pauses);
  }

  private static Stream<String> of(Ledger ledger, String runId, String state) {
    List<ChunkState> chunks = ledger.chunks(state);
    return chunks.stream().filter(c -> runId.equals(c.runId())).map(ChunkState::chunkId);
  }

  /** By how many chunks a run has more than its plan. */
  public int more() {
    return parts - chunks;
  }
}
