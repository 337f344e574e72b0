package dev.backfill.pipelines.run;

import java.util.Random;

/**
 * The size and the chances of the slow trials. Both are in what they print, so that a failure can
 * be had again.
 */
final class Trials {
  /** The system property that sets the size: 1 is full, 0.1 a tenth. */
  static final String SCALE = "backfill.trials.scale";

  /** The system property that sets the seed; without it each time another. */
  static final String SEED = "backfill.trials.seed";

  private Trials() {}

  /** So much of a full trial, at least 1. */
  static int scaled(int full) {
    double scale = Double.parseDouble(System.getProperty(SCALE, "0.1"));
    return (int) Math.max(1, Math.round(full * scale));
  }

  static long seed() {
    String given = System.getProperty(SEED, "");
    return given.isEmpty() ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(given);
  }
}
