package dev.backfill.schemas;

import java.util.List;

/**
 * What is wanted. A job says nothing of how much of it is there already; that is the ledger's word.
 * A job file of several parts gives one of these for each. Immutable.
 *
 * @param name for the ledger and the reports; {@code job/part} for a part that is not the main one
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
 * @param snapshotDays 0 for the whole range; else single UTC days so many days apart are wanted
 * @param optional whether its whole job is complete without it, where the key has no right to it
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
    boolean primaryKey,
    int snapshotDays,
    boolean optional) {

  /** Between the name of a job and that of its part. */
  public static final char PART = '/';

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
    if (snapshotDays < 0) {
      throw new IllegalArgumentException("Snapshots are days apart, not " + snapshotDays);
    }
  }

  /** A job that wants the whole range. */
  public Job(
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
    this(
        name,
        source,
        dataset,
        schema,
        stypeIn,
        symbols,
        from,
        to,
        table,
        chunk,
        publishers,
        primaryKey,
        0,
        false);
  }

  /** The name of the whole job, of which this may be a part. */
  public String wholeName() {
    int at = name.indexOf(PART);
    return at < 0 ? name : name.substring(0, at);
  }

  /** Whether it is a part beside the main one. */
  public boolean isPart() {
    return name.indexOf(PART) >= 0;
  }

  /** What the part is called within its job: its own name, or its schema where it is the main. */
  public String partName() {
    int at = name.indexOf(PART);
    return at < 0 ? schema : name.substring(at + 1);
  }

  /** The same for other symbols. */
  public Job withSymbols(List<String> others) {
    return new Job(
        name,
        source,
        dataset,
        schema,
        stypeIn,
        others,
        from,
        to,
        table,
        chunk,
        publishers,
        primaryKey,
        snapshotDays,
        optional);
  }

  /** The same over another range. */
  public Job withRange(JobTime start, JobTime end) {
    return new Job(
        name,
        source,
        dataset,
        schema,
        stypeIn,
        symbols,
        start,
        end,
        table,
        chunk,
        publishers,
        primaryKey,
        snapshotDays,
        optional);
  }

  /** The series of one of the job's symbols. */
  public Series series(String symbol) {
    return new Series(source, dataset, schema, stypeIn, symbol);
  }
}
