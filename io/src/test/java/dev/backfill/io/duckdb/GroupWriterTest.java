package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedState;
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

  @Test
  void rowsArriveExactlyWithTheirCoverage() {
    List<ChunkOutcome> outcomes = write(FakeChunk.threeHours());
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
  void writingAGroupAgainChangesNothing() {
    write(FakeChunk.threeHours());
    List<String> rows = db.ask(ROWS);
    List<String> coverage = db.coverage();
    List<ChunkOutcome> again = write(FakeChunk.threeHours());
    assertThat(db.ask(ROWS), is(rows));
    assertThat(db.coverage(), is(coverage));
    assertThat(again.get(0).getRowsReplaced(), is(3L));
    assertThat(db.ask("SELECT count(*) FROM ops.replaced_rows"), contains("0"));
  }

  @Test
  void replacingPartOfAnIntervalSplitsItsCoverage() {
    write(
        new FakeChunk("c1")
            .stretch("ZL.v.0", "2024-01-01", "2024-01-10")
            .segment("ZL", 7, "ZLF4", null)
            .bar("2024-01-01T01:00:00Z", 1, 1)
            .bar("2024-01-04T01:00:00Z", 2, 2)
            .bar("2024-01-04T02:00:00Z", 3, 3));
    write(
        new FakeChunk("c2")
            .stretch("ZL.v.0", "2024-01-03", "2024-01-05")
            .segment("ZL", 7, "ZLF4", null)
            .bar("2024-01-04T01:00:00Z", 9, 9));
    assertThat(
        db.coverage(),
        contains(
            "ZL.v.0|ZL|2024-01-01T00|2024-01-03T00|loaded|1",
            "ZL.v.0|ZL|2024-01-03T00|2024-01-05T00|loaded|1",
            "ZL.v.0|ZL|2024-01-05T00|2024-01-10T00|empty|0"));
    assertThat(
        db.ask("SELECT ts_event, open FROM raw.databento_futures_ohlcv_1h ORDER BY 1"),
        contains("2024-01-01 01:00:00.0|0.000000001", "2024-01-04 01:00:00.0|0.000000009"));
    assertThat(
        db.ask("SELECT chunk_id FROM ops.coverage ORDER BY range_start"),
        contains("c1", "c2", "c1"));
  }

  @Test
  void rowsOfAnotherSymbolOrTimeAreLeftAlone() {
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event, open) VALUES"
            + " ('ZS', '2024-01-01 01:00:00', 1), ('ZL', '2023-12-31 23:00:00', 2),"
            + " ('ZL', '2024-01-02 00:00:00', 3)");
    write(FakeChunk.threeHours());
    assertThat(
        db.ask(
            "SELECT symbol, ts_event, open FROM raw.databento_futures_ohlcv_1h WHERE volume IS NULL"
                + " ORDER BY open"),
        contains(
            "ZS|2024-01-01 01:00:00.0|1.000000000",
            "ZL|2023-12-31 23:00:00.0|2.000000000",
            "ZL|2024-01-02 00:00:00.0|3.000000000"));
    assertThat(db.ask("SELECT * FROM ops.replaced_rows"), is(empty()));
  }

  @Test
  void aPersonsOwnRowsWithoutACounterpartAreKeptAside() {
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event, open, source) VALUES"
            + " ('ZL', '2024-01-01 02:00:00', 0.0065, 'mine'),"
            + " ('ZL', '2024-01-01 20:00:00', 123456789.123456789, 'mine')");
    List<ChunkOutcome> outcomes = write(FakeChunk.threeHours());
    assertThat(outcomes.get(0).getRowsReplaced(), is(2L));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("3"));
    assertThat(
        db.ask(
            "SELECT target_table, replaced_by, row_json->>'symbol', row_json->>'ts_event',"
                + " row_json->>'open', row_json->>'source' FROM ops.replaced_rows"),
        contains(TestDatabase.HOURLY + "|run-1|ZL|2024-01-01 20:00:00|123456789.123456789|mine"));
    write(FakeChunk.threeHours());
    assertThat(db.ask("SELECT count(*) FROM ops.replaced_rows"), contains("1"));
  }

  @Test
  void onlyLoadedCoverageExplainsRows() {
    write(
        new FakeChunk("e").stretch("ZS.v.0", "2024-01-01", "2024-01-02"),
        new FakeChunk("u")
            .state(LandedState.UNRESOLVED)
            .stretch("RS.v.0", "2024-01-01", "2024-01-02", false, true),
        new FakeChunk("n")
            .state(LandedState.NOT_ENTITLED)
            .stretch("ZL.v.0", "2024-01-01", "2024-01-02", false, true));
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event) VALUES"
            + " ('ZS', '2024-01-01 20:00:00'), ('RS', '2024-01-01 20:00:00'),"
            + " ('ZL', '2024-01-01 20:00:00')");
    write(
        new FakeChunk("e").stretch("ZS.v.0", "2024-01-01", "2024-01-02"),
        new FakeChunk("u2").stretch("RS.v.0", "2024-01-01", "2024-01-02"),
        FakeChunk.threeHours());
    assertThat(
        db.ask("SELECT row_json->>'symbol' FROM ops.replaced_rows ORDER BY 1"),
        contains("RS", "ZL", "ZS"));
  }

  @Test
  void aSecondSeriesUnderOneNameIsRefusedNamingBoth() {
    write(FakeChunk.threeHours());
    FakeChunk raw =
        new FakeChunk("c2")
            .stype("raw_symbol")
            .stretch("ZL", "2025-01-01", "2025-01-02")
            .segment("ZL", 1, "ZL", null)
            .bar("2025-01-01T01:00:00Z", 1, 1);
    String message = assertThrows(SeriesConflictException.class, () -> write(raw)).getMessage();
    assertThat(message, containsString("GLBX.MDP3 ohlcv-1h ZL.v.0 (continuous, publishers *)"));
    assertThat(message, containsString("GLBX.MDP3 ohlcv-1h ZL (raw_symbol, publishers *)"));
    TargetSpec filtered =
        new TargetSpec(db.path.toString(), TestDatabase.HOURLY, List.of(1), false, "run-2");
    GroupWriter writer = db.writer(filtered, step -> {});
    assertThrows(
        SeriesConflictException.class,
        () ->
            writer.write(List.of(FakeChunk.threeHours()), GroupWriter.DATA_END_UNKNOWN, List.of()));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("3"));
  }

  @Test
  void everyPublishersRowIsKept() {
    FakeChunk two =
        new FakeChunk("c1")
            .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
            .segment("ZL", 7, null, null)
            .bar("2024-01-01T01:00:00Z", 1, 1, 5, 1)
            .bar("2024-01-01T01:00:00Z", 2, 2, 6, 3);
    write(two);
    write(two);
    assertThat(
        db.ask("SELECT publisher_id, volume FROM raw.databento_futures_ohlcv_1h ORDER BY 1"),
        contains("1|5", "3|6"));
  }

  @Test
  void aPublisherFilterLeavesOtherPublishersRows() {
    db.run(
        "INSERT INTO raw.databento_futures_ohlcv_1h (symbol, ts_event, publisher_id) VALUES"
            + " ('ZL', '2024-01-01 05:00:00', 3), ('ZL', '2024-01-01 06:00:00', 1),"
            + " ('ZL', '2024-01-01 07:00:00', NULL)");
    TargetSpec filtered =
        new TargetSpec(db.path.toString(), TestDatabase.HOURLY, List.of(1), false, "run-1");
    db.writer(filtered, step -> {})
        .write(List.of(FakeChunk.threeHours()), GroupWriter.DATA_END_UNKNOWN, List.of());
    assertThat(
        db.ask("SELECT ts_event, publisher_id FROM raw.databento_futures_ohlcv_1h ORDER BY 1"),
        contains(
            "2024-01-01 01:00:00.0|1",
            "2024-01-01 02:00:00.0|1",
            "2024-01-01 03:00:00.0|1",
            "2024-01-01 05:00:00.0|3"));
    assertThat(db.ask("SELECT publishers FROM ops.coverage"), contains("1"));
    assertThat(db.ask("SELECT count(*) FROM ops.replaced_rows"), contains("2"));
  }

  @Test
  void aParentsRowsAreFoundByTheirParent() {
    FakeChunk parent =
        new FakeChunk("p1")
            .stype("parent")
            .stretch("ZL.FUT", "2024-01-01", "2024-01-02")
            .segment("ZLF4", 7, "ZLF4", "ZL.FUT")
            .bar("2024-01-01T01:00:00Z", 1, 1)
            .segment("ZLH4", 8, "ZLH4", "ZL.FUT")
            .bar("2024-01-01T01:00:00Z", 2, 2);
    FakeChunk contract =
        new FakeChunk("r1")
            .stype("raw_symbol")
            .stretch("ZLF4", "2024-01-01", "2024-01-02")
            .segment("ZLF4", 7, "ZLF4", null)
            .bar("2024-01-01T01:00:00Z", 3, 3);
    write(parent);
    write(contract);
    List<ChunkOutcome> again = write(parent);
    assertThat(again.get(0).getRowsReplaced(), is(2L));
    assertThat(
        db.ask(
            "SELECT symbol, parent_symbol, open FROM raw.databento_futures_ohlcv_1h ORDER BY open"),
        contains("ZLF4|ZL.FUT|0.000000001", "ZLH4|ZL.FUT|0.000000002", "ZLF4|-|0.000000003"));
    assertThat(
        db.coverage(),
        contains(
            "ZL.FUT|-|2024-01-01T00|2024-01-02T00|loaded|2",
            "ZLF4|ZLF4|2024-01-01T00|2024-01-02T00|loaded|1"));
    assertThat(
        db.ask(
            "SELECT requested_symbol, count(*) FROM ops.futures_1h_provenance GROUP BY 1 ORDER BY"
                + " 1"),
        contains("ZL.FUT|2", "ZLF4|1"));
  }

  @Test
  void chunksWithoutRowsAreSaidToo() {
    write(FakeChunk.threeHours());
    FakeChunk unresolved =
        new FakeChunk("u")
            .state(LandedState.UNRESOLVED)
            .stretch("RS.v.0", "2024-01-01", "2024-01-03", false, true);
    FakeChunk noRight =
        new FakeChunk("n")
            .state(LandedState.NOT_ENTITLED)
            .stretch("ZL.v.0", "2023-12-31", "2024-01-03", false, true);
    FakeChunk failed =
        new FakeChunk("f").state(LandedState.FAILED).stretch("ZM.v.0", "2024-01-01", "2024-01-03");
    List<ChunkOutcome> outcomes =
        db.writer(TestDatabase.HOURLY)
            .write(List.of(unresolved, noRight, failed), FakeChunk.ns("2024-01-04"), List.of());
    assertThat(
        outcomes.stream().map(o -> o.getChunkId() + " " + o.getState()).toList(),
        contains("u LOADED", "n SKIPPED", "f FAILED"));
    assertThat(
        db.coverage(),
        contains(
            "RS.v.0|RS|2024-01-01T00|2024-01-03T00|unresolved|0",
            "ZL.v.0|ZL|2023-12-31T00|2024-01-01T00|not_entitled|0",
            "ZL.v.0|ZL|2024-01-01T00|2024-01-02T00|loaded|3",
            "ZL.v.0|ZL|2024-01-02T00|2024-01-03T00|not_entitled|0"));
    assertThat(
        db.ask("SELECT state, recheck_after FROM ops.coverage ORDER BY symbol, range_start"),
        contains(
            "unresolved|2024-01-10 00:00:00.0",
            "not_entitled|2025-12-23 12:00:00.0",
            "loaded|-",
            "not_entitled|2025-12-23 12:00:00.0"));
    assertThat(
        db.ask("SELECT chunk_id, state, last_error, not_found FROM ops.backfill_chunks ORDER BY 1"),
        contains(
            "c1|loaded|-|-",
            "f|failed|the service said no|-",
            "n|skipped|the service said no|ZL.v.0",
            "u|loaded|-|RS.v.0"));
  }

  @Test
  void whatAFileDoesNotProveIsWrittenAndNotCovered() {
    write(
        new FakeChunk("c1")
            .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
            .stretch("ZL.v.0", "2024-01-02", "2024-01-03", true, false)
            .segment("ZL", 7, null, null)
            .bar("2024-01-01T01:00:00Z", 1, 1)
            .bar("2024-01-02T01:00:00Z", 2, 2));
    assertThat(db.ask("SELECT count(*) FROM raw.databento_futures_ohlcv_1h"), contains("2"));
    assertThat(db.coverage(), contains("ZL.v.0|ZL|2024-01-01T00|2024-01-02T00|loaded|1"));
  }

  @Test
  void ofTwoAnswersForOneStretchTheNewestStays() {
    FakeChunk newer =
        new FakeChunk("newer")
            .asked(2)
            .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
            .segment("ZL", 7, null, null)
            .bar("2024-01-01T01:00:00Z", 2, 2);
    List<ChunkOutcome> outcomes = write(newer, FakeChunk.threeHours().asked(1));
    assertThat(outcomes.size(), is(2));
    assertThat(db.ask("SELECT open FROM raw.databento_futures_ohlcv_1h"), contains("0.000000002"));
    assertThat(db.ask("SELECT chunk_id FROM ops.coverage"), contains("newer"));
  }

  @Test
  void rejectsAndRequestsAreKeptOnce() {
    RequestRow request =
        new RequestRow(
            "n1",
            "run-1",
            "c1",
            "o",
            "timeseries.get_range",
            1,
            TestDatabase.NOW,
            0.5,
            200,
            "landed",
            null,
            100L,
            56L,
            0.001);
    for (int i = 0; i < 2; i++) {
      List<ChunkOutcome> outcomes =
          db.writer(TestDatabase.HOURLY)
              .write(
                  List.of(FakeChunk.threeHours().reject("high below low", "{h:1,l:2}")),
                  GroupWriter.DATA_END_UNKNOWN,
                  List.of(request));
      assertThat(outcomes.get(0).getRowsRejected(), is(1L));
    }
    assertThat(
        db.ask("SELECT chunk_id, target, reason, record FROM ops.rejected_records"),
        contains("c1|" + TestDatabase.HOURLY + "|high below low|{h:1,l:2}"));
    assertThat(db.ask("SELECT request_no, outcome FROM ops.requests"), contains("n1|landed"));
  }

  @Test
  void aTableByDateTakesTheDayOnWhichABarOpens() {
    db.prepared(TestDatabase.DAILY);
    FakeChunk days =
        new FakeChunk("d")
            .schema("ohlcv-1d")
            .stretch("ZL.v.0", "2024-01-01", "2024-01-04")
            .segment("ZL", 7, "ZLF4", null)
            .bar("2024-01-01", 5, 6)
            .bar("2024-01-03", 7, 8);
    for (int i = 0; i < 2; i++) {
      db.writer(TestDatabase.DAILY).write(List.of(days), GroupWriter.DATA_END_UNKNOWN, List.of());
      assertThat(
          db.ask("SELECT symbol, as_of_date, open FROM raw.databento_futures_ohlcv_1d ORDER BY 2"),
          contains("ZL|2024-01-01|0.000000005", "ZL|2024-01-03|0.000000007"));
    }
    db.writer(TestDatabase.DAILY)
        .write(
            List.of(
                new FakeChunk("d2")
                    .schema("ohlcv-1d")
                    .stretch("ZL.v.0", "2024-01-03", "2024-01-04")),
            GroupWriter.DATA_END_UNKNOWN,
            List.of());
    assertThat(
        db.coverage(),
        contains(
            "ZL.v.0|ZL|2024-01-01T00|2024-01-03T00|loaded|1",
            "ZL.v.0|ZL|2024-01-03T00|2024-01-04T00|empty|0"));
  }

  @Test
  void batchesLargerAndSmallerThanAnArrowBatchArriveWhole() {
    FakeChunk many =
        new FakeChunk("m")
            .batches(70_001)
            .stretch("ZL.v.0", "1970-01-01", "2024-01-02")
            .segment("ZL", 7, null, null);
    for (int i = 0; i < 150_000; i++) {
      many.bar(
          java.time.Instant.ofEpochSecond(3600L * i).toString(),
          i,
          i % 7 == 0 ? FakeChunk.UNDEFINED : i);
    }
    write(FakeChunk.threeHours().asked(-1), many);
    assertThat(
        db.ask(
            "SELECT count(*), sum(open), count(close), count(DISTINCT ts_event)"
                + " FROM raw.databento_futures_ohlcv_1h"),
        contains("150000|11.249925000|128571|150000"));
  }

  @Test
  void coverageRemembersTheNewestChangeThatWasToldWhenItWasAsked() {
    java.time.LocalDate first = java.time.LocalDate.of(2024, 1, 1);
    new LedgerLog(db.database)
        .conditions(
            "GLBX.MDP3",
            first,
            first.plusDays(1),
            List.of(
                new DayCondition("GLBX.MDP3", first, "available", first.plusDays(1)),
                new DayCondition("GLBX.MDP3", first.plusDays(1), "degraded", first.plusDays(9))),
            TestDatabase.NOW);
    write(
        FakeChunk.threeHours().asked(FakeChunk.ns("2024-01-05")),
        new FakeChunk("late")
            .asked(FakeChunk.ns("2024-01-20"))
            .stretch("ZS.v.0", "2024-01-01", "2024-01-03"),
        new FakeChunk("other").stretch("ZM.v.0", "2024-02-01", "2024-02-03"));
    assertThat(
        db.ask("SELECT symbol, source_modified FROM ops.coverage ORDER BY 1, range_start"),
        contains("ZL.v.0|2024-01-02", "ZM.v.0|-", "ZS.v.0|2024-01-02", "ZS.v.0|2024-01-10"));
  }
}
