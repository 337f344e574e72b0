package dev.backfill.pipelines;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code import} is asked for. Immutable.
 *
 * @param files DBN files, each of them readable
 * @param database the DuckDB file
 * @param table the target table; empty means the one of the files' schema
 * @param force whether covered ranges are loaded again
 * @param storageVersion the file format of a database that is made; empty means the default
 * @param patience how long to wait while another process has the database
 */
public record ImportOptions(
    List<Path> files,
    Path database,
    Optional<String> table,
    boolean force,
    Optional<String> storageVersion,
    Duration patience) {
  /** Copies the list. */
  public ImportOptions {
    files = List.copyOf(files);
  }
}
