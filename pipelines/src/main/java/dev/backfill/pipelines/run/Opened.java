package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database that is there already, held open for as long as its answer counts; or none. */
final class Opened implements AutoCloseable {
  private final @Nullable Database database;

  private Opened(@Nullable Database database) {
    this.database = database;
  }

  static Opened reading(Optional<Path> file) {
    return new Opened(file.map(f -> Database.openReadOnly(f.toString())).orElse(null));
  }

  /** Holds an existing file against other processes; makes none. */
  static Opened writing(Path file, DatabaseOptions options) {
    return new Opened(Files.exists(file) ? Database.open(file.toString(), options) : null);
  }

  Optional<Database> database() {
    return Optional.ofNullable(database);
  }

  Optional<Ledger> ledger() {
    return database().map(Ledger::new);
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
