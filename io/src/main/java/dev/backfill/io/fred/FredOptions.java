package dev.backfill.io.fred;

import dev.backfill.io.databento.ApiKeySource;
import dev.backfill.io.databento.ApiOptions;
import java.io.Serializable;

/**
 * How to reach FRED. Holds no secret.
 *
 * @param http the address, without {@code /fred}, certificates and time limits; its key source is
 *     not used
 * @param perMinute requests that all clients of this process start within a minute
 */
public record FredOptions(ApiOptions http, FredKeySource keySource, int perMinute)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The real service. */
  public static final String DEFAULT_URL = "https://api.stlouisfed.org";

  /** What the service allows a key in a minute. */
  public static final int ALLOWED_PER_MINUTE = 120;

  /** Below what it allows, for who else asks with the key. */
  public static final int USUAL_PER_MINUTE = 100;

  /** Checks the number of requests. */
  public FredOptions {
    if (perMinute < 1) {
      throw new IllegalArgumentException("perMinute must be at least 1, but is " + perMinute);
    }
  }

  /**
   * The service that belongs to what {@code --api-url} names: FRED's own for Databento's own, else
   * the same address, which an emulator serves both from.
   */
  public static FredOptions beside(ApiOptions api, FredKeySource keySource) {
    String url = api.url().equals(ApiOptions.DEFAULT_URL) ? DEFAULT_URL : api.url();
    ApiOptions http =
        new ApiOptions(
            url,
            ApiKeySource.environment(),
            api.caFile(),
            api.connectTimeout(),
            api.firstByteTimeout(),
            api.idleTimeout(),
            api.userAgent(),
            1);
    return new FredOptions(http, keySource, USUAL_PER_MINUTE);
  }

  /** The same with another number of requests in a minute. */
  public FredOptions withPerMinute(int number) {
    return new FredOptions(http, keySource, number);
  }
}
