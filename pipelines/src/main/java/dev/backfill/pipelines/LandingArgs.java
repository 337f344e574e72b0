package dev.backfill.pipelines;

import dev.backfill.io.landing.LandingArea;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The landing. */
final class LandingArgs {
  private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");

  /** Beam reads from it and cannot write. */
  private static final String READ_ONLY = "classpath";

  @Option(
      names = "--landing",
      paramLabel = "FOLDER",
      defaultValue = LandingPlace.USUAL,
      description = {
        "The folder of raw answers, kept because they were paid for (default: ${DEFAULT-VALUE}).",
        "Or a URI like s3://bucket/landing, with Beam's file system for it on the class path."
      })
  private String landing = LandingPlace.USUAL;

  LandingPlace place() {
    return check(landing);
  }

  static LandingPlace check(String text) {
    Matcher uri = URI.matcher(text);
    if (uri.matches() && !uri.group(1).equals("file")) {
      return elsewhere(text, uri.group(1), uri.group(2));
    }
    Path folder = Paths.parse("--landing", text);
    if (Files.exists(folder) && !Files.isDirectory(folder)) {
      throw new UsageException("--landing " + text + " is a file; give a folder");
    }
    return LandingPlace.of(folder);
  }

  private static LandingPlace elsewhere(String text, String scheme, String rest) {
    if (rest.split("/", 2)[0].matches(".*:.*@.*")) {
      throw new UsageException(
          "--landing "
              + scheme
              + "://… has a password in it, which would end in logs: take it out, and let the file"
              + " system find its credentials in the environment");
    }
    if (rest.isBlank() || rest.startsWith("/")) {
      throw new UsageException(
          "--landing " + text + " names no place: give one like " + scheme + "://bucket/landing");
    }
    SortedSet<String> known = LandingArea.schemes();
    known.remove(READ_ONLY);
    if (!known.contains(scheme)) {
      throw new UsageException(
          "--landing "
              + text
              + ": no file system for "
              + scheme
              + ":// is on the class path, only for "
              + String.join(", ", known)
              + "; put Beam's jar for it there (for s3 beam-sdks-java-io-amazon-web-services2, for"
              + " gs beam-sdks-java-extensions-google-cloud-platform-core), or give a folder");
    }
    return new LandingPlace(text);
  }
}
