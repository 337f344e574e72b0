package dev.backfill.transforms;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Packs rows of any shape into little-endian columns of 4 or 8 bytes. The next batch is packed into
 * the same arrays; released, it holds none. Bars, of which there are very many, have {@link
 * BarColumns}. Not thread-safe.
 */
final class PackedColumns {
  /** Rows in a full batch. */
  static final int ROWS = 4_096;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int[] widths;
  private final byte[][] columns;
  private int capacity;
  private int rows;

  /**
   * Empty columns.
   *
   * @param widths bytes of a value of each column, 4 or 8
   */
  PackedColumns(int... widths) {
    this.widths = widths.clone();
    this.columns = new byte[widths.length][0];
  }

  boolean isFull() {
    return rows >= ROWS;
  }

  int rows() {
    return rows;
  }

  /** Adds a row: a value for each column, in their order; of 4 bytes those that are so narrow. */
  void add(long... values) {
    if (rows == capacity) {
      capacity = Math.max(ROWS, capacity * 2);
      for (int c = 0; c < columns.length; c++) {
        columns[c] = Arrays.copyOf(columns[c], capacity * widths[c]);
      }
    }
    for (int c = 0; c < columns.length; c++) {
      if (widths[c] == Long.BYTES) {
        LONG.set(columns[c], rows << 3, values[c]);
      } else {
        INT.set(columns[c], rows << 2, (int) values[c]);
      }
    }
    rows++;
  }

  /** A column of the rows so far, which holds until the next row after {@link #restart}. */
  ByteBuffer column(int index) {
    return ByteBuffer.wrap(columns[index], 0, rows * widths[index]).slice();
  }

  /** Begins a new batch. */
  void restart() {
    rows = 0;
  }

  /** Frees the columns: a thousand files of a group wait with none. */
  void release() {
    Arrays.setAll(columns, c -> new byte[0]);
    capacity = 0;
    rows = 0;
  }
}
