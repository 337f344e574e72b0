package dev.backfill.pipelines;

import dev.backfill.schemas.JobTime;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says instead of the job file. Immutable.
 *
 * @param from instead of the job's from
 * @param to instead of the job's to
 * @param symbols roots or requested symbols instead of the job's; empty keeps the job's
 */
public record Overrides(Optional<JobTime> from, Optional<JobTime> to, List<String> symbols) {
  /** The job as it stands. */
  public static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), List.of());

  /** Copies the list. */
  public Overrides {
    symbols = List.copyOf(symbols);
  }

  boolean isRangeGiven() {
    return from.isPresent() || to.isPresent();
  }
}
