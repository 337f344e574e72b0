package dev.backfill.transforms;

import dev.backfill.schemas.BarBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Packs bars into the little-endian columns of a {@link BarBatch}. The next batch is packed into
 * the same arrays: new ones for each would cost a fifth of all decoding. Not thread-safe.
 */
final class BarColumns {
  /** Bars in a full batch. */
  static final int ROWS = 4_096;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] segment = new byte[ROWS * 4];
  private byte[] time = new byte[ROWS * 8];
  private byte[] open = new byte[ROWS * 8];
  private byte[] high = new byte[ROWS * 8];
  private byte[] low = new byte[ROWS * 8];
  private byte[] close = new byte[ROWS * 8];
  private byte[] volume = new byte[ROWS * 8];
  private byte[] publisher = new byte[ROWS * 4];
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

  /** One bar of several symbols may go past a full batch. */
  private void grow() {
    segment = Arrays.copyOf(segment, segment.length * 2);
    time = Arrays.copyOf(time, time.length * 2);
    open = Arrays.copyOf(open, open.length * 2);
    high = Arrays.copyOf(high, high.length * 2);
    low = Arrays.copyOf(low, low.length * 2);
    close = Arrays.copyOf(close, close.length * 2);
    volume = Arrays.copyOf(volume, volume.length * 2);
    publisher = Arrays.copyOf(publisher, publisher.length * 2);
  }

  private ByteBuffer column(byte[] packed, int width) {
    return ByteBuffer.wrap(packed, 0, rows * width).slice();
  }
}
