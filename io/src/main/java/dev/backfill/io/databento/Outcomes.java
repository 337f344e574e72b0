package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.util.List;

/** Makes the records of how chunks ended. */
final class Outcomes {
  /** The answers' form. */
  static final String FORMAT = "dbn.zst";

  private Outcomes() {}

  /** How logs name a chunk. */
  static String about(Chunk chunk) {
    List<String> symbols = chunk.getSymbols();
    return "Chunk "
        + chunk.getChunkId()
        + " ("
        + (symbols.size() == 1 ? symbols.get(0) : symbols.size() + " symbols")
        + ", "
        + Times.text(chunk.getStartNs())
        + " to "
        + Times.text(chunk.getEndNs())
        + ")";
  }

  /** An outcome without an answer, as long as nothing more is set. */
  static LandedChunk.Builder of(Chunk chunk, LandedState state, String runId, long askedAtNs) {
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(state)
        .setFile("")
        .setContractsFile("")
        .setFormat(FORMAT)
        .setBytes(0)
        .setSha256("")
        .setRecordCount(0)
        .setExpectedRecords(RecordCount.UNKNOWN)
        .setVerified(false)
        .setRequestId("")
        .setWarnings(List.of())
        .setAskedAtNs(askedAtNs)
        .setAttempts(1)
        .setCostEstimateUsd(0)
        .setHttpStatus(0)
        .setError("")
        .setRunId(runId)
        .setPieces(List.of());
  }
}
