package dev.backfill.io.duckdb;

import dev.backfill.io.failpoint.FailPoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.Locale;

/**
 * The change of a database that is not ours alone: made in a copy beside it, which then takes its
 * place by one rename, while the file as it was stays under another name. Whenever the program is
 * killed, the database is either as it was or whole and changed.
 *
 * <p>Not in the file itself, because DuckDB cannot replay a log in which a column was added to a
 * table that has a default like CURRENT_TIMESTAMP (tried on 1.5.5.1): a kill between the commit and
 * the checkpoint would leave a file that cannot be opened.
 */
final class SafetyCopy {
  /** What the change itself needs beside the copy, as a share of the file: tables are rewritten. */
  private static final double ROOM_TO_CHANGE = 1.0;

  private static final long PIECE = 256 * 1024;

  private SafetyCopy() {}

  /**
   * Refuses where the disk has no room for a copy and for the change.
   *
   * @throws DatabaseException naming how much is needed
   */
  static void requireRoom(Path database) throws IOException {
    long size = Files.size(database);
    long needed = size + (long) (size * ROOM_TO_CHANGE);
    long free = Files.getFileStore(database).getUsableSpace();
    if (free < needed) {
      throw new DatabaseException(
          String.format(
              Locale.ROOT,
              "The database %s must be changed, and a copy of it is kept first: that needs %.1f MB"
                  + " free in %s, and %.1f MB are. Nothing was changed. Make room, or move the"
                  + " file to a larger disk",
              database,
              needed / 1e6,
              database.getParent(),
              free / 1e6));
    }
  }

  /** What changes a database file that nobody else knows of; closed in full when it returns. */
  interface Change {
    void to(Path file);
  }

  /**
   * Changes a closed database file. The file as it was is kept, named by the day; one that is there
   * already is never overwritten.
   *
   * @return the file as it was
   */
  static Path change(Path database, LocalDate day, Change change) throws IOException {
    Path changed = database.resolveSibling(database.getFileName() + ".changing");
    try {
      Files.deleteIfExists(log(changed));
      copy(database, changed);
      FailPoint.TAKEOVER_AFTER_COPY.pass();
      change.to(changed);
      try (FileChannel written = FileChannel.open(changed, StandardOpenOption.WRITE)) {
        written.force(true);
      }
      Path kept = keep(database, freeName(database, day));
      FailPoint.TAKEOVER_BEFORE_RENAME.pass();
      Files.move(
          changed, database, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      FailPoint.TAKEOVER_AFTER_RENAME.pass();
      return kept;
    } finally {
      Files.deleteIfExists(changed);
      Files.deleteIfExists(log(changed));
    }
  }

  /** What an attempt that died has left is no part of it. */
  private static void copy(Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long size = in.size();
      for (long done = 0; done < size; ) {
        long piece = in.transferTo(done, Math.min(PIECE, size - done), out);
        if (piece <= 0) {
          throw new IOException(from + " became shorter while it was copied");
        }
        done += piece;
        FailPoint.TAKEOVER_MID_COPY.pass();
      }
    }
  }

  private static Path log(Path database) {
    return database.resolveSibling(database.getFileName() + ".wal");
  }

  /** Gives the file a second name, so that its bytes stay when the first goes to another. */
  private static Path keep(Path database, Path name) throws IOException {
    try {
      return Files.createLink(name, database);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Path part = name.resolveSibling(name.getFileName() + ".part");
      Files.copy(database, part, StandardCopyOption.REPLACE_EXISTING);
      return Files.move(part, name, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static Path freeName(Path database, LocalDate day) {
    String name = database.getFileName() + ".before-" + day;
    Path copy = database.resolveSibling(name);
    for (int i = 2; Files.exists(copy); i++) {
      copy = database.resolveSibling(name + "-" + i);
    }
    return copy;
  }
}
