package dev.backfill.io.landing;

import dev.backfill.schemas.LandedChunk;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Hashes a landed file while it is read; the read that would tell its end throws where the bytes
 * are not those that were landed. Not for several threads.
 */
final class VerifyingStream extends FilterInputStream {
  private static final int SKIPPED_AT_ONCE = 1 << 16;

  private final LandedChunk landed;
  private final MessageDigest digest = PendingAnswer.sha256Digest();
  private long bytes;
  private boolean verified;

  VerifyingStream(InputStream in, LandedChunk landed) {
    super(in);
    this.landed = landed;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      digest.update(buffer, offset, n);
      bytes += n;
    } else if (n < 0) {
      verify();
    }
    return n;
  }

  private void verify() throws DamagedAnswerException {
    if (verified) {
      return;
    }
    if (bytes != landed.getBytes()) {
      throw new DamagedAnswerException(
          landed.getFile(), "it has " + bytes + " bytes and should have " + landed.getBytes());
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (!sha256.equals(landed.getSha256())) {
      throw new DamagedAnswerException(
          landed.getFile(), "sha256 is " + sha256 + " and should be " + landed.getSha256());
    }
    verified = true;
  }

  @Override
  public long skip(long n) throws IOException {
    byte[] passed = new byte[(int) Math.min(Math.max(n, 0), SKIPPED_AT_ONCE)];
    return passed.length == 0 ? 0 : Math.max(read(passed, 0, passed.length), 0);
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
