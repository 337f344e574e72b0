package dev.backfill.io.fred;

import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.HttpOptions;
import dev.backfill.io.http.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A client with a made-up key and a clock that does not wait, and answers in FRED's shapes. */
final class FredFixture {
  static final String KEY = "0123456789abcdef0123456789abcdef";
  static final RetryPolicy THREE =
      new RetryPolicy(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofHours(1));

  /** Each has a port of its own, so that limits are not shared. */
  private static final AtomicInteger MADE = new AtomicInteger();

  final FakeTime time = new FakeTime();
  private final int number = MADE.incrementAndGet();

  FredClient connect(String url) {
    return connect(url, 100 + number);
  }

  FredClient connect(String url, int perMinute) {
    return FredClient.connect(
        options(url, perMinute), time, time, Map.of("FRED_API_KEY", KEY)::get);
  }

  static FredOptions options(String url, int perMinute) {
    HttpOptions http =
        HttpOptions.of(url)
            .withTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));
    return FredOptions.of(http, FredKeySource.environment()).withPerMinute(perMinute);
  }

  static String series(String id) {
    return "{\"realtime_start\":\"2025-12-15\",\"realtime_end\":\"2025-12-15\",\"seriess\":[{\"id\":\""
        + id
        + "\",\"title\":\"A title\",\"observation_start\":\"1962-01-02\",\"observation_end\":"
        + "\"2025-12-12\",\"frequency\":\"Daily\",\"frequency_short\":\"D\",\"units\":\"Percent\","
        + "\"seasonal_adjustment\":\"Not Seasonally Adjusted\",\"last_updated\":"
        + "\"2025-12-15 15:16:04-06\",\"popularity\":93,\"notes\":\"It's \\\"so\\\"\"}]}";
  }

  /** A page; each observation is a date and a value. */
  static String page(int count, int offset, int limit, String... observations) {
    StringBuilder json = new StringBuilder();
    json.append("{\"realtime_start\":\"2025-12-15\",\"realtime_end\":\"2025-12-15\",\"count\":");
    json.append(count).append(",\"offset\":").append(offset).append(",\"limit\":").append(limit);
    json.append(",\"observations\":[");
    for (int i = 0; i < observations.length; i++) {
      String[] one = observations[i].split(" ");
      json.append(i == 0 ? "" : ",");
      json.append("{\"realtime_start\":\"2025-12-15\",\"realtime_end\":\"2025-12-15\",\"date\":\"");
      json.append(one[0]).append("\",\"value\":\"").append(one[1]).append("\"}");
    }
    return json.append("]}").toString();
  }
}
