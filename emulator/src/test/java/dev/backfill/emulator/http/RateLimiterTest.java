package dev.backfill.emulator.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.EmulatorServer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static int passing(RateLimiter limiter, String key, String family, int asked) {
    int passed = 0;
    for (int i = 0; i < asked; i++) {
      passed += limiter.allows(key, family) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aBucketRefillsAtTheDocumentedRate() {
    AtomicLong now = new AtomicLong();
    RateLimiter limiter = new RateLimiter(1, now::get);
    assertThat(passing(limiter, "a", "metadata", 50), is(20));
    assertThat(passing(limiter, "b", "metadata", 50), is(20));
    assertThat(passing(limiter, "a", "timeseries", 200), is(100));
    now.addAndGet(500_000_000L);
    assertThat(passing(limiter, "a", "metadata", 50), is(10));
  }

  @Test
  void theFactorScalesAndZeroLiftsTheLimit() {
    AtomicLong now = new AtomicLong();
    assertThat(passing(new RateLimiter(0.5, now::get), "a", "metadata", 50), is(10));
    assertThat(passing(new RateLimiter(0, now::get), "a", "metadata", 500), is(500));
  }

  @Test
  void aRefusalSaysWhenToComeBack() throws IOException {
    try (EmulatorServer server =
        EmulatorServer.start(EmulatorConfig.builder().rateLimitFactor(0.01).build())) {
      Probe probe = new Probe(server);
      assertThat(probe.get("metadata.list_datasets", Map.of()).statusCode(), is(200));
      HttpResponse<byte[]> refused = probe.get("metadata.list_datasets", Map.of());
      assertThat(refused.statusCode(), is(429));
      assertThat(refused.headers().firstValue("Retry-After").orElse(""), is("1"));
    }
  }
}
