package dev.backfill.io.fred;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * FRED for Beam pipelines: what is asked goes in as {@link Chunk}s, each a whole series, and comes
 * out as {@link LandedChunk}s, descriptions of files in a landing.
 *
 * <p>Guarantees: what is in the landing is not asked for again, unless a new generation is wanted;
 * an answer counts only when every page has as many observations as the service says; a refused key
 * fails the pipeline, all else is an outcome; the key is read on the worker and is in no option,
 * element or file.
 */
public final class FredIO {
  private FredIO() {}

  /** Lands series: exactly one {@link LandedChunk} for each. Break fusion before it. */
  public static PTransform<PCollection<Chunk>, PCollection<LandedChunk>> land(FredLanding options) {
    return new Land(options);
  }

  private static final class Land extends PTransform<PCollection<Chunk>, PCollection<LandedChunk>> {
    private static final long serialVersionUID = 1L;
    private final FredLanding options;

    Land(FredLanding options) {
      this.options = options;
    }

    @Override
    public PCollection<LandedChunk> expand(PCollection<Chunk> chunks) {
      return chunks
          .apply("Ask and verify series", ParDo.of(new FredLandFn(options)))
          .setCoder(AvroCoder.specific(LandedChunk.class));
    }
  }
}
