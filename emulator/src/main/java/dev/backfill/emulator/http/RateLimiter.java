package dev.backfill.emulator.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Token buckets with the documented rates, one for each key and family. Thread-safe. */
final class RateLimiter {
  private static final Map<String, Integer> PER_SECOND =
      Map.of("timeseries", 100, "symbology", 100, "metadata", 20);

  private static final class Bucket {
    double tokens;
    long filledAt;

    Bucket(double tokens, long now) {
      this.tokens = tokens;
      this.filledAt = now;
    }
  }

  private final double factor;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  RateLimiter(double factor, LongSupplier nanos) {
    this.factor = factor;
    this.nanos = nanos;
  }

  /** Whether a request of this family may pass now. */
  boolean allows(String key, String family) {
    Integer perSecond = PER_SECOND.get(family);
    if (factor <= 0 || perSecond == null) {
      return true;
    }
    double rate = perSecond * factor;
    double most = Math.max(1, rate);
    long now = nanos.getAsLong();
    Bucket bucket = buckets.computeIfAbsent(key + " " + family, k -> new Bucket(most, now));
    synchronized (bucket) {
      bucket.tokens = Math.min(most, bucket.tokens + (now - bucket.filledAt) * 1e-9 * rate);
      bucket.filledAt = now;
      if (bucket.tokens < 1) {
        return false;
      }
      bucket.tokens -= 1;
      return true;
    }
  }
}
