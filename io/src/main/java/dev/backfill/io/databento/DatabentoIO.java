package dev.backfill.io.databento;

import dev.backfill.schemas.Bar;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Databento's history for Beam pipelines: what is asked goes in as {@link Chunk}s, and comes out as
 * {@link LandedChunk}s, descriptions of files in a landing, or as {@link Bar}s.
 *
 * <pre>{@code
 * ApiOptions api = ApiOptions.of(ApiOptions.DEFAULT_URL, ApiKeySource.environment());
 * String origin;
 * try (HistoricalClient client = HttpHistoricalClient.connect(api)) {
 *   origin = client.origin().origin();
 * }
 * LandingOptions options = LandingOptions.of("landing/", api, origin, "run-1");
 *
 * List<String> symbols = List.of("ZL.v.0");
 * long start = Times.nanos(LocalDate.parse("2024-01-01"));
 * long end = Times.nanos(LocalDate.parse("2024-02-01"));
 * String id =
 *     ChunkId.of("databento", "GLBX.MDP3", "ohlcv-1d", "continuous", symbols, start, end);
 * Chunk chunk =
 *     new Chunk(
 *         id, "databento", "GLBX.MDP3", "ohlcv-1d", "continuous", symbols, start, end, -1L, 0d, 0L);
 *
 * Pipeline pipeline = Pipeline.create();
 * PCollection<Bar> bars =
 *     pipeline
 *         .apply(Create.of(chunk).withCoder(AvroCoder.specific(Chunk.class)))
 *         .apply(DatabentoIO.readBars(options));
 * pipeline.run().waitUntilFinish();
 * }</pre>
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>An answer is bought once: what is in the landing is not asked for, in this run or another,
 *       and bundles may be retried. Only two attempts at one chunk at the same moment both buy it.
 *   <li>An answer counts only when it has been read to its end, repeats the request, and has as
 *       many records as the service says; else it is asked again as the retry policy allows.
 *   <li>Each request is in the landing's journal, on the disk, before it is sent.
 *   <li>A key that is refused (401, 402) fails the pipeline at once with {@link
 *       RunStoppedException}; all other refusals are outcomes. A dataset that is refused (403) is
 *       not asked for again in the run.
 *   <li>With {@link LandingOptions#withRequestsPerWorker} a worker lands several chunks at once;
 *       outcomes keep the timestamps and windows of their chunks, in any order. A worker that is
 *       cancelled gives what is under way some seconds to end.
 *   <li>Under a {@link SpendLimit}, an answer that broke off, which may have been billed, is asked
 *       for again only while the run stays below the limit.
 *   <li>The key is read on the worker and is in no option, element or file.
 * </ul>
 */
public final class DatabentoIO {
  private DatabentoIO() {}

  /**
   * Lands chunks: exactly one {@link LandedChunk} for each, whatever its state; where the newest
   * part needs a licence, it is of the part before, as {@link ChunkLander#land} says. A chunk that
   * is too large for the service is split, and each of its parts has one too. Break fusion before
   * it, so that chunks spread over the workers; parts spread once more.
   */
  public static PTransform<PCollection<Chunk>, PCollection<LandedChunk>> land(
      LandingOptions options) {
    return new Land(options, false);
  }

  /**
   * Lands chunks and decodes them. Prices are exact, undefined ones null; a bar whose instrument
   * the answer does not name has the instrument's id as symbol. A chunk that fails, or to which the
   * key has no right in any part, fails the pipeline, because in a collection of bars nobody would
   * miss it.
   *
   * <p>To write them with AvroIO, give it {@code AvroDatumFactory.specific(Bar.class)} as its datum
   * writer factory: its own choice, by reflection, does not know decimals.
   */
  public static PTransform<PCollection<Chunk>, PCollection<Bar>> readBars(LandingOptions options) {
    return new ReadBars(options);
  }

  private static final class Land extends PTransform<PCollection<Chunk>, PCollection<LandedChunk>> {
    private static final long serialVersionUID = 1L;
    private final LandingOptions options;
    private final boolean wholeOnly;

    Land(LandingOptions options, boolean wholeOnly) {
      this.options = options;
      this.wholeOnly = wholeOnly;
    }

    @Override
    public PCollection<LandedChunk> expand(PCollection<Chunk> chunks) {
      PCollectionTuple first =
          chunks.apply(
              "Ask and verify",
              ParDo.of(landing(false))
                  .withOutputTags(LandFn.OUTCOMES, TupleTagList.of(LandFn.PARTS)));
      PCollectionTuple second =
          first
              .get(LandFn.PARTS)
              .setCoder(AvroCoder.specific(Chunk.class))
              .apply("Redistribute parts", Reshuffle.viaRandomKey())
              .apply(
                  "Ask and verify parts",
                  ParDo.of(landing(true)).withOutputTags(LandFn.OUTCOMES, TupleTagList.empty()));
      return PCollectionList.of(outcomes(first))
          .and(outcomes(second))
          .apply("All outcomes", Flatten.pCollections());
    }

    private DoFn<Chunk, LandedChunk> landing(boolean isLast) {
      return options.requestsPerWorker() == 1
          ? new LandFn(options, wholeOnly, isLast)
          : new LandInSlotsFn(options, wholeOnly, isLast);
    }

    private static PCollection<LandedChunk> outcomes(PCollectionTuple landed) {
      return landed.get(LandFn.OUTCOMES).setCoder(AvroCoder.specific(LandedChunk.class));
    }
  }

  private static final class ReadBars extends PTransform<PCollection<Chunk>, PCollection<Bar>> {
    private static final long serialVersionUID = 1L;
    private final LandingOptions options;

    ReadBars(LandingOptions options) {
      this.options = options;
    }

    @Override
    public PCollection<Bar> expand(PCollection<Chunk> chunks) {
      return chunks
          .apply("Land", new Land(options, true))
          .apply("Decode", ParDo.of(new BarsFn()))
          .setCoder(AvroCoder.specific(Bar.class));
    }
  }
}
