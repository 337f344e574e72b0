package dev.backfill.io.duckdb;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Where rows go: what a step needs to know to find the table, small enough to travel.
 *
 * @param database path of the DuckDB file
 * @param table full name, {@code schema.table}; its SQL file says the rest
 * @param publishers the job's filter, ascending; empty means all
 * @param primaryKey whether a new table gets its primary key
 * @param runId the run that writes
 */
public record TargetSpec(
    String database, String table, List<Integer> publishers, boolean primaryKey, String runId)
    implements Serializable {
  /** Copies the list. */
  public TargetSpec {
    publishers = List.copyOf(publishers);
  }

  /** The filter as ops.coverage keeps it: {@code *} for all, else numbers joined by commas. */
  public String publishersText() {
    return publishers.isEmpty()
        ? "*"
        : String.join(",", publishers.stream().map(String::valueOf).toList());
  }

  /** Reads {@link #publishersText} back. */
  public static List<Integer> publishers(String text) {
    return text.equals("*")
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
  }
}
