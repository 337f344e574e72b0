package dev.backfill.io.duckdb;

import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one landed chunk as the batching writer takes them, streaming. What kind of rows they
 * are, the writer learns from the Avro schemas alone: a batch is a record whose {@code bytes}
 * fields with the property {@code column} are packed little-endian columns (int32, int64,
 * timestamp_us, date32, double, decimal(18,9)), {@code undefined} the packed value that stands for
 * NULL, {@code rows} the row count and {@code has_undefined} whether to look; a segment is a flat
 * record of what is equal for many rows, found by its index.
 *
 * <p>Used by one thread at a time, not always the same. The order of calls is {@link #open}, {@link
 * #nextBatch} until null, each time followed by {@link #takeRejects}, and {@link #close} as soon as
 * it has returned null. A group may have very many sources, of which one at a time is read: between
 * {@link #open} and the first {@link #nextBatch}, and after {@link #close}, a source keeps little
 * in memory. {@link #close} is called again at the end, whatever happened. A group that is rolled
 * back because another of its sources is broken is written again: then {@link #open} is called
 * again, at any point, and everything starts anew.
 *
 * <p>An {@link IOException} says that this source is broken: the group is written without it, and
 * the exception's message becomes the chunk's error. Anything else that is thrown ends the group.
 */
public interface RowSource extends AutoCloseable {
  /** The description of the chunk, with the pieces that are to be loaded from it. */
  LandedChunk landed();

  /**
   * The source of a landed chunk without a file, for it to be recorded: one that the service did
   * not resolve, or gave no right to, or that failed. It speaks of the chunk's pieces.
   */
  static RowSource withoutRows(LandedChunk landed) {
    return new NoRows(landed);
  }

  /**
   * Reads what comes before the rows. Holds no file open afterwards.
   *
   * @return what the file says about itself, needed before the first row
   */
  Opening open() throws IOException;

  /**
   * The next batch, or null at the end. A batch holds until the next call: copy what you keep. It
   * may have no rows: a source returns one rather than gather more than some thousand rejects.
   */
  @Nullable IndexedRecord nextBatch() throws IOException;

  /** What failed a check since this was last called. The list is the caller's. */
  List<Reject> takeRejects();

  @Override
  void close() throws IOException;

  /**
   * What a file says before its rows.
   *
   * @param segments the segment records; a row names one by its index
   * @param stretches what the file proves for each wanted piece, in order, without overlap
   */
  record Opening(List<? extends IndexedRecord> segments, List<Stretch> stretches) {}

  /**
   * One stretch of one series: replaced in the table and said in the coverage.
   *
   * @param symbol as requested
   * @param tableSymbol what stands in the table's series column; null for a parent, whose rows are
   *     found by its parent column
   * @param startNs UTC nanoseconds, inclusive
   * @param endNs UTC nanoseconds, exclusive
   * @param resolved whether the symbol existed then: covered as loaded or empty by the count of its
   *     rows, else as unresolved
   * @param covered whether the file proves the stretch complete; if not, its rows are written and
   *     nothing is said in the coverage
   */
  record Stretch(
      String symbol,
      @Nullable String tableSymbol,
      long startNs,
      long endNs,
      boolean resolved,
      boolean covered) {}

  /**
   * A record that failed a check.
   *
   * @param reason one sentence
   * @param record the record as text, with raw values
   */
  record Reject(String reason, String record) {}
}
