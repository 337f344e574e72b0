package dev.backfill.transforms;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.util.List;

/** Descriptions of landed chunks for tests. */
final class Landed {
  private Landed() {}

  static LandedChunk chunk(
      String dataset,
      String schema,
      String stype,
      List<String> symbols,
      long startNs,
      long endNs,
      LandedState state,
      String file) {
    return of(
        Chunk.newBuilder()
            .setChunkId(ChunkId.of("databento", dataset, schema, stype, symbols, startNs, endNs))
            .setSource("databento")
            .setDataset(dataset)
            .setSchemaName(schema)
            .setStypeIn(stype)
            .setSymbols(symbols)
            .setStartNs(startNs)
            .setEndNs(endNs)
            .setEstimatedRecords(-1)
            .setUsdPerRecord(0)
            .build(),
        state,
        file,
        1);
  }

  static LandedChunk of(Chunk chunk, LandedState state, String file, long askedAtNs) {
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(state)
        .setFile(file)
        .setContractsFile("")
        .setFormat("dbn.zst")
        .setBytes(1)
        .setSha256("")
        .setRecordCount(1)
        .setExpectedRecords(1)
        .setVerified(true)
        .setRequestId("")
        .setWarnings(List.of())
        .setAskedAtNs(askedAtNs)
        .setAttempts(1)
        .setCostEstimateUsd(0)
        .setHttpStatus(200)
        .setError("")
        .setRunId("r")
        .setPieces(List.of())
        .build();
  }
}
