package dev.backfill.io.duckdb;

import dev.backfill.io.lock.Holder;
import dev.backfill.io.lock.LockHeldException;
import dev.backfill.io.lock.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The right to write one database file now: a lock on the sidecar file {@code <database>.lock},
 * taken before DuckDB opens the database and let go after it has closed it.
 *
 * <p>DuckDB's own lock is not enough. It is of the process, so two copies of the driver, loaded by
 * two class loaders of one JVM, both get it, both write, and rows are lost without an error.
 */
final class DatabaseLock implements Closeable {
  private final ProcessLock lock;

  private DatabaseLock(ProcessLock lock) {
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
    return acquire(database, sidecar(database), "");
  }

  private static DatabaseLock acquire(Path database, Path sidecar, String what) throws IOException {
    try {
      return new DatabaseLock(ProcessLock.acquire(sidecar, Holder.self(what)));
    } catch (LockHeldException e) {
      throw new DatabaseHeldException(database, e.holder(), e);
    }
  }

  /**
   * Takes a lock of a database that may be written.
   *
   * @param sidecar the lock's file, beside the database
   * @param what others are told that it is for
   * @throws DatabaseHeldException if another has it
   * @throws DatabaseException if the database or its folder cannot be written
   */
  static DatabaseLock take(Path database, Path sidecar, String what) {
    try {
      if (Files.exists(database) && !Files.isWritable(database)) {
        throw new AccessDeniedException(database.toString());
      }
      return acquire(database, sidecar, what);
    } catch (AccessDeniedException e) {
      throw OpenErrors.notWritable(database, e);
    } catch (FileSystemException e) {
      throw new DatabaseException(
          "Cannot lock the database " + database + " beside it: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot lock the database " + database, e);
    }
  }

  static Path sidecar(Path database) {
    return database.resolveSibling(database.getFileName() + ".lock");
  }

  /** Lets go. Twice does no harm. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
