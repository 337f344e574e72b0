package dev.backfill.io.http;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A clock that moves only when somebody sleeps, and remembers the sleeps. */
public final class FakeTime extends Clock implements Sleeper {
  public static final Instant START = Instant.parse("2025-12-16T00:00:00Z");
  private final List<Duration> sleeps = new CopyOnWriteArrayList<>();
  private Instant now = START;

  @Override
  public synchronized void sleep(Duration wait) {
    sleeps.add(wait);
    now = now.plus(wait);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  /** All of them, in order. */
  public List<Duration> sleeps() {
    return List.copyOf(sleeps);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("zone");
  }
}
