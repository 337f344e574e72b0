package dev.backfill.io.fred;

import dev.backfill.io.http.HttpOptions;
import java.io.Serializable;

/**
 * How to reach FRED. Holds no secret.
 *
 * @param http the address, without {@code /fred}, certificates and time limits
 * @param perMinute requests that all clients of this process start within a minute
 */
public record FredOptions(HttpOptions http, FredKeySource keySource, int perMinute)
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

  /** The service at an address, asked less often than it allows. */
  public static FredOptions of(HttpOptions http, FredKeySource keySource) {
    return new FredOptions(http, keySource, USUAL_PER_MINUTE);
  }

  /** The same with another number of requests in a minute. */
  public FredOptions withPerMinute(int number) {
    return new FredOptions(http, keySource, number);
  }
}
