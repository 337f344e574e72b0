package dev.backfill.io.databento;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;

/** What one request for a chunk is billed for, before it is known. */
final class ChunkCost {
  /** From here on a chunk is large, see {@link #isLarge}. */
  static final long LARGE_BYTES = 1_000_000_000;

  /** Likewise, in US dollars. */
  static final double LARGE_USD = 2;

  /** Attempts at a large chunk. */
  static final int LARGE_ATTEMPTS = 3;

  private ChunkCost() {}

  /** Billed bytes of one record; 0 where that is not known. */
  static long recordBytes(String schema) {
    if (BarSize.ofSchema(schema).isPresent()) {
      return 56;
    }
    return switch (schema) {
      case "definition" -> 520;
      case "statistics" -> 80;
      default -> 0;
    };
  }

  /** The plan's estimate in bytes; 0 where there is none. */
  static long bytes(Chunk chunk) {
    return Math.max(0, chunk.getEstimatedRecords()) * recordBytes(chunk.getSchemaName());
  }

  /**
   * The most that it may come to in bytes, before the service has counted it: a bar in each
   * interval, where a symbol is one instrument at a time; else the plan's estimate.
   */
  static long mostBytes(Chunk chunk) {
    boolean isBounded =
        BarSize.ofSchema(chunk.getSchemaName()).isPresent() && !chunk.getStypeIn().equals("parent");
    long bars = isBounded ? ChunkSplitter.size(chunk) : 0;
    return Math.max(bytes(chunk), bars * recordBytes(chunk.getSchemaName()));
  }

  /** What so many billed bytes of it cost, in US dollars. */
  static double usd(Chunk chunk, long bytes) {
    long each = recordBytes(chunk.getSchemaName());
    return each == 0 ? usd(chunk) : chunk.getUsdPerRecord() * bytes / each;
  }

  /** The plan's estimate in US dollars; 0 where there is none. */
  static double usd(Chunk chunk) {
    return Math.max(0, chunk.getEstimatedRecords()) * chunk.getUsdPerRecord();
  }

  /** How often a chunk may be asked for at most, where others may be so often. */
  static int attempts(Chunk chunk, int others) {
    return isLarge(chunk) ? Math.min(others, LARGE_ATTEMPTS) : others;
  }

  /** Whether an attempt at it may cost so much that few are made. */
  static boolean isLarge(Chunk chunk) {
    return bytes(chunk) >= LARGE_BYTES || usd(chunk) >= LARGE_USD;
  }
}
