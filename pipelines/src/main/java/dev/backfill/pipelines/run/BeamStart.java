package dev.backfill.pipelines.run;

import dev.backfill.schemas.Chunk;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads Beam while the plan is made. Loading its classes, making its invokers and compiling what a
 * pipeline does first is more than a second of work, and while the service is asked what a plan
 * needs to know a processor has nothing else to do: so a pipeline of the same steps runs then, over
 * one description that stands for nothing.
 */
final class BeamStart {
  private static final Logger LOG = LoggerFactory.getLogger(BeamStart.class);

  private BeamStart() {}

  /** Begins it on a thread of its own, for which nobody waits. */
  static void begin() {
    Thread starting = new Thread(BeamStart::run, "beam-start");
    starting.setDaemon(true);
    starting.start();
  }

  private static void run() {
    try {
      Pipeline pipeline = Pipeline.create(RunnerSettings.forNoWork());
      PCollection<Chunk> asked =
          pipeline
              .apply("Asked", Create.of(nothing()).withCoder(AvroCoder.specific(Chunk.class)))
              .apply(Reshuffle.viaRandomKey())
              .apply("Pass on", ParDo.of(new PassOn()));
      PCollectionList.of(asked)
          .and(pipeline.apply("There", Create.empty(AvroCoder.specific(Chunk.class))))
          .apply(Flatten.pCollections())
          .apply(WithKeys.of("table"))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), AvroCoder.specific(Chunk.class)))
          .apply(GroupIntoBatches.ofByteSize(1, chunk -> 1L))
          .apply("End", ParDo.of(new End()));
      pipeline.run().waitUntilFinish();
    } catch (RuntimeException e) {
      // The real pipeline will say it where somebody listens.
      LOG.debug("The pipeline that loads Beam failed", e);
    }
  }

  private static Chunk nothing() {
    return Chunk.newBuilder()
        .setChunkId("")
        .setSource("")
        .setDataset("")
        .setSchemaName("")
        .setStypeIn("")
        .setSymbols(List.of())
        .setStartNs(0)
        .setEndNs(0)
        .setEstimatedRecords(0)
        .setUsdPerRecord(0)
        .build();
  }

  private static final class PassOn extends DoFn<Chunk, Chunk> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element Chunk chunk, OutputReceiver<Chunk> out) {
      out.output(chunk);
    }
  }

  private static final class End extends DoFn<KV<String, Iterable<Chunk>>, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<String, Iterable<Chunk>> group) {
      LOG.debug("Beam is loaded; the group of {} stands for nothing", group.getKey());
    }
  }
}
