package dev.backfill.io.databento;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.Optional;

/**
 * What is left of a chunk whose newest part needs a licence that the key does not have: the refusal
 * names the end up to which it may be asked.
 */
final class LicensedPart {
  static final String NEEDS_LICENCE = "dataset_unavailable_range";

  private LicensedPart() {}

  /**
   * The part that may be asked: to the last whole edge before the end that the service names.
   *
   * @return empty if it refuses for another reason, names no end, or nothing would be left
   */
  static Optional<Chunk> of(Chunk chunk, DatabentoApiException refusal) {
    Instant end = refusal.availableEnd();
    if (end == null || !NEEDS_LICENCE.equals(refusal.errorCase())) {
      return Optional.empty();
    }
    long edge = edgeNs(chunk.getSchemaName());
    long endNs = Math.floorDiv(Times.nanos(end), edge) * edge;
    return chunk.getStartNs() < endNs && endNs < chunk.getEndNs()
        ? Optional.of(upTo(chunk, endNs))
        : Optional.empty();
  }

  private static long edgeNs(String schema) {
    // Other schemas have dates where they have edges at all.
    return BarSize.ofSchema(schema).map(BarSize::edgeNs).orElse(Times.DAY_NS);
  }

  private static Chunk upTo(Chunk chunk, long endNs) {
    String id =
        ChunkId.of(
            chunk.getSource(),
            chunk.getDataset(),
            chunk.getSchemaName(),
            chunk.getStypeIn(),
            chunk.getSymbols(),
            chunk.getStartNs(),
            endNs);
    return Chunk.newBuilder(chunk).setChunkId(id).setEndNs(endNs).setEstimatedRecords(-1L).build();
  }

  /** What the sidecar of the part says of the rest. */
  static String warning(Chunk whole, Chunk part) {
    return "Not asked, because this key has no licence for it yet: "
        + Times.text(part.getEndNs())
        + " to "
        + Times.text(whole.getEndNs());
  }
}
