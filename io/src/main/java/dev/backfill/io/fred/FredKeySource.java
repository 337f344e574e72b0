package dev.backfill.io.fred;

import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.KeyFile;
import java.io.Serializable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where FRED's key is read, on the worker that needs it. This travels with a pipeline; the key does
 * not.
 *
 * @param file the path of a file that holds the key; null for the environment
 */
public record FredKeySource(@Nullable String file) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The environment variable that holds the key. */
  public static final String VARIABLE = "FRED_API_KEY";

  /** The command line's name for the file. */
  public static final String OPTION = "--fred-key-file";

  /** The key is in the environment variable {@value #VARIABLE}. */
  public static FredKeySource environment() {
    return new FredKeySource(null);
  }

  /** The key is in a file, alone; white space around it does not matter. */
  public static FredKeySource file(String path) {
    return new FredKeySource(path);
  }

  /**
   * Reads the key here and now.
   *
   * @throws ApiSettingsException if there is none, or it has not the form of a key
   */
  public FredKey read() {
    return read(System::getenv);
  }

  FredKey read(UnaryOperator<@Nullable String> environment) {
    if (file != null) {
      return FredKey.of(KeyFile.contents(file, OPTION), "the file " + file);
    }
    String value = environment.apply(VARIABLE);
    if (value == null) {
      throw new ApiSettingsException(
          "No FRED API key: set the environment variable "
              + VARIABLE
              + ", or name a file that holds it with "
              + OPTION
              + ". A key costs nothing: https://fred.stlouisfed.org/docs/api/api_key.html");
    }
    return FredKey.of(value, VARIABLE);
  }
}
