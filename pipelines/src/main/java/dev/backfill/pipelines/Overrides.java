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
 * @param groups groups of FRED's series instead of the job's; empty keeps the job's
 * @param vintages every vintage of FRED's series instead of what is known now
 */
public record Overrides(
    Optional<JobTime> from,
    Optional<JobTime> to,
    List<String> symbols,
    List<String> groups,
    boolean vintages) {
  /** The job as it stands. */
  public static final Overrides NONE = new Overrides(Optional.empty(), Optional.empty(), List.of());

  /** Copies the lists. */
  public Overrides {
    symbols = List.copyOf(symbols);
    groups = List.copyOf(groups);
  }

  /** Of a range and symbols alone. */
  public Overrides(Optional<JobTime> from, Optional<JobTime> to, List<String> symbols) {
    this(from, to, symbols, List.of(), false);
  }

  /** Whether something is replaced that only jobs of FRED have. */
  boolean isOfFred() {
    return !groups.isEmpty() || vintages;
  }

  boolean isRangeGiven() {
    return from.isPresent() || to.isPresent();
  }
}
