package dev.backfill.pipelines;

import dev.backfill.io.databento.ApiOptions;
import dev.backfill.io.fred.FredKeySource;
import dev.backfill.io.fred.FredOptions;
import dev.backfill.io.http.HttpOptions;

/** Which services belong together. */
public final class ServiceUrls {
  private ServiceUrls() {}

  /**
   * FRED beside what {@code --api-url} names: FRED's own for Databento's own, else the same
   * address, which an emulator serves both from.
   */
  public static FredOptions fred(ApiOptions databento, FredKeySource key) {
    HttpOptions http = databento.http();
    boolean isReal = http.url().equals(ApiOptions.DEFAULT_URL);
    return FredOptions.of(isReal ? http.withUrl(FredOptions.DEFAULT_URL) : http, key);
  }
}
