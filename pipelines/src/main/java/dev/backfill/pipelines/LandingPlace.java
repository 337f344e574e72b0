package dev.backfill.pipelines;

import java.nio.file.Path;

/**
 * Where the raw answers are: a folder on this machine, or a URI like {@code s3://bucket/landing} of
 * a file system that Beam finds on the class path. Immutable.
 *
 * @param text the path or the URI
 */
public record LandingPlace(String text) {
  /** Where it is unless the command line says otherwise. */
  public static final String USUAL = "landing/";

  /** A folder on this machine. */
  public static LandingPlace of(Path folder) {
    return new LandingPlace(folder.toString());
  }

  /** Whether it is a folder on this machine, with locks and with files that others can look at. */
  public boolean isLocal() {
    return !text.contains("://");
  }

  /**
   * The folder.
   *
   * @throws IllegalStateException if it is not on this machine
   */
  public Path path() {
    if (!isLocal()) {
      throw new IllegalStateException(text + " is no folder on this machine");
    }
    return Path.of(text);
  }

  /** What a command needs to find it, with a space before it; empty where it is the usual one. */
  public String option() {
    boolean isUsual = isLocal() && path().equals(Path.of(USUAL));
    return isUsual ? "" : " --landing " + text;
  }

  /** The path or the URI. */
  @Override
  public String toString() {
    return text;
  }
}
