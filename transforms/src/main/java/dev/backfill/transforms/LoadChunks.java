package dev.backfill.transforms;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.MetricNames;
import dev.backfill.schemas.OutcomeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads each group in one transaction: decode, normalize, replace, cover. Writing a group twice is
 * writing it once, so a runner may retry as it likes.
 */
public final class LoadChunks
    extends PTransform<PCollection<KV<String, Iterable<LandedChunk>>>, PCollection<ChunkOutcome>> {
  private final LoadSpec spec;

  private LoadChunks(LoadSpec spec) {
    this.spec = spec;
  }

  /** Loads into a target. */
  public static LoadChunks into(LoadSpec spec) {
    return new LoadChunks(spec);
  }

  @Override
  public PCollection<ChunkOutcome> expand(PCollection<KV<String, Iterable<LandedChunk>>> groups) {
    return groups
        .apply("Write a group", ParDo.of(new LoadFn(spec)))
        .setCoder(AvroCoder.specific(ChunkOutcome.class));
  }

  private static final class LoadFn extends DoFn<KV<String, Iterable<LandedChunk>>, ChunkOutcome> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(LoadChunks.class);

    private final LoadSpec spec;
    private final Counter rowsWritten =
        Metrics.counter(MetricNames.DUCKDB_IO, MetricNames.ROWS_WRITTEN);
    private final Counter rowsRejected =
        Metrics.counter(MetricNames.DUCKDB_IO, MetricNames.ROWS_REJECTED);
    private final Distribution millis =
        Metrics.distribution(MetricNames.DUCKDB_IO, MetricNames.TRANSACTION_MILLIS);

    LoadFn(LoadSpec spec) {
      this.spec = spec;
    }

    /** A file that is not any more what was landed makes way for another answer. */
    private static void setAsideDamaged(List<LandedChunk> group, List<ChunkOutcome> outcomes)
        throws IOException {
      Set<String> failed = new HashSet<>();
      for (ChunkOutcome outcome : outcomes) {
        if (outcome.getState() == OutcomeState.FAILED) {
          failed.add(outcome.getChunkId());
        }
      }
      for (LandedChunk landed : failed.isEmpty() ? List.<LandedChunk>of() : group) {
        if (landed.getState() == LandedState.LANDED
            && failed.contains(landed.getChunk().getChunkId())) {
          try {
            RowSources.verify(landed);
          } catch (DamagedAnswerException e) {
            LandingArea.setAside(landed, String.valueOf(e.getMessage()));
          }
        }
      }
    }

    /** The file was not open since the plan was made: it may be another's by now. */
    private void requireSameOrigin(Database database, List<LandedChunk> group) throws IOException {
      String source = group.get(0).getChunk().getSource();
      Optional<String> origin = LandingArea.at(spec.landing()).origin(source);
      if (origin.isPresent()) {
        new LedgerLog(database).claimOrigin(source, origin.get());
      }
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<LandedChunk>> group, OutputReceiver<ChunkOutcome> out)
        throws IOException {
      List<RowSource> sources = new ArrayList<>();
      List<LandedChunk> given = new ArrayList<>();
      group.getValue().forEach(given::add);
      long began = System.nanoTime();
      try (Database database = Database.open(spec.target().database())) {
        requireSameOrigin(database, given);
        List<LandedChunk> chunks = WithdrawnSeries.kept(database, spec.target(), given);
        chunks.forEach(one -> sources.add(RowSources.of(one, spec.target().publishers())));
        List<ChunkOutcome> outcomes =
            new GroupWriter(database, spec.target())
                .comparing(spec.compares())
                .write(
                    sources,
                    spec.dataEndNs(),
                    JournalRows.of(spec.landing(), spec.target().runId()));
        setAsideDamaged(chunks, outcomes);
        for (ChunkOutcome outcome : outcomes) {
          rowsWritten.inc(outcome.getRowsWritten());
          rowsRejected.inc(outcome.getRowsRejected());
          out.output(outcome);
        }
      }
      millis.update((System.nanoTime() - began) / 1_000_000);
      long leftOut =
          sources.stream()
              .mapToLong(s -> s instanceof NormalizedRows rows ? rows.leftOut() : 0)
              .sum();
      if (leftOut > 0) {
        LOG.warn(
            "{} records were left out of {}: of other publishers, of spreads under a parent, or of"
                + " kinds that are not kept",
            leftOut,
            spec.target().table());
      }
    }
  }
}
