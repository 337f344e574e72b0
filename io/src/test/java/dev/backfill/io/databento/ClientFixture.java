package dev.backfill.io.databento;

import dev.backfill.io.http.FakeTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A client with a made-up key, short timeouts and a clock that does not wait. */
final class ClientFixture {
  static final String KEY = "db-0123456789abcdefghijklmnopqrs";
  static final HistoricalClient.Query QUERY =
      new HistoricalClient.Query(
          "GLBX.MDP3",
          "ohlcv-1h",
          "continuous",
          List.of("ES.c.0", "KC  FMZ0026!"),
          1_704_067_200_000_000_000L,
          1_704_153_600_000_000_000L);

  final FakeTime time = new FakeTime();
  private final Map<String, String> environment = new HashMap<>();

  ClientFixture() {
    environment.put(ApiKeySource.VARIABLE, KEY);
  }

  ClientFixture with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  HttpHistoricalClient connect(String url) {
    return connect(options(url));
  }

  HttpHistoricalClient connect(ApiOptions options) {
    return HttpHistoricalClient.connect(options, time, time, environment::get);
  }

  static ApiOptions options(String url) {
    Duration idle = Duration.ofMillis(300);
    return ApiOptions.of(url, ApiKeySource.environment())
        .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), idle);
  }
}
