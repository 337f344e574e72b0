package dev.backfill.io.duckdb;

import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** One source that was opened, with what it said before its rows and what it gave since. */
final class OpenSource {
  private final RowSource source;
  private final RowSource.Opening opening;
  private final Rejects rejects;
  private int segmentBase;
  private long rows;
  private boolean exhausted;

  OpenSource(RowSource source, RowSource.Opening opening, Rejects.Room room) {
    this.source = source;
    this.opening = opening;
    this.rejects = new Rejects(room);
  }

  /** The source's next batch; at the end null, and the source is closed. */
  @Nullable IndexedRecord nextBatch() throws IOException {
    if (exhausted) {
      return null;
    }
    IndexedRecord batch = source.nextBatch();
    rejects.add(source.takeRejects());
    if (batch == null) {
      exhausted = true;
      source.close();
    }
    return batch;
  }

  /** Reads a source from its beginning to its end, to see whether that can be done. */
  static void readThrough(RowSource source) throws IOException {
    OpenSource reading = new OpenSource(source, source.open(), new Rejects.Room());
    IndexedRecord batch;
    do {
      batch = reading.nextBatch();
    } while (batch != null);
  }

  /** Whether it was read to its end. */
  boolean isExhausted() {
    return exhausted;
  }

  Rejects rejects() {
    return rejects;
  }

  RowSource source() {
    return source;
  }

  LandedChunk landed() {
    return source.landed();
  }

  RowSource.Opening opening() {
    return opening;
  }

  LandedState state() {
    return landed().getState();
  }

  /** Whether its stretches of the table are replaced. */
  boolean replaces() {
    return state() == LandedState.LANDED || state() == LandedState.UNRESOLVED;
  }

  /** The index of its first segment among those of the group. */
  int segmentBase() {
    return segmentBase;
  }

  void segmentBase(int base) {
    segmentBase = base;
  }

  void given(int more) {
    rows += more;
  }

  /** Rows that it gave so far. */
  long rows() {
    return rows;
  }

  /** Its stretches as claims on the table; none for a chunk that failed or was split. */
  List<Claim> claims() {
    if (state() == LandedState.FAILED || state() == LandedState.SPLIT) {
      return List.of();
    }
    Chunk chunk = landed().getChunk();
    List<Claim> claims = new ArrayList<>();
    for (RowSource.Stretch stretch : opening.stretches()) {
      if (stretch.startNs() < stretch.endNs()) {
        claims.add(
            new Claim(
                this,
                new Series(
                    chunk.getSource(),
                    chunk.getDataset(),
                    chunk.getSchemaName(),
                    chunk.getStypeIn(),
                    stretch.symbol()),
                stretch.tableSymbol(),
                new Interval(stretch.startNs(), stretch.endNs()),
                stretch.resolved(),
                stretch.covered()));
      }
    }
    return claims;
  }
}
