package dev.backfill.io.duckdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write one database file: a lock on the sidecar file {@code <database>.lock}, taken
 * before DuckDB opens the database and let go after it has closed it. It dies with the process. The
 * sidecar holds its holder's PID while it is held and stays, empty, afterwards: removing it would
 * let two processes lock two files of one name.
 *
 * <p>DuckDB's own lock is not enough. It is of the process, so two copies of the driver, loaded by
 * two class loaders of one JVM, both get it, both write, and rows are lost without an error.
 */
final class DatabaseLock implements AutoCloseable {
  /**
   * System properties are one map for all class loaders. The check must come before the file is
   * opened: closing any channel on it lets go every lock that this process has on it.
   */
  private static final String PROPERTY = "dev.backfill.database.lock.";

  private final Path database;
  private final FileChannel channel;
  private final FileLock lock;

  private DatabaseLock(Path database, FileChannel channel, FileLock lock) {
    this.database = database;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lock at once or not at all.
   *
   * @param database the canonical path
   * @throws DatabaseHeldException if another has it
   * @throws IOException if the sidecar cannot be written, as in a read-only folder
   */
  static DatabaseLock acquire(Path database) throws IOException {
    long self = ProcessHandle.current().pid();
    if (System.getProperties().putIfAbsent(PROPERTY + database, Long.toString(self)) != null) {
      throw new DatabaseHeldException(database, self);
    }
    boolean held = false;
    try {
      DatabaseLock lock = lockFile(database);
      held = true;
      return lock;
    } finally {
      if (!held) {
        System.getProperties().remove(PROPERTY + database);
      }
    }
  }

  private static DatabaseLock lockFile(Path database) throws IOException {
    FileChannel channel =
        FileChannel.open(
            sidecar(database),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    boolean held = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DatabaseHeldException(database, readPid(channel));
      }
      channel.truncate(0);
      channel.write(
          StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + System.lineSeparator()),
          0);
      held = true;
      return new DatabaseLock(database, channel, lock);
    } catch (OverlappingFileLockException e) {
      throw new DatabaseHeldException(database, ProcessHandle.current().pid(), e);
    } finally {
      if (!held) {
        channel.close();
      }
    }
  }

  static Path sidecar(Path database) {
    return database.resolveSibling(database.getFileName() + ".lock");
  }

  private static long readPid(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    String digits = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : -1;
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
      System.getProperties().remove(PROPERTY + database);
    }
  }
}
