package dev.backfill.io.duckdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several sources as one stream of Arrow batches, pulled by DuckDB's threads one at a
 * time. Small batches are put together: DuckDB likes tens of thousands of rows at once.
 */
final class BatchFeed extends ArrowReader {
  /** Rows in one Arrow batch: half a row group of DuckDB's. */
  private static final int CAPACITY = 61_440;

  private final List<OpenSource> sources;
  private final List<BatchColumn> columns;
  private final List<BaseFixedWidthVector> vectors;
  private final VectorSchemaRoot root;
  private final Schema batchSchema;
  private final int rowsField;
  private final int undefinedField;
  private int next;
  private @Nullable IndexedRecord batch;
  private int batchRows;
  private int taken;
  private volatile @Nullable Failure failure;

  /** What a source threw while it was pulled. */
  record Failure(OpenSource source, Throwable cause) {}

  private BatchFeed(
      BufferAllocator allocator, List<OpenSource> sources, int next, IndexedRecord first) {
    super(allocator);
    this.sources = sources;
    this.next = next;
    batchSchema = first.getSchema();
    columns = BatchColumn.of(batchSchema);
    vectors =
        columns.stream().map(column -> column.type().vector(column.name(), allocator)).toList();
    root = new VectorSchemaRoot(List.<FieldVector>copyOf(vectors));
    rowsField = batchSchema.getField("rows").pos();
    undefinedField = batchSchema.getField("has_undefined").pos();
    take(first);
  }

  /**
   * Starts the stream with the first batch there is.
   *
   * @return null when no source has a row
   */
  static @Nullable BatchFeed start(BufferAllocator allocator, List<OpenSource> sources)
      throws SourceException {
    for (int i = 0; i < sources.size(); i++) {
      OpenSource source = sources.get(i);
      try {
        IndexedRecord first = source.nextBatch();
        if (first != null) {
          return new BatchFeed(allocator, sources, i, first);
        }
      } catch (IOException e) {
        throw new SourceException(source, e);
      }
    }
    return null;
  }

  @Override
  public boolean loadNextBatch() {
    try {
      return fill();
    } catch (Throwable e) {
      // This is called from native code, which passes on only the message: keep the rest.
      if (failure == null) {
        failure = new Failure(sources.get(Math.min(next, sources.size() - 1)), e);
      }
      throw new IllegalStateException("The source of the rows failed: " + e, e);
    }
  }

  private boolean fill() throws IOException {
    vectors.forEach(vector -> vector.allocateNew(CAPACITY));
    int filled = 0;
    while (filled < CAPACITY) {
      IndexedRecord current = batch;
      if (current == null || taken == batchRows) {
        if (!advance()) {
          break;
        }
        continue;
      }
      int rows = Math.min(batchRows - taken, CAPACITY - filled);
      copy(current, filled, rows);
      taken += rows;
      filled += rows;
      sources.get(next).given(rows);
    }
    for (BaseFixedWidthVector vector : vectors) {
      vector.setValueCount(filled);
    }
    root.setRowCount(filled);
    return filled > 0;
  }

  private void copy(IndexedRecord from, int filled, int rows) {
    boolean hasUndefined = (Boolean) from.get(undefinedField);
    for (int i = 0; i < vectors.size(); i++) {
      BatchColumn column = columns.get(i);
      BaseFixedWidthVector vector = vectors.get(i);
      BitsOfRows.set(vector.getValidityBuffer(), filled, rows);
      ByteBuffer bytes = column.bytes(from, batchRows);
      column.copy(
          bytes, taken, vector, filled, rows, sources.get(next).segmentBase(), hasUndefined);
    }
  }

  /** Goes to the next batch, of this source or of a later one. */
  private boolean advance() throws IOException {
    while (next < sources.size()) {
      IndexedRecord following = sources.get(next).nextBatch();
      if (following != null) {
        if (!following.getSchema().equals(batchSchema)) {
          throw new IllegalStateException(
              "Batches of two kinds in one group: "
                  + batchSchema.getFullName()
                  + " and "
                  + following.getSchema().getFullName());
        }
        take(following);
        return true;
      }
      next++;
    }
    batch = null;
    return false;
  }

  private void take(IndexedRecord following) {
    batch = following;
    batchRows = (Integer) following.get(rowsField);
    taken = 0;
  }

  /** What went wrong in a source while DuckDB pulled, if anything did. */
  @Nullable Failure failure() {
    return failure;
  }

  /** The name of the Avro record that is streamed. */
  Schema batchSchema() {
    return batchSchema;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    return root;
  }

  @Override
  public Map<Long, Dictionary> getDictionaryVectors() {
    return Map.of();
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    root.close();
  }

  @Override
  public void close() {
    closeReadSource();
  }

  @Override
  protected org.apache.arrow.vector.types.pojo.Schema readSchema() {
    return root.getSchema();
  }
}
