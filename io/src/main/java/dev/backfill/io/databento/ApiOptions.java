package dev.backfill.io.databento;

import dev.backfill.io.http.ApiSettingsException;
import dev.backfill.io.http.HttpOptions;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the service. Holds no secret: the key is read by its source where the client is
 * made.
 *
 * @param http the service, without {@code /v0}, and how it is spoken to
 * @param limitShare the part of the service's limits that this process may use, above 0 to 1: less
 *     where other processes or machines ask with the same key
 */
public record ApiOptions(HttpOptions http, ApiKeySource keySource, double limitShare)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The real service. */
  public static final String DEFAULT_URL = "https://hist.databento.com";

  /** Checks the share. */
  public ApiOptions {
    if (!(limitShare > 0 && limitShare <= 1)) {
      throw new IllegalArgumentException(
          "limitShare must be above 0 and at most 1, but is " + limitShare);
    }
  }

  /**
   * The given service with the key from the given source, and everything else as usual.
   *
   * @throws ApiSettingsException if the url is none of a service, or ends with {@code /v0}
   */
  public static ApiOptions of(String url, ApiKeySource keySource) {
    HttpOptions http;
    try {
      http = HttpOptions.of(url);
    } catch (ApiSettingsException e) {
      throw new ApiSettingsException(e.getMessage() + usual(), e);
    }
    if (http.url().endsWith("/v0")) {
      throw new ApiSettingsException(
          "The API url " + http.url() + " must be given without /v0" + usual());
    }
    return new ApiOptions(http, keySource, 1);
  }

  private static String usual() {
    return ". The service's own is "
        + DEFAULT_URL
        + "; the key is read from "
        + ApiKeySource.VARIABLE
        + " or --api-key-file";
  }

  /** The service, without a slash at its end. */
  public String url() {
    return http.url();
  }

  /** These options with certificates that are trusted besides the system's; null for none. */
  public ApiOptions withCaFile(@Nullable String path) {
    return new ApiOptions(http.withCaFile(path), keySource, limitShare);
  }

  /** These options with a part of the service's limits, see the class. */
  public ApiOptions withLimitShare(double share) {
    return new ApiOptions(http, keySource, share);
  }

  /** These options with other timeouts; for pipelines that use DatabentoIO, and tests. */
  public ApiOptions withTimeouts(Duration connect, Duration firstByte, Duration idle) {
    return new ApiOptions(http.withTimeouts(connect, firstByte, idle), keySource, limitShare);
  }
}
