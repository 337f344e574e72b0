package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedChunk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many sources, and sources of very many rejects, within bounds. */
class ManySourcesTest {
  @TempDir Path folder;
  private TestDatabase db;
  private final AtomicInteger reading = new AtomicInteger();
  private final AtomicInteger readingAtMost = new AtomicInteger();

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.HOURLY);
  }

  @AfterEach
  void close() {
    db.close();
  }

  /** Counts the sources that are between their first batch and their close, and adds rejects. */
  private final class Watched implements RowSource {
    private final FakeChunk chunk;
    private final int rejects;
    private int given;
    private int asked;
    private boolean isReading;

    Watched(FakeChunk chunk, int rejects) {
      this.chunk = chunk;
      this.rejects = rejects;
    }

    @Override
    public LandedChunk landed() {
      return chunk.landed();
    }

    @Override
    public Opening open() throws IOException {
      given = 0;
      return chunk.open();
    }

    @Override
    public @Nullable IndexedRecord nextBatch() throws IOException {
      if (!isReading) {
        isReading = true;
        readingAtMost.accumulateAndGet(reading.incrementAndGet(), Math::max);
      }
      asked = Math.min(1_000, rejects - given);
      return chunk.nextBatch();
    }

    @Override
    public List<Reject> takeRejects() {
      List<Reject> some = new ArrayList<>();
      for (int i = 0; i < asked; i++) {
        given++;
        some.add(new Reject(given % 3 == 0 ? "third" : "bad", "record " + given));
      }
      return some;
    }

    @Override
    public void close() {
      chunk.close();
      if (isReading) {
        isReading = false;
        reading.decrementAndGet();
      }
    }
  }

  private Watched day(int index, int bars, int rejects) {
    LocalDate day = LocalDate.of(2020, 1, 1).plusDays(index);
    FakeChunk chunk =
        new FakeChunk("c" + index)
            .batches(1)
            .stretch("ZL.v.0", day.toString(), day.plusDays(1).toString())
            .segment("ZL", 7, null, null);
    for (int i = 0; i < bars; i++) {
      chunk.bar(day.atTime(i % 24, i / 24) + ":00Z", i, i);
    }
    return new Watched(chunk, rejects);
  }

  private List<ChunkOutcome> write(List<Watched> sources) {
    return db.writer(TestDatabase.HOURLY).write(sources, GroupWriter.DATA_END_UNKNOWN, List.of());
  }

  @Test
  void oneOfAThousandSourcesIsReadAtATime() {
    List<Watched> sources = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      sources.add(day(i, 3, 0));
    }
    assertThat(write(sources), hasSize(1_000));
    assertThat(readingAtMost.get(), is(1));
    assertThat(reading.get(), is(0));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("3000"));
    assertThat(db.ask("SELECT sum(row_count) FROM ops.coverage"), contains("3000"));
  }

  @Test
  void ofVeryManyRejectsTheFirstAreKeptAndTheOthersCounted() {
    for (int i = 0; i < 2; i++) {
      List<ChunkOutcome> outcomes = write(List.of(day(0, 40, 40_000)));
      assertThat(outcomes.get(0).getRowsRejected(), is(40_000L));
      assertThat(outcomes.get(0).getRowsWritten(), is(40L));
      assertThat(
          db.ask(
              "SELECT reason, count(*), min(split_part(record, ' ', 1)) FROM ops.rejected_records"
                  + " GROUP BY 1 ORDER BY 1"),
          contains(
              "bad|6667|record", "more: bad|1|20000", "more: third|1|10000", "third|3333|record"));
      assertThat(new RunLedger(db.database, "run-1").rejects(), is(40_000L));
    }
    assertThat(
        db.ask("SELECT record FROM ops.rejected_records WHERE reason = 'more: bad'").get(0),
        containsString(
            "20000 more records were rejected for this reason; of the chunk's rejects the first"
                + " 10000 are kept one by one"));
  }

  @Test
  void theRejectsOfAGroupHaveABoundToo() {
    List<Watched> sources = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sources.add(day(i, 9, 9_000));
    }
    write(sources);
    assertThat(
        Integer.parseInt(db.ask("SELECT count(*) FROM ops.rejected_records").get(0)),
        lessThanOrEqualTo(Rejects.OF_A_GROUP + 4));
    assertThat(new RunLedger(db.database, "run-1").rejects(), is(63_000L));
    write(List.of(day(6, 9, 9_000)));
    assertThat(
        db.ask("SELECT DISTINCT left(reason, 5) FROM ops.rejected_records WHERE chunk_id = 'c6'"),
        hasSize(2));
    assertThat(new RunLedger(db.database, "run-1").rejects(), is(63_000L));
  }
}
