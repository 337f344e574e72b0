package dev.backfill.io.databento;

import dev.backfill.io.dbn.DbnReader;
import java.util.Locale;

/**
 * A print of 128 bits of records in their order, by which two answers are told apart whatever their
 * compression. Much cheaper than a cryptographic hash, which nothing needs here: nobody forges an
 * answer to look like another broken one.
 */
final class RecordPrint {
  private static final long K1 = 0x9E3779B97F4A7C15L;
  private static final long K2 = 0xC2B2AE3D27D4EB4FL;
  private static final long K3 = 0x165667B19E3779F9L;
  private static final long K4 = 0xD6E8FEB86659FD93L;

  private long high;
  private long low;

  /** Adds the record at which the reader stands. */
  void add(DbnReader reader, boolean isBar) {
    long head =
        reader.instrumentId() << 24 ^ (long) reader.publisherId() << 8 ^ (long) reader.rtype();
    if (isBar) {
      long prices = reader.openPrice() * K1 ^ Long.rotateLeft(reader.highPrice() * K2, 21);
      long others = reader.lowPrice() * K3 ^ Long.rotateLeft(reader.closePrice() * K4, 42);
      add(
          head * K2 ^ reader.tsEvent(),
          prices + others + Long.rotateLeft(reader.volume() * K1, 33));
    } else {
      add(head * K2 ^ reader.tsEvent(), reader.record().hashCode());
    }
  }

  private void add(long one, long other) {
    high = mix((high ^ one) * K1 + other);
    low = mix((low ^ other) * K3 + one);
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 32) * K4;
    return mixed ^ mixed >>> 29;
  }

  /** As hexadecimal digits, for the journal. */
  String text() {
    return String.format(Locale.ROOT, "%016x%016x", high, low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordPrint print && print.high == high && print.low == low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }
}
