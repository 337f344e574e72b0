package dev.backfill.pipelines;

/** What a process ends with. A schedule may rely on these numbers: they do not change. */
public final class ExitCodes {
  /** All wanted ranges are covered. */
  public static final int OK = 0;

  /** A fault of this program. */
  public static final int INTERNAL = 1;

  /** The command, its options, a job file or the configuration is wrong. */
  public static final int USAGE = 2;

  /** Some chunks failed; the next run asks for just those. */
  public static final int CHUNKS_FAILED = 3;

  /** Validation found problems in the data. */
  public static final int INVALID_DATA = 4;

  /** Refused before anything was done: cost cap, missing rights, origin, or a held database. */
  public static final int REFUSED = 5;

  private ExitCodes() {}
}
