package dev.backfill.pipelines.run;

import java.time.Duration;

/**
 * How long a wave lands before what it has is loaded. Starting a pipeline costs half a second, so
 * the first waves are of some seconds and later ones a share of the time that the run has taken:
 * whenever it is killed, most of what has landed is loaded. Immutable.
 *
 * @param first the shortest
 * @param share of the time since the run began
 * @param longest however long the run
 */
record WavePace(Duration first, double share, Duration longest) {
  static final WavePace USUAL = new WavePace(Duration.ofSeconds(2), 0.25, Duration.ofMinutes(2));

  /** How long the next wave lands. */
  Duration next(Duration elapsed) {
    Duration part = Duration.ofMillis((long) (elapsed.toMillis() * share));
    if (part.compareTo(first) < 0) {
      return first;
    }
    return part.compareTo(longest) > 0 ? longest : part;
  }
}
