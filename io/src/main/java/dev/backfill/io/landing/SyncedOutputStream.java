package dev.backfill.io.landing;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;

/** Writes to a local file and, when closed, puts it to the disk. Not for several threads. */
final class SyncedOutputStream extends BufferedOutputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel channel;

  SyncedOutputStream(FileChannel channel) {
    super(Channels.newOutputStream(channel), BUFFER_BYTES);
    this.channel = channel;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      if (channel.isOpen()) {
        flush();
        channel.force(true);
      }
    }
  }
}
