package dev.backfill.io.dbn;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes a DBN stream: prelude and metadata when it is made, then records, in the order they are
 * given. Compression is the business of the stream it writes to, see {@link ZstdOutput}.
 *
 * <p>Output is buffered: {@link #flush} or {@link #close} sends what is held back. Not thread-safe.
 */
public final class DbnWriter implements AutoCloseable {
  private static final int BUFFER_SIZE = 256 * 1024;

  private final OutputStream out;
  private final RecordEncoder encoder;
  private final boolean tsOut;
  private final int ohlcvSize;
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int filled;
  private long sent;
  private long recordCount;

  /**
   * A writer of a whole stream, in the metadata's version.
   *
   * @throws IllegalArgumentException if a text of the metadata does not fit into its field
   */
  public DbnWriter(OutputStream out, DbnMetadata metadata) throws IOException {
    this(out, metadata.version(), metadata.tsOut());
    byte[] head = MetadataEncoder.encode(metadata);
    out.write(head);
    sent = head.length;
  }

  private DbnWriter(OutputStream out, int version, boolean tsOut) {
    this.out = out;
    this.encoder = new RecordEncoder(version, tsOut);
    this.tsOut = tsOut;
    this.ohlcvSize = RType.OHLCV_SIZE + (tsOut ? 8 : 0);
  }

  /** A writer of records alone, in a version from 1 to 3, without prelude and metadata. */
  public static DbnWriter fragment(OutputStream out, int version) {
    if (version < 1 || version > DbnMetadata.NEWEST_VERSION) {
      throw new IllegalArgumentException("DBN version " + version + " is not in 1 to 3");
    }
    return new DbnWriter(out, version, false);
  }

  /**
   * Writes a bar without making an object of it. Prices are in units of 1e-9. In a stream with send
   * times, the bar's is the undefined one.
   *
   * @param rtype one of the bar types of {@link RType}; not checked
   * @param tsEvent inclusive start of the bar, UTC ns
   */
  public void ohlcv(
      int rtype,
      int publisherId,
      long instrumentId,
      long tsEvent,
      long open,
      long high,
      long low,
      long close,
      long volume)
      throws IOException {
    if (BUFFER_SIZE - filled < RType.MAX_SIZE) {
      send();
    }
    byte[] b = buffer;
    int s = filled;
    Wire.put32(b, s, (long) publisherId << 16 | rtype << 8 | ohlcvSize / 4);
    Wire.put32(b, s + 4, instrumentId);
    Wire.put64(b, s + 8, tsEvent);
    Wire.put64(b, s + 16, open);
    Wire.put64(b, s + 24, high);
    Wire.put64(b, s + 32, low);
    Wire.put64(b, s + 40, close);
    Wire.put64(b, s + 48, volume);
    if (tsOut) {
      Wire.put64(b, s + 56, DbnMetadata.UNDEFINED_NS);
    }
    filled = s + ohlcvSize;
    recordCount++;
  }

  /**
   * Writes a record of any type in the version of the stream.
   *
   * @throws IllegalArgumentException if a value does not fit into its field in this version, or the
   *     header's type is not that of the record; nothing of the record is written then
   */
  public void write(DbnRecord record) throws IOException {
    if (BUFFER_SIZE - filled < RType.MAX_SIZE) {
      send();
    }
    filled += encoder.encode(record, buffer, filled);
    recordCount++;
  }

  /** Records written so far. */
  public long recordCount() {
    return recordCount;
  }

  /** Bytes written so far, metadata included, buffered ones as well. */
  public long byteCount() {
    return sent + filled;
  }

  private void send() throws IOException {
    out.write(buffer, 0, filled);
    sent += filled;
    filled = 0;
  }

  /** Hands everything written so far to the stream below and flushes it. */
  public void flush() throws IOException {
    send();
    out.flush();
  }

  /** Flushes and closes the stream below. */
  @Override
  public void close() throws IOException {
    try (out) {
      send();
    }
  }
}
