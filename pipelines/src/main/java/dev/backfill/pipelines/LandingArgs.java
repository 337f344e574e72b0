package dev.backfill.pipelines;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The landing. */
final class LandingArgs {
  @Option(
      names = "--landing",
      paramLabel = "FOLDER",
      defaultValue = "landing/",
      description =
          "The folder of raw answers, kept because they were paid for (default: ${DEFAULT-VALUE}).")
  private String landing = "landing/";

  Path folder() {
    return check(landing);
  }

  static Path check(String text) {
    Path folder = Paths.parse("--landing", text);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("--landing " + text + " is a file; give a folder");
    }
    return folder;
  }
}
