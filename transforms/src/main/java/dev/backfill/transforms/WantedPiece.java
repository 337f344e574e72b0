package dev.backfill.transforms;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.SeriesRange;
import java.util.List;

/**
 * A piece of one series that is to be loaded from a file.
 *
 * @param symbol as requested
 * @param startNs UTC nanoseconds, inclusive
 * @param endNs UTC nanoseconds, exclusive
 * @param covered whether the file proves the piece complete
 */
public record WantedPiece(String symbol, long startNs, long endNs, boolean covered) {

  /**
   * The pieces that a landed chunk is to be loaded for: those it names, else all that was asked.
   */
  public static List<WantedPiece> of(LandedChunk landed) {
    if (!landed.getPieces().isEmpty()) {
      return landed.getPieces().stream().map(WantedPiece::of).toList();
    }
    Chunk chunk = landed.getChunk();
    return chunk.getSymbols().stream()
        .map(s -> new WantedPiece(s, chunk.getStartNs(), chunk.getEndNs(), true))
        .toList();
  }

  private static WantedPiece of(SeriesRange range) {
    return new WantedPiece(range.getSymbol(), range.getStartNs(), range.getEndNs(), true);
  }
}
