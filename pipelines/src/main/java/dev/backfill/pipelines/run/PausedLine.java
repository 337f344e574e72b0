package dev.backfill.pipelines.run;

import dev.backfill.io.databento.CircuitBreaker.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run's progress line, which says of a pause that it is one. Where each line stays, because there
 * is no terminal, a pause is told when it begins, when it is prolonged, when it ends and once a
 * minute between: nothing happens meanwhile. Thread-safe.
 */
final class PausedLine implements Supplier<String> {
  static final Duration EVERY = Duration.ofMinutes(1);

  private final Supplier<Optional<Pause>> pause;
  private final Supplier<String> line;
  private final boolean isRewritten;
  private final InstantSource clock;
  private @Nullable Instant toldAt;
  private Instant since = Instant.EPOCH;
  private Instant until = Instant.EPOCH;

  /**
   * A line.
   *
   * @param line while requests go through
   * @param isRewritten whether the next line takes the place of the one before
   */
  PausedLine(
      Supplier<Optional<Pause>> pause,
      Supplier<String> line,
      boolean isRewritten,
      InstantSource clock) {
    this.pause = pause;
    this.line = line;
    this.isRewritten = isRewritten;
    this.clock = clock;
  }

  /** The line to show now; empty where there is nothing new to say. */
  @Override
  public synchronized String get() {
    Optional<Pause> now = pause.get();
    if (now.isEmpty()) {
      String over = over();
      return over.isEmpty() ? line.get() : over + "; " + line.get();
    }
    since = now.get().since();
    if (!isRewritten && !isDue(now.get())) {
      return "";
    }
    until = now.get().until();
    toldAt = clock.instant();
    return now.get().text() + "; " + line.get();
  }

  private boolean isDue(Pause now) {
    Instant told = toldAt;
    return told == null
        || !now.until().equals(until)
        || Duration.between(told, clock.instant()).compareTo(EVERY) >= 0;
  }

  /**
   * That a pause is over which was told, for who shows no other line; empty where there was none,
   * or where that was said.
   */
  synchronized String over() {
    boolean isNews = toldAt != null && !isRewritten && pause.get().isEmpty();
    if (pause.get().isEmpty()) {
      toldAt = null;
    }
    return isNews
        ? "the pause is over, after " + RunFigures.about(Duration.between(since, clock.instant()))
        : "";
  }
}
