package dev.backfill.pipelines;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the service is and how it is reached. Holds the name of the key's file, never the key.
 * Immutable.
 *
 * @param url the service's address, http or https
 * @param keyFile the file that holds the API key; empty means the environment variable
 * @param caFile certificates in PEM that are trusted besides the JDK's
 */
public record ApiOptions(URI url, Optional<Path> keyFile, Optional<Path> caFile) {
  /** The real service. */
  public static final String DEFAULT_URL = "https://hist.databento.com";

  /** The environment variable that holds the API key. */
  public static final String KEY_VARIABLE = "DATABENTO_API_KEY";
}
