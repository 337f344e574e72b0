package dev.backfill.io.dbn;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses into zstd frames as the service does: with a content checksum and without the content
 * size. {@link #endFrame} ends a frame at any byte; what is written next begins another.
 *
 * <p>Native memory is held until {@link #close}. Not thread-safe.
 */
public final class ZstdOutput extends OutputStream {
  private final OutputStream out;
  private final int level;
  private @Nullable OutputStream frame;
  private boolean started;
  private boolean closed;

  private ZstdOutput(OutputStream out, int level) {
    this.out = out;
    this.level = level;
  }

  /**
   * Compresses into {@code out}.
   *
   * @param level zstd's level, 1 (fast) to 22; 3 is usual
   */
  public static ZstdOutput wrap(OutputStream out, int level) {
    return new ZstdOutput(out, level);
  }

  /** Ends the frame, if one has begun. */
  public void endFrame() throws IOException {
    OutputStream ending = frame;
    frame = null;
    if (ending != null) {
      ending.close();
    }
  }

  private OutputStream frame() throws IOException {
    if (closed) {
      throw new IOException("the zstd stream is closed");
    }
    if (frame == null) {
      frame = new ZstdOutputStreamNoFinalizer(new Unclosed(out), level).setChecksum(true);
      started = true;
    }
    return frame;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0) {
      frame().write(bytes, offset, length);
    }
  }

  /** Ends the block, so that a reader can decode all that was written so far. */
  @Override
  public void flush() throws IOException {
    if (frame != null) {
      frame.flush();
    } else {
      out.flush();
    }
  }

  /** Ends the frame and closes the stream below. Without any content an empty frame is written. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try (out) {
      if (!started) {
        frame();
      }
      endFrame();
    } finally {
      closed = true;
    }
  }

  /** Lets a frame be closed without the stream below it. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.flush();
    }
  }
}
