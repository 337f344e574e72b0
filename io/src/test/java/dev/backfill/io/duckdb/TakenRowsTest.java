package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contract under its parent and under its own name, in a table whose key allows it once. */
class TakenRowsTest {
  private static final String TABLE = TestDatabase.HOURLY;
  private static final String ROWS =
      "SELECT symbol, hour(ts_event), parent_symbol, close FROM " + TABLE + " ORDER BY ALL";

  @TempDir Path folder;
  private TestDatabase db;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder);
    Tables.prepare(db.database, new TargetSpec(db.path.toString(), TABLE, List.of(), true, "r"));
  }

  @AfterEach
  void close() {
    db.close();
  }

  private void write(RowSource source) {
    db.writer(TABLE).write(List.of(source), GroupWriter.DATA_END_UNKNOWN, List.of());
  }

  private long differing(RowSource source) {
    db.run("DELETE FROM ops.backfill_runs");
    db.run(
        "INSERT INTO ops.backfill_runs (run_id, job_name, started_at, status)"
            + " VALUES ('run-1', 'j', now()::TIMESTAMP, 'running')");
    db.writer(TABLE)
        .comparing(true)
        .write(List.of(source), GroupWriter.DATA_END_UNKNOWN, List.of());
    String note = db.ask("SELECT note FROM ops.backfill_runs").get(0);
    return note.equals("-") ? 0 : Long.parseLong(note.replaceAll("[^0-9]", ""));
  }

  /** Two contracts of a parent; an hour of each. */
  private static FakeChunk parent(String id, long close) {
    return new FakeChunk(id)
        .stype("parent")
        .stretch("ZL.FUT", "2024-01-01", "2024-01-02")
        .segment("ZLF4", 7, "ZLF4", "ZL.FUT")
        .bar("2024-01-01T01:00:00Z", close, close)
        .segment("ZLH4", 8, "ZLH4", "ZL.FUT")
        .bar("2024-01-01T01:00:00Z", 2, 2);
  }

  /** Two hours of one of them. */
  private static FakeChunk contract(String id, long close) {
    return new FakeChunk(id)
        .stype("raw_symbol")
        .stretch("ZLF4", "2024-01-01", "2024-01-02")
        .segment("ZLF4", 7, "ZLF4", null)
        .bar("2024-01-01T01:00:00Z", close, close)
        .bar("2024-01-01T02:00:00Z", 3, 3);
  }

  private void assertTrue() {
    assertThat(
        new LedgerCheck(db.database)
            .findings().stream()
                .filter(one -> one.table().equals(TABLE))
                .map(one -> "" + one.disagreements() + one.unexplained())
                .toList(),
        contains("[][]"));
  }

  @Test
  void theLaterOneTakesThePlaceInBothOrders() {
    write(contract("c", 1));
    write(parent("p", 1));
    assertThat(
        db.ask(ROWS),
        contains("ZLF4|1|ZL.FUT|0.000000001", "ZLF4|2|-|0.000000003", "ZLH4|1|ZL.FUT|0.000000002"));
    assertThat(
        db.coverage(),
        contains(
            "ZL.FUT|-|2024-01-01T00|2024-01-02T00|loaded|2",
            "ZLF4|ZLF4|2024-01-01T00|2024-01-02T00|loaded|1"));
    assertTrue();

    write(contract("c2", 1));
    assertThat(
        db.ask(ROWS),
        contains("ZLF4|1|-|0.000000001", "ZLF4|2|-|0.000000003", "ZLH4|1|ZL.FUT|0.000000002"));
    assertThat(
        db.coverage(),
        contains(
            "ZL.FUT|-|2024-01-01T00|2024-01-02T00|loaded|1",
            "ZLF4|ZLF4|2024-01-01T00|2024-01-02T00|loaded|2"));
    assertTrue();
    assertThat("it says the same", db.ask("SELECT * FROM ops.replaced_rows"), is(empty()));
  }

  @Test
  void whatSaysSomethingElseIsKept() {
    write(contract("c", 1));
    write(parent("p", 5));
    assertThat(
        db.ask(
            "SELECT target_table, replaced_by, row_json->>'symbol', row_json->>'close',"
                + " row_json->>'parent_symbol' FROM ops.replaced_rows"),
        contains(TABLE + "|run-1|ZLF4|0.000000001|-"));
    write(contract("c2", 1));
    assertThat(
        db.ask("SELECT row_json->>'close', row_json->>'parent_symbol' FROM ops.replaced_rows"),
        contains("0.000000001|-", "0.000000005|ZL.FUT"));
  }

  @Test
  void aPersonsRowGivesWayAndWhatItAloneSaysIsKept() {
    db.run(
        "INSERT INTO "
            + TABLE
            + " (symbol, ts_event, close, volume) VALUES"
            + " ('ZLF4', '2024-01-01 01:00', 0.000000001, 10), ('ZLH4', '2024-01-01 01:00', 7, 10)");
    write(parent("p", 1));
    assertThat(db.ask(ROWS), contains("ZLF4|1|ZL.FUT|0.000000001", "ZLH4|1|ZL.FUT|0.000000002"));
    assertThat(
        db.ask("SELECT row_json->>'symbol', row_json->>'close' FROM ops.replaced_rows"),
        contains("ZLH4|7.000000000"));
    assertTrue();
  }

  @Test
  void aForcedRunCountsOnlyWhatTheServiceSaysAnew() {
    write(parent("p", 1));
    write(contract("c", 1));
    assertThat(differing(parent("p2", 1)), is(0L));
    assertThat(differing(contract("c2", 1)), is(0L));
    assertThat(differing(parent("p3", 6)), is(1L));
    assertTrue();
  }

  @Test
  void aCoverageThatLosesItsLastRowStaysCovered() {
    write(
        new FakeChunk("c")
            .stype("raw_symbol")
            .stretch("ZLH4", "2024-01-01", "2024-01-02")
            .segment("ZLH4", 8, "ZLH4", null)
            .bar("2024-01-01T01:00:00Z", 2, 2));
    write(parent("p", 1));
    assertThat(
        db.coverage(),
        contains(
            "ZL.FUT|-|2024-01-01T00|2024-01-02T00|loaded|2",
            "ZLH4|ZLH4|2024-01-01T00|2024-01-02T00|empty|0"));
    assertTrue();
  }

  @Test
  void anotherPublisherIsAnotherRowAndIsRefused() {
    write(contract("c", 1));
    FakeChunk other =
        new FakeChunk("p")
            .stype("parent")
            .stretch("ZL.FUT", "2024-01-01", "2024-01-02")
            .segment("ZLF4", 7, "ZLF4", "ZL.FUT")
            .bar("2024-01-01T01:00:00Z", 1, 1, 10, 2);
    DatabaseException e = assertThrows(DatabaseException.class, () -> write(other));
    assertThat(e.getMessage(), containsString("name one publisher in the job (publishers)"));
    assertThat(db.ask(ROWS), contains("ZLF4|1|-|0.000000001", "ZLF4|2|-|0.000000003"));
  }

  @Test
  void withoutAKeyBothStayEachInItsOwnRange() {
    try (TestDatabase keyless =
        new TestDatabase(folder.resolve("keyless.duckdb").toString()).prepared(TABLE)) {
      keyless
          .writer(TABLE)
          .write(List.of(contract("c", 1)), GroupWriter.DATA_END_UNKNOWN, List.of());
      keyless.writer(TABLE).write(List.of(parent("p", 1)), GroupWriter.DATA_END_UNKNOWN, List.of());
      assertThat(
          keyless.ask(ROWS),
          contains(
              "ZLF4|1|ZL.FUT|0.000000001",
              "ZLF4|1|-|0.000000001",
              "ZLF4|2|-|0.000000003",
              "ZLH4|1|ZL.FUT|0.000000002"));
    }
  }
}
