package dev.backfill.io.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads a file that holds a key alone. */
public final class KeyFile {
  private static final long MAX_FILE_BYTES = 4096;

  private KeyFile() {}

  /**
   * What is in it, as it is.
   *
   * @param option the command line's name for it, for messages
   * @throws ApiSettingsException if it cannot be read, or is too large to hold a key alone
   */
  public static String contents(String file, String option) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new ApiSettingsException(
            "The API key file " + file + " is too large to hold a key alone: check " + option);
      }
      // Latin-1 takes any byte, so that a file of another kind fails by its form, not its charset.
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      throw new ApiSettingsException(
          "Cannot read the API key file " + file + " (" + e + "): check " + option, e);
    }
  }
}
