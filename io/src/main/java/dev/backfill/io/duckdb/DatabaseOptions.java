package dev.backfill.io.duckdb;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a database is opened. Immutable.
 *
 * @param memoryLimit what DuckDB may use outside the Java heap, as it writes sizes: {@code 1GB};
 *     empty for {@link #MEGABYTES_A_THREAD} for each of its threads, and four times that once it
 *     has said that it is too little
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

  /**
   * A thread that loads fills a row group of its own, some 20 MB; more memory makes no load faster.
   */
  static final int MEGABYTES_A_THREAD = 32;

  /** So that a machine with one processor can load too. */
  private static final int LEAST_THREADS = 2;

  /** As little memory as will do, a thread a processor, readable by DuckDB 1.5 and later. */
  public static final DatabaseOptions DEFAULT = new DatabaseOptions("", 0, "", "v1.5.0");

  /** Refuses what DuckDB would refuse, by name. */
  public DatabaseOptions {
    if (!memoryLimit.isEmpty()) {
      check(SIZE, memoryLimit, "memory limit", "a size like 512MB or 1GB");
    }
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

  /** The memory limit as DuckDB takes it. */
  String effectiveMemoryLimit() {
    return memoryLimit.isEmpty() ? megabytes() + "MB" : memoryLimit;
  }

  /** What to allow when that was too little; empty when it is the user's own limit. */
  Optional<String> moreMemory() {
    return memoryLimit.isEmpty() ? Optional.of(4 * megabytes() + "MB") : Optional.empty();
  }

  private int megabytes() {
    int own = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    return MEGABYTES_A_THREAD * Math.max(LEAST_THREADS, own);
  }

  private static void check(Pattern pattern, String value, String what, String allowed) {
    if (!pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "The " + what + " " + value + " is not understood: give " + allowed);
    }
  }
}
