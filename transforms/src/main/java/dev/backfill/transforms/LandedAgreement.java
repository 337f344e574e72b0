package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.util.Set;

/**
 * Whether a landed file is the answer that its sidecar describes: the same request, and as many
 * records. A sidecar that was copied beside another file would cover ranges that the file does not
 * hold. What has no sidecar (its sha256 is empty) is not checked.
 */
final class LandedAgreement {
  private LandedAgreement() {}

  /** Compares the request in the sidecar with the one that the file's own metadata repeat. */
  static void checkRequest(LandedChunk landed, DbnMetadata metadata) throws DamagedAnswerException {
    if (landed.getSha256().isEmpty()) {
      return;
    }
    Chunk chunk = landed.getChunk();
    same(landed, "dataset", chunk.getDataset(), metadata.dataset());
    same(landed, "schema", chunk.getSchemaName(), metadata.schema().apiName());
    same(landed, "stype_in", chunk.getStypeIn(), metadata.stypeIn().apiName());
    same(landed, "start", chunk.getStartNs(), metadata.startNs());
    same(landed, "end", chunk.getEndNs(), metadata.endNs());
    same(landed, "symbols", Set.copyOf(chunk.getSymbols()), Set.copyOf(metadata.symbols()));
  }

  /** Compares the number of records. */
  static void checkCount(LandedChunk landed, long records) throws DamagedAnswerException {
    if (!landed.getSha256().isEmpty()) {
      same(landed, "record count", landed.getRecordCount(), records);
    }
  }

  /**
   * Reads a landed file whole.
   *
   * @throws DamagedAnswerException if it is not the answer that its sidecar describes
   * @throws IOException if it cannot be read
   */
  static void verify(LandedChunk landed) throws IOException {
    LandingArea.verify(landed);
    try (DbnReader reader = DbnReader.open(LandingArea.open(landed.getFile()))) {
      checkRequest(landed, reader.metadata());
      while (reader.next()) {
        // Only counted.
      }
      checkCount(landed, reader.recordIndex() + 1);
    }
  }

  private static void same(LandedChunk landed, String what, Object described, Object found)
      throws DamagedAnswerException {
    if (!described.equals(found)) {
      throw new DamagedAnswerException(
          landed.getFile(),
          "its sidecar has " + what + " " + described + ", the file itself " + found);
    }
  }
}
