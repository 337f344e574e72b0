package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database that is there already, open to be read for a moment; or none. */
final class Opened implements AutoCloseable {
  private final @Nullable Database database;

  private Opened(@Nullable Database database) {
    this.database = database;
  }

  /**
   * Opens an existing file; makes none.
   *
   * @param wait how long to wait for a process that is writing
   */
  static Opened reading(Optional<Path> file, Duration wait) {
    return new Opened(
        file.filter(Database::isThere)
            .map(f -> Database.openReadOnly(f.toString(), wait))
            .orElse(null));
  }

  Optional<Database> database() {
    return Optional.ofNullable(database);
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
