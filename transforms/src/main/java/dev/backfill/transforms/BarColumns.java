package dev.backfill.transforms;

import dev.backfill.schemas.BarBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

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

  private static final byte[] NONE = {};

  private byte[] segment = NONE;
  private byte[] time = NONE;
  private byte[] open = NONE;
  private byte[] high = NONE;
  private byte[] low = NONE;
  private byte[] close = NONE;
  private byte[] volume = NONE;
  private byte[] publisher = NONE;
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
   */
  void add(
      int segmentIndex,
      long timeMicros,
      long openPrice,
      long highPrice,
      long lowPrice,
      long closePrice,
      long contracts,
      int publisherId) {
    if (rows == time.length >> 3) {
      grow();
    }
    int at = rows << 3;
    INT.set(segment, rows << 2, segmentIndex);
    LONG.set(time, at, timeMicros);
    LONG.set(open, at, openPrice);
    LONG.set(high, at, highPrice);
    LONG.set(low, at, lowPrice);
    LONG.set(close, at, closePrice);
    LONG.set(volume, at, contracts);
    INT.set(publisher, rows << 2, publisherId);
    undefined |= BarChecks.anyUndefined(openPrice, highPrice, lowPrice, closePrice);
    rows++;
  }

  /** The bars so far as one batch, which holds until the next bar is added; begins a new one. */
  BarBatch take() {
    BarBatch batch = new BarBatch();
    batch.setRows(rows);
    batch.setHasUndefined(undefined);
    batch.setSegment(column(segment, 4));
    batch.setTsEvent(column(time, 8));
    batch.setOpen(column(open, 8));
    batch.setHigh(column(high, 8));
    batch.setLow(column(low, 8));
    batch.setClose(column(close, 8));
    batch.setVolume(column(volume, 8));
    batch.setPublisherId(column(publisher, 4));
    rows = 0;
    undefined = false;
    return batch;
  }

  /** Frees the columns: a thousand files of a group wait with none. */
  void release() {
    resize(0);
    rows = 0;
    undefined = false;
  }

  /** Makes room with the first bar, and for one bar of several symbols past a full batch. */
  private void grow() {
    resize(rows == 0 ? ROWS : rows * 2);
  }

  private void resize(int capacity) {
    segment = Arrays.copyOf(segment, capacity * 4);
    time = Arrays.copyOf(time, capacity * 8);
    open = Arrays.copyOf(open, capacity * 8);
    high = Arrays.copyOf(high, capacity * 8);
    low = Arrays.copyOf(low, capacity * 8);
    close = Arrays.copyOf(close, capacity * 8);
    volume = Arrays.copyOf(volume, capacity * 8);
    publisher = Arrays.copyOf(publisher, capacity * 4);
  }

  private ByteBuffer column(byte[] packed, int width) {
    return ByteBuffer.wrap(packed, 0, rows * width).slice();
  }
}
