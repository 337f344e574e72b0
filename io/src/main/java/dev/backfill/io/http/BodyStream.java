package dev.backfill.io.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of the service: what breaks it is told with the byte where it broke. Its end is an end
 * that the transport vouches for: length or last chunk were seen.
 */
public final class BodyStream extends FilterInputStream {
  private final String what;
  private final ConnectionFailures failures;
  private long count;
  private boolean ended;

  BodyStream(InputStream in, String what, ConnectionFailures failures) {
    super(in);
    this.what = what;
    this.failures = failures;
  }

  /** Whether the end has been read, so that nothing more is on its way. */
  public boolean ended() {
    return ended;
  }

  @Override
  public int read() throws IOException {
    try {
      int read = in.read();
      counted(read < 0 ? -1 : 1);
      return read;
    } catch (IOException e) {
      throw failures.inBody(what, count, e);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    try {
      int read = in.read(target, offset, length);
      counted(read);
      return read;
    } catch (IOException e) {
      throw failures.inBody(what, count, e);
    }
  }

  @Override
  public long skip(long number) throws IOException {
    try {
      long skipped = in.skip(number);
      count += skipped;
      return skipped;
    } catch (IOException e) {
      throw failures.inBody(what, count, e);
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void counted(int read) {
    if (read < 0) {
      ended = true;
    } else {
      count += read;
    }
  }
}
