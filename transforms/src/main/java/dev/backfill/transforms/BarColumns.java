package dev.backfill.transforms;

import dev.backfill.schemas.BarBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packs bars into the little-endian columns of a {@link BarBatch}. The next batch is packed into
 * the same arrays: new ones for each would cost a fifth of all decoding. Empty, it holds none. Not
 * thread-safe.
 */
final class BarColumns {
  /** Bars in a full batch. */
  static final int ROWS = 4_096;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * Rows that no batch fills: columns that lay 32 KB apart would push each other out of the
   * processor's first cache.
   */
  private static final int PADDING = 72;

  /** The columns of 8 bytes in their order, then the two of 4 bytes, which share one place. */
  private static final int TIME = 0;

  private static final int OPEN = 1;
  private static final int HIGH = 2;
  private static final int LOW = 3;
  private static final int CLOSE = 4;
  private static final int VOLUME = 5;
  private static final int SEGMENT = 6;
  private static final int COLUMNS = 7;

  private static final byte[] NONE = {};

  /** All columns one after the other: one array to look up and to check the bounds of. */
  private byte[] packed = NONE;

  /** Bytes from the start of one column of 8 bytes to the next. */
  private int stride;

  private int rows;
  private boolean undefined;

  boolean isFull() {
    return rows >= ROWS;
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /**
   * Adds one bar.
   *
   * @param timeMicros UTC microseconds since 1970
   * @param anyUndefined whether one of the prices is the undefined one
   */
  void add(
      int segmentIndex,
      long timeMicros,
      long openPrice,
      long highPrice,
      long lowPrice,
      long closePrice,
      long contracts,
      int publisherId,
      boolean anyUndefined) {
    int at = rows << 3;
    if (at == stride) {
      grow();
    }
    byte[] into = packed;
    int step = stride;
    LONG.set(into, at, timeMicros);
    LONG.set(into, at += step, openPrice);
    LONG.set(into, at += step, highPrice);
    LONG.set(into, at += step, lowPrice);
    LONG.set(into, at += step, closePrice);
    LONG.set(into, at += step, contracts);
    at = step * SEGMENT + (rows << 2);
    INT.set(into, at, segmentIndex);
    INT.set(into, at + (step >> 1), publisherId);
    undefined |= anyUndefined;
    rows++;
  }

  /** The bars so far as one batch, which holds until the next bar is added; begins a new one. */
  BarBatch take() {
    BarBatch batch = new BarBatch();
    batch.setRows(rows);
    batch.setHasUndefined(undefined);
    batch.setSegment(column(stride * SEGMENT, Integer.BYTES));
    batch.setTsEvent(column(stride * TIME, Long.BYTES));
    batch.setOpen(column(stride * OPEN, Long.BYTES));
    batch.setHigh(column(stride * HIGH, Long.BYTES));
    batch.setLow(column(stride * LOW, Long.BYTES));
    batch.setClose(column(stride * CLOSE, Long.BYTES));
    batch.setVolume(column(stride * VOLUME, Long.BYTES));
    batch.setPublisherId(column(stride * SEGMENT + (stride >> 1), Integer.BYTES));
    rows = 0;
    undefined = false;
    return batch;
  }

  /** Frees the columns: a thousand files of a group wait with none. */
  void release() {
    packed = NONE;
    stride = 0;
    rows = 0;
    undefined = false;
  }

  /** Makes room with the first bar, and for one bar of several symbols past a full batch. */
  private void grow() {
    int wider = rows == 0 ? (ROWS + PADDING) << 3 : stride * 2;
    byte[] roomier = new byte[wider * COLUMNS];
    for (int column = 0; column < SEGMENT; column++) {
      System.arraycopy(packed, stride * column, roomier, wider * column, rows << 3);
    }
    System.arraycopy(packed, stride * SEGMENT, roomier, wider * SEGMENT, rows << 2);
    System.arraycopy(
        packed,
        stride * SEGMENT + (stride >> 1),
        roomier,
        wider * SEGMENT + (wider >> 1),
        rows << 2);
    packed = roomier;
    stride = wider;
  }

  private ByteBuffer column(int from, int width) {
    return ByteBuffer.wrap(packed, from, rows * width).slice();
  }
}
