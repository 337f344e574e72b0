package dev.backfill.transforms;

import dev.backfill.io.databento.DatabentoIO;
import dev.backfill.io.databento.LandingOptions;
import dev.backfill.io.fred.FredIO;
import dev.backfill.io.fred.FredLanding;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;

/**
 * Brings planned chunks into the landing, spread over all workers: few chunks are planned in one
 * place, so without a break they would all be asked for there, one after the other.
 */
public final class LandChunks extends PTransform<PCollection<Chunk>, PCollection<LandedChunk>> {
  private final PTransform<PCollection<Chunk>, PCollection<LandedChunk>> door;

  private LandChunks(PTransform<PCollection<Chunk>, PCollection<LandedChunk>> door) {
    this.door = door;
  }

  /** Lands Databento's answers. */
  public static LandChunks with(LandingOptions options) {
    return new LandChunks(DatabentoIO.land(options));
  }

  /** Lands FRED's series. */
  public static LandChunks with(FredLanding options) {
    return new LandChunks(FredIO.land(options));
  }

  @Override
  public PCollection<LandedChunk> expand(PCollection<Chunk> planned) {
    // Flink takes a reshuffle in turns. It has no Redistribute of its own: that would group by
    // random keys, which gives one worker a third more than another.
    return planned.apply("Redistribute", Reshuffle.viaRandomKey()).apply("Ask and verify", door);
  }
}
