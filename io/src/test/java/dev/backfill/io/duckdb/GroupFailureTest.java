package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.ChunkOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A group is written whole or not at all. */
class GroupFailureTest {
  private static final String ROWS =
      "SELECT symbol, ts_event, open, close, volume, publisher_id, contract_symbol, parent_symbol"
          + " FROM raw.databento_futures_ohlcv_1h ORDER BY ALL";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder).prepared(TestDatabase.HOURLY);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private List<ChunkOutcome> write(RowSource... sources) {
    return db.writer(TestDatabase.HOURLY)
        .write(List.of(sources), GroupWriter.DATA_END_UNKNOWN, List.of());
  }

  @Test
  void aBrokenFileFailsAloneAndTheRestIsWritten() {
    FakeChunk broken =
        new FakeChunk("broken")
            .batches(1)
            .failsAfter(1, new IOException("cut at byte 77"))
            .stretch("ZS.v.0", "2024-01-01", "2024-01-02")
            .segment("ZS", 9, "ZSF4", null)
            .bar("2024-01-01T01:00:00Z", 1, 1)
            .bar("2024-01-01T02:00:00Z", 1, 1);
    FakeChunk unreadable =
        new FakeChunk("unreadable")
            .failsAfter(-1, new IOException("no such file"))
            .stretch("ZM.v.0", "2024-01-01", "2024-01-02");
    List<ChunkOutcome> outcomes = write(broken, FakeChunk.threeHours(), unreadable);
    assertThat(
        outcomes.stream()
            .map(o -> o.getChunkId() + " " + o.getState() + " " + o.getError())
            .toList(),
        contains("unreadable FAILED no such file", "broken FAILED cut at byte 77", "c1 LOADED "));
    assertThat(
        db.ask("SELECT DISTINCT symbol FROM raw.databento_futures_ohlcv_1h"), contains("ZL"));
    assertThat(db.coverage(), contains("ZL.v.0|ZL|2024-01-01T00|2024-01-02T00|loaded|3"));
    assertThat(
        db.ask("SELECT chunk_id, state, last_error FROM ops.backfill_chunks ORDER BY 1"),
        contains("broken|failed|cut at byte 77", "c1|loaded|-", "unreadable|failed|no such file"));
  }

  @Test
  void aGroupThatRunsOutOfMemoryIsWrittenWithMore() {
    List<String> limits = new ArrayList<>();
    GroupTransaction.Boundary boundary =
        step -> {
          if (step.equals("delete")) {
            limits.addAll(db.ask("SELECT current_setting('memory_limit')"));
            if (limits.size() == 1) {
              db.run("SET GLOBAL memory_limit = '1MB'");
            }
          }
        };
    db.writer(db.target(TestDatabase.HOURLY), boundary)
        .write(List.of(FakeChunk.threeHours()), GroupWriter.DATA_END_UNKNOWN, List.of());
    assertThat(db.coverage(), contains("ZL.v.0|ZL|2024-01-01T00|2024-01-02T00|loaded|3"));
    assertThat("it had to be written twice", limits.size(), is(2));
  }

  @Test
  void severalBrokenFilesCostOneMorePass() {
    List<FakeChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String day = "2024-01-0" + (i + 1);
      FakeChunk chunk =
          new FakeChunk("c" + i)
              .batches(1)
              .stretch("ZS.v.0", day, "2024-01-0" + (i + 2))
              .segment("ZS", 9, "ZSF4", null)
              .bar(day + "T01:00:00Z", 1, 1)
              .bar(day + "T02:00:00Z", 1, 1);
      chunks.add(i % 2 == 0 ? chunk : chunk.failsAfter(1, new IOException("cut " + i)));
    }
    List<ChunkOutcome> outcomes = write(chunks.toArray(new RowSource[0]));
    assertThat(
        outcomes.stream()
            .map(o -> o.getChunkId() + " " + o.getState() + " " + o.getError())
            .toList(),
        contains(
            "c1 FAILED cut 1",
            "c3 FAILED cut 3",
            "c5 FAILED cut 5",
            "c0 LOADED ",
            "c2 LOADED ",
            "c4 LOADED "));
    // c0 was whole in the first pass, c2 and c4 were read once more to see whether they are.
    assertThat(chunks.stream().map(FakeChunk::opened).toList(), contains(2, 1, 3, 2, 3, 2));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("6"));
    assertThat(
        db.ask("SELECT chunk_id, state FROM ops.backfill_chunks ORDER BY 1"),
        contains("c0|loaded", "c1|failed", "c2|loaded", "c3|failed", "c4|loaded", "c5|failed"));
  }

  @Test
  void aMistakeInASourceComesOutAsItself() {
    IllegalArgumentException mistake = new IllegalArgumentException("a mistake");
    FakeChunk wrong = FakeChunk.threeHours().batches(1).failsAfter(2, mistake);
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> write(wrong)) == mistake, is(true));
    assertThat(db.ask(ROWS), is(empty()));
    write(FakeChunk.threeHours());
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("3"));
  }

  @Test
  void aPriceThatTheColumnCannotHoldIsRefused() {
    FakeChunk wide =
        new FakeChunk("c1")
            .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
            .segment("ZL", 7, null, null)
            .bar("2024-01-01T01:00:00Z", 1_000_000_000_000_000_000L, 1);
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> write(wide));
    assertThat(e.getMessage(), containsString("holds 1000000000000000000 (in units of 1e-9)"));
    assertThat(db.ask(ROWS), is(empty()));
  }

  @Test
  void aFailureAtAnyBoundaryChangesNothing() {
    write(FakeChunk.threeHours());
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event) VALUES ('ZL',"
            + " '2024-01-05')");
    String everything = everything();
    for (String boundary : List.of("delete", "insert", "coverage", "commit")) {
      List<String> reached = new ArrayList<>();
      GroupWriter writer =
          db.writer(
              db.target(TestDatabase.HOURLY),
              step -> {
                reached.add(step);
                if (step.equals(boundary)) {
                  throw new IllegalArgumentException("died at " + step);
                }
              });
      FakeChunk other =
          new FakeChunk("c2")
              .reject("bad", "r")
              .stretch("ZL.v.0", "2024-01-01", "2024-02-01")
              .segment("ZL", 8, "ZLH4", null)
              .bar("2024-01-01T01:00:00Z", 1, 1);
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> writer.write(List.of(other), GroupWriter.DATA_END_UNKNOWN, List.of()));
      assertThat(e.getMessage(), is("died at " + boundary));
      assertThat(reached.get(reached.size() - 1), is(boundary));
      assertThat(other.isClosed(), is(true));
      assertThat(boundary, everything(), is(everything));
    }
  }

  @Test
  void aRowOutsideItsStretchesFailsLoudly() {
    FakeChunk stray = FakeChunk.threeHours().bar("2024-01-02T00:00:00Z", 1, 1);
    DatabaseException e = assertThrows(DatabaseException.class, () -> write(stray));
    assertThat(e.getMessage(), containsString("chunk c1 gave 4 rows and 3 are in the table"));
    assertThat(db.ask(ROWS), is(empty()));
    assertThat(db.coverage(), is(empty()));
  }

  private String everything() {
    StringBuilder all = new StringBuilder();
    for (String table :
        List.of(
            TestDatabase.HOURLY,
            "ops.coverage",
            "ops.backfill_chunks",
            "ops.replaced_rows",
            "ops.rejected_records",
            "ops.requests")) {
      all.append(db.ask("SELECT * FROM " + table + " ORDER BY ALL"));
    }
    return all.toString();
  }
}
