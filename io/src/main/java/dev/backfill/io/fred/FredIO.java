package dev.backfill.io.fred;

import dev.backfill.io.databento.LandingGate;
import dev.backfill.io.databento.Sleeper;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.time.Clock;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.jspecify.annotations.Nullable;

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
          .apply("Ask and verify series", ParDo.of(new LandFn(options)))
          .setCoder(AvroCoder.specific(LandedChunk.class));
    }
  }

  /** Lands series one by one in the runner's thread. */
  private static final class LandFn extends DoFn<Chunk, LandedChunk> {
    private static final long serialVersionUID = 1L;
    private final FredLanding options;
    private transient @Nullable Session session;

    /** What an instance has open. */
    private record Session(FredClient client, RequestJournal journal, FredLander lander) {}

    LandFn(FredLanding options) {
      this.options = options;
    }

    private Session session() {
      Session open = session;
      if (open == null) {
        FredClient client = FredClient.connect(options.fred());
        RequestJournal journal = options.landing().journal();
        open =
            new Session(
                client,
                journal,
                new FredLander(options, client, journal, Sleeper.SYSTEM, Clock.systemUTC()));
        session = open;
      }
      return open;
    }

    @ProcessElement
    public void processElement(@Element Chunk chunk, OutputReceiver<LandedChunk> out)
        throws IOException {
      if (LandingGate.admits(options.gate(), chunk)) {
        out.output(session().lander().land(chunk));
      }
    }

    @Teardown
    public void teardown() throws IOException {
      Session open = session;
      session = null;
      if (open != null) {
        open.client().close();
        open.journal().close();
      }
    }
  }
}
