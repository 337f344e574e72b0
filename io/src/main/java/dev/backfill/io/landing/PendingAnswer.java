package dev.backfill.io.landing;

import dev.backfill.io.crypto.NativeCrypto;
import dev.backfill.io.failpoint.FailPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * An answer on its way into the landing: it goes to a temporary file, is counted and hashed, and
 * gets its name by {@link #publish} once it is verified. Closed without that, it is deleted. Not
 * for several threads.
 */
public final class PendingAnswer extends OutputStream {
  private final Storage storage;
  private final String temporary;
  private final String relative;
  private final OutputStream out;
  private final MessageDigest digest;
  private long bytes;
  private boolean finished;

  PendingAnswer(Storage storage, String relative, String attempt) throws IOException {
    this.storage = storage;
    this.relative = relative;
    this.temporary = storage.temporaryName(relative, attempt);
    this.out = storage.create(temporary);
    this.digest = sha256Digest();
  }

  /** A digest to hash a file with as the landing does. */
  public static MessageDigest sha256Digest() {
    return NativeCrypto.sha256();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    out.write(buffer, offset, length);
    digest.update(buffer, offset, length);
    bytes += length;
    FailPoint.MID_BODY.pass();
  }

  /** Bytes written so far. */
  public long bytes() {
    return bytes;
  }

  /**
   * Puts the file to the disk and gives it its name. Call it once, after the last byte, when the
   * answer is known to be whole.
   */
  public PublishedAnswer publish() throws IOException {
    out.close();
    FailPoint.BEFORE_RENAME.pass();
    storage.publish(temporary, relative);
    FailPoint.AFTER_RENAME.pass();
    finished = true;
    return new PublishedAnswer(
        storage.uri(relative), bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** Deletes the temporary file, unless it has got its name. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      try {
        out.close();
      } finally {
        storage.delete(temporary);
      }
    }
  }

  /**
   * A data file in the landing that has no sidecar yet.
   *
   * @param file its path or URI
   * @param bytes its size
   * @param sha256 of the file, lower-case hex
   */
  public record PublishedAnswer(String file, long bytes, String sha256) {}
}
