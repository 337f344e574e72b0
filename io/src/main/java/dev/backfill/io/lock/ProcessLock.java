package dev.backfill.io.lock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A lock that one process has: a file lock of the operating system, so it dies with the process,
 * and a lock that a dead process left is none. The file says who holds it while it is held and
 * stays, empty, afterwards: removing it would let two processes lock two files of one name.
 */
public final class ProcessLock implements AutoCloseable {
  /**
   * System properties are one map for all class loaders. The check must come before the file is
   * opened: closing any channel on it lets go every lock that this process has on it.
   */
  private static final String PROPERTY = "dev.backfill.lock.";

  private static final int MOST_TEXT = 1024;

  private final Path file;
  private final FileChannel channel;
  private final FileLock lock;

  private ProcessLock(Path file, FileChannel channel, FileLock lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lock at once or not at all.
   *
   * @param file the canonical path of the lock's file, made if there is none
   * @param self what others are told
   * @throws LockHeldException if another has it
   * @throws IOException if the file cannot be written, as in a read-only folder
   */
  public static ProcessLock acquire(Path file, Holder self) throws IOException {
    String there =
        System.getProperties().putIfAbsent(PROPERTY + file, self.text()) instanceof String s
            ? s
            : null;
    if (there != null) {
      throw new LockHeldException(file.toString(), Holder.parse(there));
    }
    boolean held = false;
    try {
      ProcessLock lock = lockFile(file, self);
      held = true;
      return lock;
    } finally {
      if (!held) {
        System.getProperties().remove(PROPERTY + file);
      }
    }
  }

  private static ProcessLock lockFile(Path file, Holder self) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean held = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new LockHeldException(file.toString(), read(channel));
      }
      channel.truncate(0);
      channel.write(StandardCharsets.UTF_8.encode(self.text()), 0);
      held = true;
      return new ProcessLock(file, channel, lock);
    } catch (OverlappingFileLockException e) {
      throw new LockHeldException(file.toString(), Holder.self(""));
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  private static Holder read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(MOST_TEXT);
    channel.read(text, 0);
    return Holder.parse(StandardCharsets.UTF_8.decode(text.flip()).toString());
  }

  /** Lets go. Twice does no harm. */
  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    try {
      channel.truncate(0);
      lock.release();
    } finally {
      channel.close();
      System.getProperties().remove(PROPERTY + file);
    }
  }
}
