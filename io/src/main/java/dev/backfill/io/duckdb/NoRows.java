package dev.backfill.io.duckdb;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** A landed chunk that has no rows to give, only its word. */
record NoRows(LandedChunk landed) implements RowSource {
  NoRows {
    if (landed.getState() == LandedState.LANDED) {
      throw new IllegalArgumentException(
          "Chunk " + landed.getChunk().getChunkId() + " has landed, so its file must be read");
    }
  }

  @Override
  public Opening open() {
    Chunk chunk = landed.getChunk();
    List<Stretch> stretches =
        landed.getPieces().stream()
            .map(
                piece ->
                    new Stretch(
                        piece.getSymbol(),
                        new Series(
                                chunk.getSource(),
                                chunk.getDataset(),
                                chunk.getSchemaName(),
                                chunk.getStypeIn(),
                                piece.getSymbol())
                            .tableSymbol()
                            .orElse(null),
                        piece.getStartNs(),
                        piece.getEndNs(),
                        false,
                        true))
            .toList();
    return new Opening(List.of(), stretches);
  }

  @Override
  public @Nullable IndexedRecord nextBatch() {
    return null;
  }

  @Override
  public List<Reject> takeRejects() {
    return List.of();
  }

  @Override
  public void close() {}
}
