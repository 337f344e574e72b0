package dev.backfill.pipelines.run;

import dev.backfill.io.databento.LandingOptions;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.GatherLanded;
import dev.backfill.transforms.LandChunks;
import dev.backfill.transforms.LoadChunks;
import dev.backfill.transforms.LoadSpec;
import java.io.IOException;
import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.PacedDirectRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/** The way of the data, assembled: land, gather, load. No step knows its runner. */
public final class BackfillPipeline {
  private BackfillPipeline() {}

  /**
   * Adds the steps to a pipeline.
   *
   * @param toAsk chunks to ask of the service
   * @param landed chunks that are in the landing already
   * @return how each chunk ended
   */
  public static PCollection<ChunkOutcome> build(
      Pipeline pipeline,
      List<Chunk> toAsk,
      List<LandedChunk> landed,
      LandingOptions landing,
      LoadSpec load) {
    PCollection<LandedChunk> fresh =
        pipeline
            .apply("Planned chunks", Create.of(toAsk).withCoder(AvroCoder.of(Chunk.class)))
            .apply("Land chunks", LandChunks.with(landing));
    PCollection<LandedChunk> there =
        pipeline.apply(
            "Landed before", Create.of(landed).withCoder(AvroCoder.of(LandedChunk.class)));
    return PCollectionList.of(there)
        .and(fresh)
        .apply("All landed", Flatten.pCollections())
        .apply("Gather landed", GatherLanded.forTable(load.target().table()))
        .apply("Load chunks", LoadChunks.into(load));
  }

  /** Lands chunks and loads none; ends as {@link #execute} does. */
  static void land(
      List<Chunk> toAsk, LandingOptions landing, int parallelism, List<String> beamArgs)
      throws IOException {
    Pipeline pipeline = Pipeline.create(directOptions(parallelism, beamArgs));
    pipeline
        .apply("Planned chunks", Create.of(toAsk).withCoder(AvroCoder.of(Chunk.class)))
        .apply("Land chunks", LandChunks.with(landing));
    try {
      pipeline.run().waitUntilFinish();
    } catch (Pipeline.PipelineExecutionException e) {
      throw PipelineFailures.unwrap(e);
    }
  }

  /**
   * Runs one wave and waits for its end.
   *
   * @throws IOException what the steps failed with, by its own type where it is one of ours
   */
  static void execute(
      Waves.Wave wave,
      LandingOptions landing,
      LoadSpec load,
      int parallelism,
      List<String> beamArgs)
      throws IOException {
    Pipeline pipeline = Pipeline.create(directOptions(parallelism, beamArgs));
    build(pipeline, wave.toAsk(), wave.toLoad(), landing, load);
    try {
      pipeline.run().waitUntilFinish();
    } catch (Pipeline.PipelineExecutionException e) {
      throw PipelineFailures.unwrap(e);
    }
  }

  /**
   * The options of a run on the direct runner: its checks of immutability and encodability, twelve
   * times the cost of the work, belong to tests, and its busy waiting to nobody.
   *
   * @param parallelism bundles under way at once, so also requests
   * @param beamArgs Beam's own options, which win
   */
  public static PipelineOptions directOptions(int parallelism, List<String> beamArgs) {
    DirectOptions options =
        PipelineOptionsFactory.fromArgs(beamArgs.toArray(String[]::new))
            .withValidation()
            .as(DirectOptions.class);
    boolean given = beamArgs.stream().anyMatch(a -> a.startsWith("--targetParallelism"));
    if (!given) {
      options.setTargetParallelism(parallelism);
    }
    options.setRunner(PacedDirectRunner.class);
    options.setEnforceImmutability(false);
    options.setEnforceEncodability(false);
    options.setBlockOnRun(true);
    return options;
  }
}
