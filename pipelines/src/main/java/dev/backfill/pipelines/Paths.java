package dev.backfill.pipelines;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Checks the paths that options name. */
final class Paths {
  private Paths() {}

  /** A path on this machine; what looks like an address elsewhere is refused. */
  static Path parse(String option, String text) {
    if (text.isBlank()) {
      throw new UsageException(option + " needs a path");
    }
    if (text.matches("[A-Za-z][A-Za-z0-9+.-]*:.*") && !text.startsWith("file:")) {
      throw new UsageException(
          option + " takes a path on this machine, not " + text.replaceFirst("//[^/@]*@", "//"));
    }
    try {
      return Path.of(text.startsWith("file://") ? text.substring("file://".length()) : text);
    } catch (InvalidPathException e) {
      throw new UsageException(option + " " + text + " is not a path: " + e.getReason(), e);
    }
  }

  /** A file that must be there. */
  static Path readable(String option, String text) {
    Path path = parse(option, text);
    if (!Files.isRegularFile(path)) {
      throw new UsageException(option + " " + text + ": there is no such file");
    }
    if (!Files.isReadable(path)) {
      throw new UsageException(option + " " + text + " may not be read; check its permissions");
    }
    return path;
  }
}
