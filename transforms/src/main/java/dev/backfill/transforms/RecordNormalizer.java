package dev.backfill.transforms;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the normalizers of records that are filtered by {@code ts_recv} have in common: reading the
 * files of one answer in order, refusing time that goes backwards, keeping rejects, handing out
 * batches. Streaming: one batch is in memory. Not thread-safe, but may be handed from thread to
 * thread.
 */
abstract class RecordNormalizer implements NormalizedRows {
  private final NormalizerInput input;
  private final Series series;
  private final PackedColumns columns;
  private List<Reject> rejects = new ArrayList<>();
  private @Nullable DbnReader reader;
  private int nextFile;
  private long lastTime = Long.MIN_VALUE;
  private long startNs;
  private long endNs;
  private long leftOut;

  RecordNormalizer(NormalizerInput input, PackedColumns columns) {
    this.input = input;
    this.columns = columns;
    Chunk chunk = input.landed().getChunk();
    this.series =
        new Series(
            chunk.getSource(),
            chunk.getDataset(),
            chunk.getSchemaName(),
            chunk.getStypeIn(),
            chunk.getSymbols().isEmpty() ? "" : chunk.getSymbols().get(0));
  }

  /** Gets ready for an answer's records and says their segments. */
  abstract List<? extends IndexedRecord> begin(DbnMetadata metadata, SymbolTimeline timeline)
      throws IOException;

  /** Places the reader's current record, whose time is in order and within what was asked. */
  abstract void take(DbnReader record);

  /** The packed rows as a batch. */
  abstract IndexedRecord batch(PackedColumns packed);

  /** Lets go of what only the records need. */
  abstract void release();

  /** The record type of the schema, and its name for messages. */
  abstract int rtype();

  final Series series() {
    return series;
  }

  final NormalizerInput input() {
    return input;
  }

  final PackedColumns columns() {
    return columns;
  }

  @Override
  public final LandedChunk landed() {
    return input.landed();
  }

  /** Also begins again: a group may be written once more without a source that was broken. */
  @Override
  public final Opening open() throws IOException {
    close();
    rejects = new ArrayList<>();
    nextFile = 0;
    lastTime = Long.MIN_VALUE;
    leftOut = 0;
    if (landed().getState() != LandedState.LANDED) {
      return new Opening(List.of(), Stretches.unresolved(series, input.pieces()));
    }
    DbnMetadata metadata;
    try (DbnReader head = DbnReader.open(input.opener().open(input.files().get(0)))) {
      metadata = head.metadata();
    }
    LandedAgreement.checkRequest(landed(), metadata);
    startNs = metadata.startNs();
    endNs = metadata.endNs();
    return new Opening(
        begin(metadata, SymbolTimeline.of(metadata)),
        Stretches.of(metadata, series, input.pieces()));
  }

  /** The next batch; one without rows where very many records in a row were rejected. */
  @Override
  public final @Nullable IndexedRecord nextBatch() throws IOException {
    if (landed().getState() != LandedState.LANDED) {
      return null;
    }
    columns.restart();
    int enough = rejects.size() + PackedColumns.ROWS;
    while (!columns.isFull() && rejects.size() < enough) {
      DbnReader from = reader;
      if (from == null) {
        if (nextFile == input.files().size()) {
          break;
        }
        reader = DbnReader.open(input.opener().open(input.files().get(nextFile++)));
      } else if (from.next()) {
        check(from);
      } else {
        if (input.files().size() == 1) {
          LandedAgreement.checkCount(landed(), from.recordIndex() + 1);
        }
        from.close();
        reader = null;
      }
    }
    boolean atEnd = reader == null && nextFile == input.files().size();
    return atEnd && columns.rows() == 0 ? null : batch(columns);
  }

  private void check(DbnReader record) throws IOException {
    if (record.rtype() != rtype()) {
      reject(record, "the record is not of schema " + series.schema());
      return;
    }
    long time = record.tsRecv();
    if (time < lastTime) {
      throw new IOException(
          "Time goes backwards in "
              + input.files().get(nextFile - 1)
              + " at record "
              + record.recordIndex()
              + ": "
              + Times.instant(time)
              + " after "
              + Times.instant(lastTime)
              + ". The file is not an answer of the service as it was sent; fetch it again");
    }
    lastTime = time;
    if (!isOfPublishers(record)) {
      leaveOut();
    } else if (isOutside(time)) {
      reject(record, "the time is outside of what was asked");
    } else {
      take(record);
    }
  }

  /** Whether a record's publisher is one that the job wants. */
  final boolean isOfPublishers(DbnReader record) {
    Set<Integer> wanted = input.publishers();
    return wanted.isEmpty() || wanted.contains(record.publisherId());
  }

  /** Whether a time, UTC nanoseconds, is not in the range that the answer is for. */
  final boolean isOutside(long time) {
    return time < startNs || Long.compareUnsigned(time, endNs) >= 0;
  }

  final void leaveOut() {
    leftOut++;
  }

  final void reject(DbnReader record, String reason) {
    rejects.add(new Reject(reason, record.record().toString()));
  }

  @Override
  public final List<Reject> takeRejects() {
    List<Reject> taken = rejects;
    rejects = new ArrayList<>();
    return taken;
  }

  @Override
  public final long leftOut() {
    return leftOut;
  }

  /** Also lets go of what only its records need: a group may have very many answers. */
  @Override
  public final void close() throws IOException {
    columns.release();
    if (reader != null) {
      reader.close();
      reader = null;
    }
    release();
  }
}
