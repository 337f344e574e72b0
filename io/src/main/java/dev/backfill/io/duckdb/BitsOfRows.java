package dev.backfill.io.duckdb;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;

/** Sets a run of bits: rows that are there. */
final class BitsOfRows {
  private BitsOfRows() {}

  static void set(ArrowBuf bits, int from, int count) {
    int at = from;
    int end = from + count;
    while (at < end && (at & 7) != 0) {
      BitVectorHelper.setBit(bits, at++);
    }
    int bytes = (end - at) >> 3;
    if (bytes > 0) {
      bits.setOne((long) at >> 3, (long) bytes);
      at += bytes << 3;
    }
    while (at < end) {
      BitVectorHelper.setBit(bits, at++);
    }
  }
}
