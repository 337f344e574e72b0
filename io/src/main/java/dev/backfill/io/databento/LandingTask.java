package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.util.List;

/**
 * One chunk that is to be landed.
 *
 * @param again whether what other runs have landed is bought again
 * @param warning why the chunk is only a part of the planned one; empty where it is that
 */
record LandingTask(Chunk chunk, String runId, boolean again, String warning) {
  LandingTask narrowedTo(Chunk part, DatabentoApiException refusal) {
    return new LandingTask(part, runId, again, LicensedPart.warning(chunk, part, refusal));
  }

  boolean isNarrowed() {
    return !warning.isEmpty();
  }

  /** What a sidecar warns of for this reason alone. */
  List<String> warnings() {
    return isNarrowed() ? List.of(warning) : List.of();
  }

  /** An answer is bought once; a split holds for the run that made it, which so asks the same. */
  boolean isDoneBy(LandedChunk landed) {
    boolean isOfRun = landed.getRunId().equals(runId);
    return switch (landed.getState()) {
      case LANDED -> !again || isOfRun;
      case SPLIT -> isOfRun;
      case UNRESOLVED, NOT_ENTITLED, FAILED -> false;
    };
  }
}
