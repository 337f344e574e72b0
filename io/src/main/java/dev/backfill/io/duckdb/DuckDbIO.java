package dev.backfill.io.duckdb;

import dev.backfill.schemas.MetricNames;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link PCollection} of Avro records into a table of a DuckDB file.
 *
 * <pre>{@code
 * PCollection<Bar> bars = ...;   // any flat Avro record with an AvroCoder
 * DuckDbIO.WriteResult result =
 *     bars.apply(
 *         "Write bars",
 *         DuckDbIO.<Bar>write()
 *             .to("/data/research.duckdb")
 *             .table("raw.bars")
 *             .withKey("symbol", "ts_event"));
 * result.counts();               // rows of each committed transaction
 * }</pre>
 *
 * <p>The table is made from the Avro schema if it is not there; file and schema likewise. Fields
 * may be string, enum, int, long, float, double, boolean, bytes, decimal, date and timestamp, and
 * unions of one of these with null. Times are stored as UTC.
 *
 * <p>Guarantees: a batch of some thousand records is one transaction that replaces the rows of the
 * same keys, so a batch that a runner writes again changes nothing, and after a crash and a rerun
 * no row is lost or double. Of records with one key the last written stays. One process at a time
 * writes a DuckDB file, so this is for a runner whose workers are one JVM (the direct runner,
 * embedded Flink); another process gets a {@link DatabaseHeldException}.
 *
 * <p>For millions of rows a minute see {@link GroupWriter}, which takes packed columns.
 */
public final class DuckDbIO {
  private DuckDbIO() {}

  /** Begins a write; {@code to}, {@code table} and {@code withKey} must follow. */
  public static <T extends IndexedRecord> Write<T> write() {
    return new Write<>("", "", List.of());
  }

  /** See {@link DuckDbIO}. Immutable. */
  public static final class Write<T extends IndexedRecord>
      extends PTransform<PCollection<T>, WriteResult> {
    private static final long serialVersionUID = 1L;

    /** One lock lets one transaction through at a time; more shards only overlap their waiting. */
    static final int SHARDS = 2;

    private static final int ROWS_A_BATCH = 5_000;

    private final String path;
    private final String table;
    private final List<String> key;

    private Write(String path, String table, List<String> key) {
      this.path = path;
      this.table = table;
      this.key = key;
    }

    /** The DuckDB file, made if there is none. */
    public Write<T> to(String databasePath) {
      return new Write<>(databasePath, table, key);
    }

    /** The table, {@code schema.table}, made if there is none. */
    public Write<T> table(String name) {
      return new Write<>(path, name, key);
    }

    /** The fields that together name a row. */
    public Write<T> withKey(String... fields) {
      return new Write<>(path, table, List.of(fields));
    }

    @Override
    public WriteResult expand(PCollection<T> records) {
      Coder<T> coder = records.getCoder();
      if (!(coder instanceof AvroCoder<T> avro)) {
        throw new IllegalArgumentException(
            "DuckDbIO takes the table's columns from the records' Avro schema, but their coder is "
                + coder
                + ": set an AvroCoder on the PCollection");
      }
      if (path.isEmpty()) {
        throw new IllegalArgumentException("Say with to(path) which DuckDB file is written");
      }
      Schema schema = avro.getSchema();
      RecordWriter.check(table, schema, key);
      PCollection<Long> counts =
          records
              .apply("Shard by key", ParDo.of(new ShardFn<>(key)))
              .setCoder(KvCoder.of(VarIntCoder.of(), coder))
              .apply("Batch", GroupIntoBatches.ofSize(ROWS_A_BATCH))
              .apply("Write batches", ParDo.of(new WriteFn<T>(path, table, schema.toString(), key)))
              .setCoder(VarLongCoder.of());
      return new WriteResult(records.getPipeline(), counts);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      builder
          .add(DisplayData.item("database", path).withLabel("DuckDB file"))
          .add(DisplayData.item("table", table).withLabel("Table"))
          .add(DisplayData.item("key", String.join(", ", key)).withLabel("Key"));
    }
  }

  /** What was written. */
  public static final class WriteResult implements POutput {
    private static final TupleTag<Long> COUNTS = new TupleTag<>("counts");

    private final Pipeline pipeline;
    private final PCollection<Long> counts;

    private WriteResult(Pipeline pipeline, PCollection<Long> counts) {
      this.pipeline = pipeline;
      this.counts = counts;
    }

    /** The rows of each transaction, after it was committed and read back. */
    public PCollection<Long> counts() {
      return counts;
    }

    @Override
    public Pipeline getPipeline() {
      return pipeline;
    }

    @Override
    public Map<TupleTag<?>, PValue> expand() {
      return Map.of(COUNTS, counts);
    }

    @Override
    public void finishSpecifyingOutput(
        String transformName, PInput input, PTransform<?, ?> transform) {}
  }

  /** Records of one key always go to one shard, so that their order is kept there. */
  static final class ShardFn<T extends IndexedRecord> extends DoFn<T, KV<Integer, T>> {
    private static final long serialVersionUID = 1L;

    private final List<String> key;

    ShardFn(List<String> key) {
      this.key = key;
    }

    @ProcessElement
    public void process(@Element T record, OutputReceiver<KV<Integer, T>> out) {
      int hash = 0;
      for (String name : key) {
        hash = 31 * hash + Objects.hashCode(record.get(record.getSchema().getField(name).pos()));
      }
      out.output(KV.of(Math.floorMod(hash, Write.SHARDS), record));
    }
  }

  /** One batch, one transaction. The database is shared by all of these in the JVM. */
  static final class WriteFn<T extends IndexedRecord> extends DoFn<KV<Integer, Iterable<T>>, Long> {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String table;
    private final String schemaJson;
    private final List<String> key;
    private final Counter rowsWritten =
        Metrics.counter(MetricNames.DUCKDB_IO, MetricNames.ROWS_WRITTEN);
    private final Distribution millis =
        Metrics.distribution(MetricNames.DUCKDB_IO, MetricNames.TRANSACTION_MILLIS);
    private transient @Nullable Database database;
    private transient @Nullable RecordWriter writer;

    WriteFn(String path, String table, String schemaJson, List<String> key) {
      this.path = path;
      this.table = table;
      this.schemaJson = schemaJson;
      this.key = key;
    }

    @ProcessElement
    public void process(@Element KV<Integer, Iterable<T>> batch, OutputReceiver<Long> out) {
      long start = System.nanoTime();
      long rows = writer().write(batch.getValue());
      rowsWritten.inc(rows);
      millis.update((System.nanoTime() - start) / 1_000_000);
      out.output(rows);
    }

    private RecordWriter writer() {
      RecordWriter known = writer;
      if (known != null) {
        return known;
      }
      Database opened = Database.open(path);
      database = opened;
      RecordWriter made =
          new RecordWriter(opened, table, new Schema.Parser().parse(schemaJson), key);
      made.prepare();
      writer = made;
      return made;
    }

    @Teardown
    public void teardown() {
      Database open = database;
      database = null;
      writer = null;
      if (open != null) {
        open.close();
      }
    }
  }
}
