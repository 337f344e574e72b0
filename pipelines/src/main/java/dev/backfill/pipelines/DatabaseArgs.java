package dev.backfill.pipelines;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.MotherDuck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The database: a file, or one at MotherDuck, which goes by its name where a path would stand. */
final class DatabaseArgs {
  private static final List<String> VERSIONS =
      List.of("v1.0.0", "v1.1.0", "v1.2.0", "v1.3.0", "v1.4.0", "v1.5.0");

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description = {
        "The DuckDB file. It is made when it is not there.",
        "Or md:NAME, a database at MotherDuck, with a token in " + MotherDuck.TOKEN_VARIABLE + "."
      })
  private @Nullable String db;

  @Option(
      names = "--storage-version",
      paramLabel = "VERSION",
      description =
          "File format of a database that is made: the oldest DuckDB that must read it, v1.0.0 to"
              + " v1.5.0 (default v1.5.0, which is the fastest).")
  private @Nullable String storageVersion;

  /** The file, if it was named. */
  Optional<Path> file() {
    return Optional.ofNullable(db).map(DatabaseArgs::check);
  }

  /** The file of a command that cannot do without. */
  Path requiredFile(String command) {
    return file()
        .orElseThrow(
            () ->
                new UsageException(
                    command + " needs a database: add --db FILE, like --db my.duckdb"));
  }

  /** The file of a command that works on what is there. */
  Path existingFile(String command) {
    Path file = requiredFile(command);
    if (!Database.isThere(file)) {
      throw UsageException.noDatabase(file);
    }
    return file;
  }

  Optional<String> storageVersion() {
    if (storageVersion != null && !VERSIONS.contains(storageVersion)) {
      throw new UsageException(
          "--storage-version is one of " + String.join(", ", VERSIONS) + ", not " + storageVersion);
    }
    if (storageVersion != null && db != null && MotherDuck.isNamed(db)) {
      throw new UsageException(
          "--storage-version is the format of a file, and " + db + " is none: leave it out");
    }
    return Optional.ofNullable(storageVersion);
  }

  /** Checks a path that is to be the database, or the name of one at MotherDuck. */
  static Path check(String text) {
    if (MotherDuck.isNamed(text)) {
      return MotherDuck.check(text);
    }
    Path path = Paths.parse("--db", text);
    if (Files.isDirectory(path)) {
      throw new UsageException(
          "--db " + text + " is a folder; give a file in it, like " + path.resolve("my.duckdb"));
    }
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new UsageException(
          "--db " + text + ": there is no folder " + parent + "; make it first");
    }
    return path;
  }
}
