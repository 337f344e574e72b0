package dev.backfill.schemas;

import java.util.List;

/**
 * What is wanted. A job says nothing of how much of it is there already; that is the ledger's word.
 * Immutable.
 *
 * @param name for the ledger and the reports
 * @param source databento
 * @param dataset for example GLBX.MDP3
 * @param schema for example ohlcv-1h
 * @param stypeIn continuous, parent, raw_symbol or instrument_id
 * @param symbols the requested symbols, in the stype's form, without repetition
 * @param from inclusive
 * @param to exclusive
 * @param table full name of the target table
 * @param chunk how much is asked for in one request
 * @param publishers only these publishers' records, ascending; empty means all
 * @param primaryKey whether a new table gets its primary key
 */
public record Job(
    String name,
    String source,
    String dataset,
    String schema,
    String stypeIn,
    List<String> symbols,
    JobTime from,
    JobTime to,
    String table,
    ChunkLimits chunk,
    List<Integer> publishers,
    boolean primaryKey) {

  /**
   * How much is asked for in one request.
   *
   * @param symbols at most so many symbols, 1 to 2,000
   * @param days at most so many days, positive
   */
  public record ChunkLimits(int symbols, int days) {
    /** As much as the service is willing to give. */
    public static final ChunkLimits LARGE = new ChunkLimits(100, 6_000);

    /** Refuses limits that are out of range with {@link IllegalArgumentException}. */
    public ChunkLimits {
      if (symbols < 1 || symbols > 2_000 || days < 1) {
        throw new IllegalArgumentException(
            "chunk: symbols is 1 to 2000 and days at least 1, not symbols "
                + symbols
                + ", days "
                + days);
      }
    }
  }

  /** Copies the lists. */
  public Job {
    symbols = List.copyOf(symbols);
    publishers = List.copyOf(publishers);
  }

  /** The series of one of the job's symbols. */
  public Series series(String symbol) {
    return new Series(source, dataset, schema, stypeIn, symbol);
  }
}
