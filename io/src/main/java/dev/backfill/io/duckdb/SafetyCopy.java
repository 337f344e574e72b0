package dev.backfill.io.duckdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.Locale;

/** The copy that is kept of a database before it is changed. */
final class SafetyCopy {
  /** What the change itself needs beside the copy, as a share of the file: tables are rewritten. */
  private static final double ROOM_TO_CHANGE = 1.0;

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

  /**
   * Copies a closed database file beside itself, named by the day; on disk in full when this
   * returns. A copy that is there already is never overwritten.
   *
   * @return the copy
   */
  static Path make(Path database, LocalDate day) throws IOException {
    Path copy = freeName(database, day);
    Path part = copy.resolveSibling(copy.getFileName() + ".part");
    Files.copy(database, part, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    return Files.move(part, copy, StandardCopyOption.ATOMIC_MOVE);
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
