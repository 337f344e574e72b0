package dev.backfill.transforms;

import dev.backfill.schemas.FredBatch;
import dev.backfill.schemas.VintageBatch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.avro.generic.IndexedRecord;

/**
 * Packs observations into the columns of a {@link FredBatch} or a {@link VintageBatch}. The next
 * batch is packed into the same arrays. Not thread-safe.
 */
final class FredColumns {
  private static final int ROWS = 4_096;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final boolean isOfVintages;
  private ByteBuffer segments = NONE;
  private ByteBuffer dates = NONE;
  private ByteBuffer starts = NONE;
  private ByteBuffer ends = NONE;
  private ByteBuffer values = NONE;
  private int rows;

  FredColumns(boolean isOfVintages) {
    this.isOfVintages = isOfVintages;
  }

  boolean isFull() {
    return rows >= ROWS;
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /** Adds a row, of the file's one segment; days since 1970. */
  void add(int date, int realtimeStart, int realtimeEnd, double value) {
    if ((rows + 1) * Double.BYTES > values.capacity()) {
      grow(Math.max(ROWS, rows * 2));
    }
    segments.putInt(rows * Integer.BYTES, 0);
    dates.putInt(rows * Integer.BYTES, date);
    if (isOfVintages) {
      starts.putInt(rows * Integer.BYTES, realtimeStart);
      ends.putInt(rows * Integer.BYTES, realtimeEnd);
    }
    values.putDouble(rows * Double.BYTES, value);
    rows++;
  }

  /** What is left at the end of a file comes at once, and may be more than a batch. */
  private void grow(int to) {
    segments = grown(segments, to * Integer.BYTES);
    dates = grown(dates, to * Integer.BYTES);
    if (isOfVintages) {
      starts = grown(starts, to * Integer.BYTES);
      ends = grown(ends, to * Integer.BYTES);
    }
    values = grown(values, to * Double.BYTES);
  }

  private static ByteBuffer grown(ByteBuffer from, int bytes) {
    ByteBuffer to = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    to.duplicate().put(from.duplicate());
    return to;
  }

  /** The rows so far as one batch, which holds until the next row is added; begins a new one. */
  IndexedRecord take() {
    IndexedRecord taken = isOfVintages ? vintages() : observations();
    rows = 0;
    return taken;
  }

  private FredBatch observations() {
    FredBatch batch = new FredBatch();
    batch.setRows(rows);
    batch.setHasUndefined(false);
    batch.setSegment(column(segments, Integer.BYTES));
    batch.setDate(column(dates, Integer.BYTES));
    batch.setValue(column(values, Double.BYTES));
    return batch;
  }

  private VintageBatch vintages() {
    VintageBatch batch = new VintageBatch();
    batch.setRows(rows);
    batch.setHasUndefined(false);
    batch.setSegment(column(segments, Integer.BYTES));
    batch.setDate(column(dates, Integer.BYTES));
    batch.setRealtimeStart(column(starts, Integer.BYTES));
    batch.setRealtimeEnd(column(ends, Integer.BYTES));
    batch.setValue(column(values, Double.BYTES));
    return batch;
  }

  private ByteBuffer column(ByteBuffer from, int width) {
    return from.slice(0, rows * width);
  }

  /** Frees the columns: hundreds of files of a group wait with none. */
  void release() {
    segments = NONE;
    dates = NONE;
    starts = NONE;
    ends = NONE;
    values = NONE;
    rows = 0;
  }
}
