package dev.backfill.io.duckdb;

import java.util.Locale;

/** What is known of one interval of one series. */
public enum CoverageState {
  /** Rows are in the table. */
  LOADED,
  /** Served, and there was no row. */
  EMPTY,
  /** The symbol did not exist then. */
  UNRESOLVED,
  /** The key has no right to it. */
  NOT_ENTITLED;

  /** As ops.coverage writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static CoverageState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
