package dev.backfill.io.dbn;

import java.util.Arrays;

/** A record of a type that is not decoded here, such as a trade: its header, and its body as is. */
public final class UnknownRecord implements DbnRecord {
  private final RecordHeader header;
  private final byte[] body;

  /**
   * A record from its parts.
   *
   * @param body the bytes after the header, without a send time: a multiple of 4, at most 1004
   */
  public UnknownRecord(RecordHeader header, byte[] body) {
    if (body.length % 4 != 0 || body.length > RType.MAX_SIZE - RType.HEADER_SIZE) {
      throw new IllegalArgumentException(
          "a body of " + body.length + " bytes; it must be a multiple of 4 and at most 1004");
    }
    this.header = header;
    this.body = body.clone();
  }

  @Override
  public RecordHeader header() {
    return header;
  }

  /** A copy of the bytes after the header. */
  public byte[] body() {
    return body.clone();
  }

  int bodySize() {
    return body.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UnknownRecord that
        && header.equals(that.header)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return 31 * header.hashCode() + Arrays.hashCode(body);
  }

  @Override
  public String toString() {
    return "UnknownRecord[header=" + header + ", body=" + body.length + " bytes]";
  }
}
