package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.MotherDuck;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.pipelines.RunnerOptions;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.GatherLanded;
import dev.backfill.transforms.LandChunks;
import dev.backfill.transforms.LoadChunks;
import dev.backfill.transforms.LoadSpec;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
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
   * @param landing the step that asks and verifies
   * @return how each chunk ended
   */
  public static PCollection<ChunkOutcome> build(
      Pipeline pipeline,
      List<Chunk> toAsk,
      List<LandedChunk> landed,
      LandChunks landing,
      LoadSpec load) {
    PCollection<LandedChunk> fresh =
        pipeline
            .apply("Planned chunks", Create.of(toAsk).withCoder(AvroCoder.specific(Chunk.class)))
            .apply("Land chunks", landing);
    PCollection<LandedChunk> there =
        pipeline.apply(
            "Landed before", Create.of(landed).withCoder(AvroCoder.specific(LandedChunk.class)));
    return PCollectionList.of(there)
        .and(fresh)
        .apply("All landed", Flatten.pCollections())
        .apply("Gather landed", gather(load.target()))
        .apply("Load chunks", LoadChunks.into(load));
  }

  /** Groups for a target: larger ones for a database to which each way is long. */
  static GatherLanded gather(TargetSpec target) {
    GatherLanded usual = GatherLanded.forTable(target.table());
    return MotherDuck.isNamed(target.database())
        ? usual.times(MotherDuck.MORE_ROWS_A_TRANSACTION)
        : usual;
  }

  /** Lands chunks and loads none; ends as {@link #execute} does. */
  static void land(List<Chunk> toAsk, LandChunks landing, RunnerOptions runner) throws IOException {
    Pipeline pipeline = Pipeline.create(RunnerSettings.inProcess(runner));
    pipeline
        .apply("Planned chunks", Create.of(toAsk).withCoder(AvroCoder.specific(Chunk.class)))
        .apply("Land chunks", landing);
    await(pipeline);
  }

  /**
   * Runs one wave and waits for its end.
   *
   * @throws IOException what the steps failed with, by its own type where it is one of ours
   */
  static void execute(Waves.Wave wave, LandChunks landing, LoadSpec load, RunnerOptions runner)
      throws IOException {
    Pipeline pipeline = Pipeline.create(RunnerSettings.inProcess(runner));
    build(pipeline, wave.toAsk(), wave.toLoad(), landing, load);
    await(pipeline);
  }

  /** What a step fails with comes wrapped, by each runner in its own way. */
  private static void await(Pipeline pipeline) throws IOException {
    try {
      pipeline.run().waitUntilFinish();
    } catch (RuntimeException e) {
      throw PipelineFailures.unwrap(e);
    }
  }
}
