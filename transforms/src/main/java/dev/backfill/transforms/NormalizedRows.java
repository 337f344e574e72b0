package dev.backfill.transforms;

import dev.backfill.io.duckdb.RowSource;

/** The rows of one landed answer, and how many of its records are no rows and no rejects. */
public interface NormalizedRows extends RowSource {
  /**
   * Records that were passed over because nobody asked for them: of publishers that the job does
   * not name, of spreads and combinations under a parent, of kinds that have no column.
   */
  long leftOut();
}
