package dev.backfill.io.databento;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where the API key is read, on the worker that needs it. This travels with a pipeline; the key
 * does not.
 *
 * @param file the path of a file that holds the key; null for the environment
 */
public record ApiKeySource(@Nullable String file) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The environment variable that holds the key. */
  public static final String VARIABLE = "DATABENTO_API_KEY";

  private static final long MAX_FILE_BYTES = 4096;

  /** The key is in the environment variable {@value #VARIABLE}. */
  public static ApiKeySource environment() {
    return new ApiKeySource(null);
  }

  /** The key is in a file, alone; white space around it does not matter. */
  public static ApiKeySource file(String path) {
    return new ApiKeySource(path);
  }

  /**
   * Reads the key here and now.
   *
   * @throws ApiSettingsException if there is none, or it has not the form of a key
   */
  public ApiKey read() {
    return read(System::getenv);
  }

  ApiKey read(UnaryOperator<@Nullable String> environment) {
    if (file != null) {
      return ApiKey.of(contents(file), "the file " + file);
    }
    String value = environment.apply(VARIABLE);
    if (value == null) {
      throw new ApiSettingsException(
          "No API key: set the environment variable "
              + VARIABLE
              + ", or name a file that holds it with --api-key-file");
    }
    return ApiKey.of(value, VARIABLE);
  }

  private static String contents(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MAX_FILE_BYTES) {
        throw new ApiSettingsException(
            "The API key file " + file + " is too large to hold a key alone: check --api-key-file");
      }
      // Latin-1 takes any byte, so that a file of another kind fails by its form, not its charset.
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (IOException | InvalidPathException e) {
      throw new ApiSettingsException(
          "Cannot read the API key file " + file + " (" + e + "): check --api-key-file", e);
    }
  }
}
