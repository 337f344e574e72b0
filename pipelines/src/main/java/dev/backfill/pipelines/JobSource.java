package dev.backfill.pipelines;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Where a job's text comes from.
 *
 * @param label how messages name it
 * @param text the YAML
 */
record JobSource(String label, String text) {
  /** The jobs that come with the project. */
  static final List<String> BUILT_IN =
      List.of(
          "daily-futures",
          "missing-daily",
          "hourly-futures",
          "hourly-history",
          "ice-softs",
          "options-daily",
          "settlements",
          "fred");

  /** Those that are brought up to date when nobody names one. */
  static final List<String> USUAL = List.of("daily-futures", "hourly-futures");

  /**
   * Finds a built-in job by its name, or a file by its path.
   *
   * @throws UsageException if it is neither
   */
  static JobSource find(String nameOrPath) {
    if (BUILT_IN.contains(nameOrPath)) {
      return new JobSource("job " + nameOrPath, builtIn(nameOrPath));
    }
    boolean isPath =
        nameOrPath.contains("/") || nameOrPath.endsWith(".yaml") || nameOrPath.endsWith(".yml");
    return isPath || isFile(nameOrPath) ? ofFile(nameOrPath) : unknown(nameOrPath);
  }

  private static String builtIn(String name) {
    String resource = "/jobs/" + name + ".yaml";
    try (InputStream in = JobSource.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("The built-in job " + resource + " is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }

  private static JobSource ofFile(String path) {
    try {
      return new JobSource(path, Files.readString(Path.of(path)));
    } catch (CharacterCodingException e) {
      throw new UsageException("Cannot read the job file " + path + ": it is not UTF-8 text", e);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UsageException(
          "There is no job file " + path + ". Built-in jobs: " + names(path), e);
    } catch (IOException e) {
      throw new UsageException("Cannot read the job file " + path + ": " + e.getMessage(), e);
    }
  }

  private static boolean isFile(String text) {
    try {
      return Files.isRegularFile(Path.of(text));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static JobSource unknown(String name) {
    throw new UsageException(
        "Unknown job "
            + name
            + ". Built-in jobs: "
            + names(name)
            + "; or give the path of a YAML file, like jobs/mine.yaml");
  }

  private static String names(String like) {
    return String.join(
        ", ",
        BUILT_IN.stream().sorted(Comparator.comparingInt(n -> Nearest.distance(like, n))).toList());
  }
}
