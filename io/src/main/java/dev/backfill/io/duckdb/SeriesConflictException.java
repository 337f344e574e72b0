package dev.backfill.io.duckdb;

import java.io.Serial;

/** Two series would stand under one name in one table. Exit code 2. */
public final class SeriesConflictException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  SeriesConflictException(String table, String name, String known, String asked) {
    super(
        "In "
            + table
            + " the rows of "
            + name
            + " are those of "
            + known
            + "; "
            + asked
            + " would replace them. One table holds one series under one name: give this job"
            + " another table or another database");
  }
}
