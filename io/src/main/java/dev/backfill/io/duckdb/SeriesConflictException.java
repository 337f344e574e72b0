package dev.backfill.io.duckdb;

import java.io.Serial;

/** Two series would stand under one name in one table. Exit code 2. */
public final class SeriesConflictException extends DatabaseException {
  @Serial private static final long serialVersionUID = 1L;

  private SeriesConflictException(String message) {
    super(message);
  }

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

  /**
   * The same series, loaded with another filter of publishers.
   *
   * @param known the filter of what is loaded
   * @param asked the job's
   */
  static SeriesConflictException ofPublishers(
      String table, String name, String series, String known, String asked) {
    return new SeriesConflictException(
        "In "
            + table
            + " the rows of "
            + name
            + " ("
            + series
            + ") were loaded with publishers "
            + known
            + "; this job has publishers "
            + asked
            + ". To load them anew, at no cost from what the landing holds: backfill forget JOB"
            + " --rows --symbols "
            + name
            + ", then run the job again; or give this job another table or another database");
  }
}
