package dev.backfill.io.landing;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Chunks and outcomes for tests of the landing. */
final class Landings {
  static final Instant NOW = Instant.parse("2025-12-16T10:11:12.123456789Z");

  private Landings() {}

  static Chunk chunk(String symbol) {
    long start = Times.nanos(LocalDate.of(2024, 1, 1));
    long end = Times.nanos(LocalDate.of(2024, 2, 1));
    String id =
        ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1h", "continuous", List.of(symbol), start, end);
    return new Chunk(
        id,
        "databento",
        "GLBX.MDP3",
        "ohlcv-1h",
        "continuous",
        List.of(symbol),
        start,
        end,
        480L,
        0.001,
        0L);
  }

  static LandedChunk outcome(Chunk chunk, LandedState state, long askedAtNs) {
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(state)
        .setFile("")
        .setContractsFile("")
        .setFormat("dbn.zst")
        .setBytes(0)
        .setSha256("")
        .setRecordCount(0)
        .setExpectedRecords(-1)
        .setVerified(false)
        .setRequestId("req-1")
        .setWarnings(List.of("Warning: one \"day\" has reduced quality"))
        .setAskedAtNs(askedAtNs)
        .setAttempts(1)
        .setCostEstimateUsd(0.48)
        .setHttpStatus(200)
        .setError(state == LandedState.FAILED ? "the service answered 504" : "")
        .setRunId("run-1")
        .setPieces(List.of())
        .build();
  }

  /** Lands a file with this content, its contracts and its sidecar. */
  static LandedChunk land(LandingArea landing, Chunk chunk, String content) throws IOException {
    LandedChunk landed = publish(landing, chunk, content);
    return landing.record(landed);
  }

  /** Does all but the sidecar. */
  static LandedChunk publish(LandingArea landing, Chunk chunk, String content) throws IOException {
    long askedAt = landing.look(chunk).nextAskedAtNs(NOW);
    try (PendingAnswer pending = landing.begin(chunk, askedAt, "dbn.zst", "run-1-1")) {
      pending.write(content.getBytes(StandardCharsets.UTF_8));
      PendingAnswer.PublishedAnswer file = pending.publish();
      String contracts =
          landing.writeContracts(
              chunk, askedAt, "{\"result\":{}}".getBytes(StandardCharsets.UTF_8));
      return LandedChunk.newBuilder(outcome(chunk, LandedState.LANDED, askedAt))
          .setFile(file.file())
          .setBytes(file.bytes())
          .setSha256(file.sha256())
          .setContractsFile(contracts)
          .setVerified(true)
          .build();
    }
  }

  static List<LandedChunk> list(LandingArea landing) throws IOException {
    return landing.list("databento", "GLBX.MDP3", "ohlcv-1h", "continuous");
  }

  static List<LandingArea.Orphan> orphans(LandingArea landing) throws IOException {
    return landing.orphans("databento", "GLBX.MDP3", "ohlcv-1h");
  }
}
