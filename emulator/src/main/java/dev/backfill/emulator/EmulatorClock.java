package dev.backfill.emulator;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** The emulator's time: real until it is fixed; may be moved while serving. Thread-safe. */
public final class EmulatorClock extends Clock {
  private volatile @Nullable Instant fixed;

  /** A clock that shows real time. */
  public static EmulatorClock real() {
    return new EmulatorClock();
  }

  /** A clock that stands still. */
  public static EmulatorClock fixed(Instant now) {
    EmulatorClock clock = new EmulatorClock();
    clock.set(now);
    return clock;
  }

  /** Fixes the time; null goes back to real time. */
  public void set(@Nullable Instant now) {
    fixed = now;
  }

  @Override
  public Instant instant() {
    Instant now = fixed;
    return now == null ? Instant.now() : now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
