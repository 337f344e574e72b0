package dev.backfill.emulator.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The last stream before the network: counts, slows down, and does what a fault asks for. */
final class WireOutput extends OutputStream {
  private static final int CHECKSUM_BYTES = 4;
  private static final int TRICKLE_SLICES = 20;

  /** The body shall end here; the bytes before have been sent. */
  static final class CutException extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Fault fault;

    CutException(Fault fault) {
      super("cut by " + fault.kind());
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  private final OutputStream out;
  private final @Nullable Fault fault;
  private final long bytesPerSecond;
  private final byte[] tail = new byte[CHECKSUM_BYTES];
  private int tailSize;
  private long sent;

  WireOutput(OutputStream out, @Nullable Fault fault, long bytesPerSecond) {
    this.out = out;
    this.fault = fault;
    this.bytesPerSecond =
        fault != null && fault.kind() == Fault.Kind.TRICKLE ? fault.at() : bytesPerSecond;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] b, int off, int len) throws IOException {
    if (fault == null) {
      send(b, off, len);
      return;
    }
    switch (fault.kind()) {
      case CUT, RESET -> cut(b, off, len, fault);
      case STALL -> stall(b, off, len, fault);
      case CORRUPT -> corrupt(b, off, len, fault);
      case CHECKSUM -> holdTail(b, off, len);
      default -> send(b, off, len);
    }
  }

  private boolean inside(long at, int len) {
    return at >= sent && at < sent + len;
  }

  private void cut(byte[] b, int off, int len, Fault f) throws IOException {
    if (inside(f.at(), len)) {
      send(b, off, (int) (f.at() - sent));
      out.flush();
      throw new CutException(f);
    }
    send(b, off, len);
  }

  private void stall(byte[] b, int off, int len, Fault f) throws IOException {
    if (inside(f.at(), len)) {
      int head = (int) (f.at() - sent);
      send(b, off, head);
      out.flush();
      pause(TimeUnit.MILLISECONDS.toNanos(f.millis()));
      send(b, off + head, len - head);
    } else {
      send(b, off, len);
    }
  }

  private void corrupt(byte[] b, int off, int len, Fault f) throws IOException {
    byte[] copy = java.util.Arrays.copyOfRange(b, off, off + len);
    if (inside(f.at(), len)) {
      copy[(int) (f.at() - sent)] ^= 0x55;
    }
    send(copy, 0, len);
  }

  private void holdTail(byte[] b, int off, int len) throws IOException {
    byte[] all = new byte[tailSize + len];
    System.arraycopy(tail, 0, all, 0, tailSize);
    System.arraycopy(b, off, all, tailSize, len);
    tailSize = Math.min(CHECKSUM_BYTES, all.length);
    send(all, 0, all.length - tailSize);
    System.arraycopy(all, all.length - tailSize, tail, 0, tailSize);
  }

  private void send(byte[] b, int off, int len) throws IOException {
    if (bytesPerSecond <= 0) {
      out.write(b, off, len);
      sent += len;
      return;
    }
    int slice = (int) Math.max(1, Math.min(64 * 1024, bytesPerSecond / TRICKLE_SLICES));
    for (int done = 0; done < len; done += slice) {
      int part = Math.min(slice, len - done);
      out.write(b, off + done, part);
      out.flush();
      sent += part;
      pause(part * 1_000_000_000L / bytesPerSecond);
    }
  }

  /** Waits; the pace of a slow answer is the point here, so the thread itself is held. */
  static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long rest = nanos; rest > 0; rest = until - System.nanoTime()) {
      LockSupport.parkNanos(rest);
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  long sent() {
    return sent;
  }

  /** Ends the body: a wrong checksum goes out now. */
  void finish() throws IOException {
    if (tailSize > 0) {
      tail[tailSize - 1] ^= 0x55;
      int size = tailSize;
      tailSize = 0;
      send(tail, 0, size);
    }
    out.flush();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
