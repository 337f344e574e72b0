package dev.backfill.io.duckdb;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * How a database is opened. Immutable.
 *
 * @param memoryLimit what DuckDB may use outside the Java heap, as it writes sizes: {@code 1GB}
 * @param threads DuckDB's own threads; 0 for one a processor
 * @param tempDirectory where DuckDB spills; empty for beside the database
 * @param storageVersion the format of a new file, e.g. {@code v1.5.0}; an existing file keeps its
 *     own
 */
public record DatabaseOptions(
    String memoryLimit, int threads, String tempDirectory, String storageVersion)
    implements Serializable {
  private static final Pattern SIZE = Pattern.compile("\\d+(\\.\\d+)? ?([KMGT]i?B|B)");
  private static final Pattern VERSION = Pattern.compile("v\\d+\\.\\d+\\.\\d+");

  /** 256 MB, a thread a processor, spilling beside the file, readable by DuckDB 1.5 and later. */
  public static final DatabaseOptions DEFAULT = new DatabaseOptions("256MB", 0, "", "v1.5.0");

  /** Refuses what DuckDB would refuse, by name. */
  public DatabaseOptions {
    check(SIZE, memoryLimit, "memory limit", "a size like 512MB or 1GB");
    check(VERSION, storageVersion, "storage version", "a DuckDB version like v1.5.0 or v1.0.0");
    if (threads < 0) {
      throw new IllegalArgumentException(
          "DuckDB threads must be 0 (one a processor) or more, not " + threads);
    }
  }

  /** The same with another format for new files. */
  public DatabaseOptions withStorageVersion(String version) {
    return new DatabaseOptions(memoryLimit, threads, tempDirectory, version);
  }

  /** The same with another memory limit. */
  public DatabaseOptions withMemoryLimit(String limit) {
    return new DatabaseOptions(limit, threads, tempDirectory, storageVersion);
  }

  private static void check(Pattern pattern, String value, String what, String allowed) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The " + what + " " + value + " is not understood: give " + allowed);
    }
  }
}
