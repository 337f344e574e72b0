package dev.backfill.io.databento;

import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.KeyFile;
import java.io.Serializable;
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
      return ApiKey.of(KeyFile.contents(file, "--api-key-file"), "the file " + file);
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
}
