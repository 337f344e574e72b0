package dev.backfill.emulator.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** At most so many requests of one key within any minute. Thread-safe. */
final class FredLimit {
  private static final int PER_MINUTE = 120;
  private static final long MINUTE_NS = 60_000_000_000L;

  private final int most;
  private final LongSupplier nanos;
  private final Map<String, Deque<Long>> byKey = new HashMap<>();

  /**
   * A limit.
   *
   * @param factor times the documented 120; 0 for no limit
   */
  FredLimit(double factor, LongSupplier nanos) {
    this.most = (int) Math.ceil(PER_MINUTE * factor);
    this.nanos = nanos;
  }

  /** Whether a request may pass now. */
  synchronized boolean allows(String key) {
    if (most == 0) {
      return true;
    }
    long now = nanos.getAsLong();
    Deque<Long> passed = byKey.computeIfAbsent(key, k -> new ArrayDeque<>());
    while (!passed.isEmpty() && now - passed.peekFirst() >= MINUTE_NS) {
      passed.removeFirst();
    }
    if (passed.size() >= most) {
      return false;
    }
    passed.addLast(now);
    return true;
  }
}
