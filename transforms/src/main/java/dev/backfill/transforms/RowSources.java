package dev.backfill.transforms;

import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.util.List;

/** The one place that knows which normalizer reads which schema. */
public final class RowSources {
  private RowSources() {}

  /**
   * The rows of a landed chunk.
   *
   * @param publishers only these; empty means all
   * @throws IllegalArgumentException if no normalizer reads the chunk's schema
   */
  public static RowSource of(LandedChunk landed, List<Integer> publishers) throws IOException {
    String schema = landed.getChunk().getSchemaName();
    if (BarSize.ofSchema(schema).isEmpty()) {
      throw new IllegalArgumentException(
          "Schema "
              + schema
              + " has no normalizer; ohlcv-1s, ohlcv-1m, ohlcv-1h and ohlcv-1d have");
    }
    return new BarNormalizer(
        landed,
        List.of(landed.getFile()),
        WantedPiece.of(landed),
        publishers,
        file -> LandingArea.openVerified(landed),
        names(landed));
  }

  private static ContractNames names(LandedChunk landed) throws IOException {
    Contracts contracts = LandingArea.contracts(landed).orElse(null);
    if (contracts == null) {
      return ContractNames.NONE;
    }
    return id ->
        contracts.names(id).stream()
            .map(
                n ->
                    new ContractNames.Named(
                        Math.toIntExact(n.start().toEpochDay()),
                        Math.toIntExact(n.end().toEpochDay()),
                        n.symbol()))
            .toList();
  }
}
