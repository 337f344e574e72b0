package dev.backfill.io.http;

import java.time.Duration;

/** Waits; injected so that tests count waits instead of waiting. */
@FunctionalInterface
public interface Sleeper {
  /** Really waits. */
  Sleeper SYSTEM = wait -> Thread.sleep(wait.toMillis(), wait.toNanosPart() % 1_000_000);

  /** Waits at least so long. */
  void sleep(Duration wait) throws InterruptedException;
}
