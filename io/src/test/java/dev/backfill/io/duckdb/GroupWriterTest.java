package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.OutcomeState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupWriterTest {
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

  private static FakeChunk threeHours() {
    return new FakeChunk("c1")
        .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
        .segment("ZL", 7, "ZLF4", null)
        .bar("2024-01-01T01:00:00Z", 50_000_000_000L, 50_010_000_001L)
        .bar("2024-01-01T02:00:00Z", -37_630_000_000L, FakeChunk.UNDEFINED)
        .bar("2024-01-01T03:00:00Z", 6_612_500L, 999_999_999_999_999_999L);
  }

  @Test
  void rowsArriveExactlyWithTheirCoverage() {
    List<ChunkOutcome> outcomes = write(threeHours());
    assertThat(
        db.ask(ROWS),
        contains(
            "ZL|2024-01-01 01:00:00.0|50.000000000|50.010000001|10|1|ZLF4|-",
            "ZL|2024-01-01 02:00:00.0|-37.630000000|-|10|1|ZLF4|-",
            "ZL|2024-01-01 03:00:00.0|0.006612500|999999999.999999999|10|1|ZLF4|-"));
    assertThat(db.coverage(), contains("ZL.v.0|ZL|2024-01-01T00|2024-01-02T00|loaded|3"));
    assertThat(outcomes, contains(new ChunkOutcome("c1", OutcomeState.LOADED, 3L, 0L, 0L, "")));
    assertThat(
        db.ask(
            "SELECT chunk_id, symbols, state, attempts, http_status, rows_fetched, rows_written,"
                + " raw_file, cost_estimate_usd, not_found, last_error FROM ops.backfill_chunks"),
        contains("c1|ZL.v.0|loaded|2|200|3|3|file:///landing/c1.dbn.zst|0.250000|-|-"));
  }

  @Test
  void aRowOutsideItsStretchesFailsLoudly() {
    FakeChunk stray = threeHours().bar("2024-01-02T00:00:00Z", 1, 1);
    DatabaseException e = assertThrows(DatabaseException.class, () -> write(stray));
    assertThat(e.getMessage(), containsString("chunk c1 gave 4 rows and 3 are in the table"));
    assertThat(db.ask(ROWS), is(empty()));
    assertThat(db.coverage(), is(empty()));
  }
}
