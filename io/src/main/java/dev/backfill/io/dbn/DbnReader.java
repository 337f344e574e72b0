package dev.backfill.io.dbn;

import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a DBN stream with a cursor: {@link #next} moves to a record, the accessors read its fields
 * in place, and {@link #record} makes a value of it. Moving and reading fields allocate nothing.
 *
 * <p>A stream is whole only when {@code next} has returned false: until then what was read may be
 * the beginning of a damaged one. Any damage is a {@link DbnFormatException}; failures of the
 * stream below pass through as they are. An end exactly between two records of a raw stream, or
 * between two zstd frames, cannot be seen in the bytes.
 *
 * <p>Records of types that are not decoded here are skipped by their length and counted. An error
 * record of the service (type {@link RType#ERROR}) is a record like others: a caller that meets one
 * in a download has to treat the download as failed.
 *
 * <p>Not thread-safe.
 */
public final class DbnReader implements AutoCloseable {
  /** The version of a fragment that only its records tell. */
  public static final int VERSION_FROM_RECORDS = 0;

  private static final int BUFFER_SIZE = 128 * 1024;

  /** Far from every buffer, so that reading a field without a record fails. */
  private static final int NOWHERE = Integer.MIN_VALUE / 2;

  private final InputStream in;
  private final @Nullable DbnMetadata metadata;
  private final boolean tsOut;
  private int version;

  /** The length byte that each type must have; 0 for types that are not decoded. */
  private final int[] lengths = new int[256];

  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int start = NOWHERE;
  private int following;
  private int limit;
  private boolean ended;

  /** Offset of the buffer's first byte in the stream. */
  private long bufferOffset;

  private long recordIndex = -1;
  private long skipped;
  private boolean keepUnknown;

  private DbnReader(InputStream in, @Nullable DbnMetadata metadata, int version, long offset) {
    this.in = in;
    this.metadata = metadata;
    this.tsOut = metadata != null && metadata.tsOut();
    this.bufferOffset = offset;
    setVersion(version);
  }

  /**
   * Opens a stream with metadata, raw or in zstd; closing the reader closes {@code in}, and so does
   * a failure to open.
   *
   * @throws DbnFormatException if it is not DBN of version 1 to 3, or ends within the metadata
   */
  public static DbnReader open(InputStream in) throws IOException {
    return StreamOpener.open(in, StreamOpener::withMetadata);
  }

  /**
   * Opens records without metadata, raw or in zstd.
   *
   * @param version 1 to 3, or {@link #VERSION_FROM_RECORDS} to let the sizes of the records tell
   * @throws DbnFormatException if there are no bytes at all
   */
  public static DbnReader openFragment(InputStream in, int version) throws IOException {
    if (version < 0 || version > DbnMetadata.NEWEST_VERSION) {
      throw new IllegalArgumentException("DBN version " + version + " is not in 1 to 3, or 0");
    }
    return StreamOpener.open(in, decoded -> new DbnReader(decoded, null, version, 0));
  }

  static DbnReader after(InputStream in, DbnMetadata metadata, long offset) {
    return new DbnReader(in, metadata, metadata.version(), offset);
  }

  private void setVersion(int newVersion) {
    version = newVersion;
    if (newVersion != VERSION_FROM_RECORDS) {
      int sendTime = tsOut ? 8 : 0;
      Arrays.setAll(
          lengths,
          rtype -> {
            int size = RType.size(rtype, newVersion);
            return size == 0 ? 0 : (size + sendTime) / 4;
          });
    }
  }

  /**
   * What the stream says about itself.
   *
   * @throws IllegalStateException if it is a fragment
   */
  public DbnMetadata metadata() {
    if (metadata == null) {
      throw new IllegalStateException("a fragment has no metadata");
    }
    return metadata;
  }

  /** The version; for a fragment that did not tell yet, {@link #VERSION_FROM_RECORDS}. */
  public int version() {
    return version;
  }

  /** Makes {@link #next} stop at records of unknown type as well, instead of skipping them. */
  public DbnReader keepUnknown() {
    keepUnknown = true;
    return this;
  }

  /**
   * Moves to the next record.
   *
   * @return false when the stream has ended, whole
   * @throws DbnFormatException if bytes are left over, or the record is not of its type's size
   */
  public boolean next() throws IOException {
    while (true) {
      int at = following;
      if (limit - at < RType.MAX_SIZE && !ended) {
        at = refill(at);
      }
      recordIndex++;
      int left = limit - at;
      if (left == 0) {
        recordIndex--;
        start = NOWHERE;
        return false;
      }
      int words = buffer[at] & 0xFF;
      int size = words * 4;
      if (left < size || left < 2 || words == 0 || lengths[buffer[at + 1] & 0xFF] != words) {
        checkUnusual(at, left, size);
      }
      following = at + size;
      if (lengths[buffer[at + 1] & 0xFF] != 0 || keepUnknown) {
        start = at;
        return true;
      }
      skipped++;
    }
  }

  /** Returns when the record is whole and may have its size; the common ones do not come here. */
  private void checkUnusual(int at, int left, int size) throws DbnFormatException {
    int least = RType.HEADER_SIZE + (tsOut ? 8 : 0);
    if (size < least) {
      throw refused("a record length of " + size + " bytes; the least is " + least, at);
    }
    if (left < RType.HEADER_SIZE) {
      throw refused(left + " bytes are left, too few for the header of a record", at);
    }
    int rtype = buffer[at + 1] & 0xFF;
    if (version == VERSION_FROM_RECORDS) {
      learnVersion(rtype, size);
    }
    int expected = lengths[rtype] * 4;
    boolean known = RType.size(rtype, DbnMetadata.NEWEST_VERSION) != 0;
    if (known && size != expected) {
      throw refused(
          String.format(
              "%s of %d bytes%s",
              RType.describe(rtype),
              size,
              expected == 0 ? "" : "; in version " + version + " it has " + expected),
          at);
    }
    if (left < size) {
      throw refused(
          String.format(
              "%s of %d bytes, but only %d are left: the stream was cut",
              RType.describe(rtype), size, left),
          at);
    }
  }

  /** Definitions differ in size in every version; all else does not tell more than it needs. */
  private void learnVersion(int rtype, int size) {
    if (rtype == RType.DEFINITION && DefinitionField.versionOfSize(size) != 0) {
      setVersion(DefinitionField.versionOfSize(size));
    } else if (lengths[rtype] == 0) {
      for (int v = 1; v <= DbnMetadata.NEWEST_VERSION; v++) {
        if (size != 0 && RType.size(rtype, v) == size) {
          lengths[rtype] = size / 4;
        }
      }
    }
  }

  /** Moves what is left to the front and reads until a whole record must be there, or the end. */
  private int refill(int at) throws IOException {
    int left = limit - at;
    System.arraycopy(buffer, at, buffer, 0, left);
    bufferOffset += at;
    following = 0;
    start = NOWHERE;
    limit = left;
    while (limit < RType.MAX_SIZE) {
      int n = read();
      if (n < 0) {
        ended = true;
        break;
      }
      limit += n;
    }
    return 0;
  }

  private int read() throws IOException {
    try {
      return in.read(buffer, limit, BUFFER_SIZE - limit);
    } catch (ZstdIOException | ZstdFrameWalker.DamagedFrameException e) {
      throw new DbnFormatException(
          "damaged zstd data: " + e.getMessage(), bufferOffset + limit, recordIndex + 1, e);
    }
  }

  private DbnFormatException refused(String problem, int at) {
    return new DbnFormatException(problem, bufferOffset + at, recordIndex);
  }

  /** The record as a value of its type. */
  public DbnRecord record() {
    int size = Wire.u8(buffer, start) * 4;
    return RecordDecoder.decode(buffer, start, size, tsOut);
  }

  /** The record's type, see {@link RType}. */
  public int rtype() {
    return buffer[start + 1] & 0xFF;
  }

  /** Number of dataset and venue. */
  public int publisherId() {
    return Wire.u16(buffer, start + 2);
  }

  /** The instrument, 0 to 2^32-1. */
  public long instrumentId() {
    return Wire.u32(buffer, start + 4);
  }

  /** Time of the event in UTC ns; for a bar the inclusive start of its interval. */
  public long tsEvent() {
    return Wire.i64(buffer, start + 8);
  }

  /** A bar's first price, 1e-9. Meaningless unless {@link RType#isOhlcv}; so are the next four. */
  public long openPrice() {
    return Wire.i64(buffer, start + 16);
  }

  /** A bar's highest price, 1e-9. */
  public long highPrice() {
    return Wire.i64(buffer, start + 24);
  }

  /** A bar's lowest price, 1e-9. */
  public long lowPrice() {
    return Wire.i64(buffer, start + 32);
  }

  /** A bar's last price, 1e-9. */
  public long closePrice() {
    return Wire.i64(buffer, start + 40);
  }

  /** A bar's volume in contracts, unsigned. */
  public long volume() {
    return Wire.i64(buffer, start + 48);
  }

  /**
   * Time that a definition, a statistic or a status is ordered and filtered by, in UTC ns.
   * Meaningless for bars.
   */
  public long tsRecv() {
    return Wire.i64(buffer, start + 16);
  }

  /** The kind of a statistic; see {@link StatisticsRecord}. Meaningless for other records. */
  public int statType() {
    return Wire.u16(buffer, start + (version >= 3 ? 56 : 52));
  }

  /** Index of the record in the stream, from 0, skipped ones counted. */
  public long recordIndex() {
    return recordIndex;
  }

  /** Offset of the record's first byte, or of the end, in the decoded (decompressed) stream. */
  public long byteOffset() {
    return bufferOffset + (start == NOWHERE ? following : start);
  }

  /** Records that {@link #next} has moved to so far; skipped ones are not counted. */
  public long recordCount() {
    return recordIndex + 1 - skipped;
  }

  /** Records of unknown type that were skipped so far. */
  public long skippedUnknown() {
    return skipped;
  }

  /** Closes the stream below. */
  @Override
  public void close() throws IOException {
    in.close();
  }
}
