package dev.backfill.transforms;

import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The one place that knows which normalizer reads which schema. */
public final class RowSources {
  static final String DEFINITION = "definition";
  static final String STATISTICS = "statistics";

  private RowSources() {}

  /**
   * The rows of a landed chunk.
   *
   * @param publishers only these; empty means all
   * @throws IllegalArgumentException if no normalizer reads the chunk's schema
   */
  public static RowSource of(LandedChunk landed, List<Integer> publishers) {
    if (landed.getChunk().getSource().equals(Fred.SOURCE)) {
      return new FredNormalizer(landed);
    }
    requireNormalizer(landed.getChunk().getSchemaName());
    ContractNames names;
    try {
      names = names(landed);
    } catch (IOException e) {
      return new UnreadableSource(landed, e);
    }
    return of(
        new NormalizerInput(
            landed,
            List.of(landed.getFile()),
            WantedPiece.of(landed),
            Set.copyOf(publishers),
            file -> LandingArea.openVerified(landed),
            names));
  }

  /** The rows of what a normalizer would read. */
  static NormalizedRows of(NormalizerInput input) {
    String schema = input.landed().getChunk().getSchemaName();
    requireNormalizer(schema);
    return switch (schema) {
      case DEFINITION -> new DefinitionNormalizer(input);
      case STATISTICS -> new StatisticsNormalizer(input);
      default -> new BarNormalizer(input);
    };
  }

  private static void requireNormalizer(String schema) {
    if (!isReadable(schema)) {
      throw new IllegalArgumentException(
          "Schema "
              + schema
              + " has no normalizer; ohlcv-1s, ohlcv-1m, ohlcv-1h, ohlcv-1d, definition and"
              + " statistics have");
    }
  }

  /** Whether there is a normalizer for a schema. */
  static boolean isReadable(String schema) {
    return BarSize.ofSchema(schema).isPresent()
        || schema.equals(DEFINITION)
        || schema.equals(STATISTICS);
  }

  /**
   * Reads a landed file whole.
   *
   * @throws DamagedAnswerException if it is not the answer that its sidecar describes
   * @throws IOException if it cannot be read
   */
  static void verify(LandedChunk landed) throws IOException {
    if (!landed.getChunk().getSource().equals(Fred.SOURCE)) {
      LandedAgreement.verify(landed);
      return;
    }
    LandingArea.verify(landed);
    try (RowSource rows = new FredNormalizer(landed)) {
      rows.open();
      IndexedRecord batch;
      do {
        batch = rows.nextBatch();
      } while (batch != null);
    }
  }

  /** A chunk that cannot be read: it fails, and the others of its group are written. */
  private record UnreadableSource(LandedChunk landed, IOException failure) implements RowSource {
    @Override
    public Opening open() throws IOException {
      throw failure;
    }

    @Override
    public @Nullable IndexedRecord nextBatch() throws IOException {
      throw failure;
    }

    @Override
    public List<Reject> takeRejects() {
      return List.of();
    }

    @Override
    public void close() {}
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
