package dev.backfill.transforms;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;

/**
 * What a normalizer reads.
 *
 * @param landed the answer's description
 * @param files its files in the order of their records; usually one
 * @param pieces what is wanted from them
 * @param publishers only these; empty means all
 * @param opener opens a file for one pass
 * @param names the contract behind each instrument, where the answer itself does not say
 */
record NormalizerInput(
    LandedChunk landed,
    List<String> files,
    List<WantedPiece> pieces,
    Set<Integer> publishers,
    FileOpener opener,
    ContractNames names) {

  /** Opens a landed file by its name. */
  @FunctionalInterface
  interface FileOpener {
    /** Opens the file for one pass. */
    InputStream open(String file) throws IOException;
  }

  NormalizerInput {
    files = List.copyOf(files);
    pieces = List.copyOf(pieces);
    publishers = Set.copyOf(publishers);
  }

  /** The contracts that were asked for by name; empty for a parent, which names none. */
  Set<String> asked() {
    Chunk chunk = landed.getChunk();
    return chunk.getStypeIn().equals("parent") ? Set.of() : Set.copyOf(chunk.getSymbols());
  }
}
