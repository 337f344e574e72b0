package dev.backfill.io.databento;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a chunk of which a part cannot be had: its newest needs a licence that the key
 * does not have, or it reaches beyond what the service has. The refusal names the bounds within
 * which it may be asked.
 */
final class LicensedPart {
  private static final Set<String> NEEDS_LICENCE =
      Set.of("dataset_unavailable_range", "license_not_found_unauthorized");

  private static final Set<String> NOT_THERE =
      Set.of(
          "data_start_before_available_start",
          "data_end_after_available_end",
          "data_schema_not_fully_available");

  private LicensedPart() {}

  /** Whether a case means that the newest part of the range needs a licence. */
  static boolean needsLicence(@Nullable String errorCase) {
    return errorCase != null && NEEDS_LICENCE.contains(errorCase);
  }

  /**
   * The part that may be asked: from the first to the last whole edge within what the service
   * names.
   *
   * @return empty if it refuses for another reason, names no bound that helps, or nothing would be
   *     left
   */
  static Optional<Chunk> of(Chunk chunk, DatabentoApiException refusal) {
    String errorCase = refusal.errorCase();
    boolean isNotThere = errorCase != null && NOT_THERE.contains(errorCase);
    if (!isNotThere && !needsLicence(errorCase)) {
      return Optional.empty();
    }
    long edge = edgeNs(chunk.getSchemaName());
    long startNs = chunk.getStartNs();
    long endNs = chunk.getEndNs();
    Instant start = refusal.availableStart();
    if (isNotThere && start != null) {
      startNs = Math.max(startNs, -Math.floorDiv(-Times.nanos(start), edge) * edge);
    }
    Instant end = refusal.availableEnd();
    if (end != null) {
      endNs = Math.min(endNs, Math.floorDiv(Times.nanos(end), edge) * edge);
    }
    boolean isSmaller = startNs > chunk.getStartNs() || endNs < chunk.getEndNs();
    return isSmaller && startNs < endNs
        ? Optional.of(between(chunk, startNs, endNs))
        : Optional.empty();
  }

  private static long edgeNs(String schema) {
    // Other schemas have dates where they have edges at all.
    return BarSize.ofSchema(schema).map(BarSize::edgeNs).orElse(Times.DAY_NS);
  }

  private static Chunk between(Chunk chunk, long startNs, long endNs) {
    String id =
        ChunkId.of(
            chunk.getSource(),
            chunk.getDataset(),
            chunk.getSchemaName(),
            chunk.getStypeIn(),
            chunk.getSymbols(),
            startNs,
            endNs);
    return Chunk.newBuilder(chunk)
        .setChunkId(id)
        .setStartNs(startNs)
        .setEndNs(endNs)
        .setEstimatedRecords(-1L)
        .build();
  }

  /** What the sidecar of the part says of the rest. */
  static String warning(Chunk whole, Chunk part, DatabentoApiException refusal) {
    List<String> rest = new ArrayList<>();
    if (whole.getStartNs() < part.getStartNs()) {
      rest.add(Times.text(whole.getStartNs()) + " to " + Times.text(part.getStartNs()));
    }
    if (part.getEndNs() < whole.getEndNs()) {
      rest.add(Times.text(part.getEndNs()) + " to " + Times.text(whole.getEndNs()));
    }
    return "Not asked, because "
        + (needsLicence(refusal.errorCase())
            ? "this key has no licence for it yet: "
            : "the service does not have it: ")
        + String.join(", ", rest);
  }
}
