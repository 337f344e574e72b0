package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;

import dev.backfill.schemas.LandedState;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not final is marked to be looked at again. The clock says 2025-12-16 12:00. */
class RecheckTest {
  private static final String MARKS =
      "SELECT symbol, CAST(range_start AS DATE), CAST(range_end AS DATE), state, row_count,"
          + " recheck_after FROM ops.coverage ORDER BY symbol, range_start";
  private static final String IN_A_WEEK = "2025-12-23 12:00:00.0";

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

  private void said(String day, String condition) {
    LocalDate date = LocalDate.parse(day);
    new LedgerLog(db.database)
        .conditions(
            "GLBX.MDP3",
            date,
            date,
            List.of(new DayCondition("GLBX.MDP3", date, condition, null)),
            TestDatabase.NOW);
  }

  private void write(long dataEndNs, RowSource... sources) {
    db.writer(TestDatabase.HOURLY).write(List.of(sources), dataEndNs, List.of());
  }

  private static FakeChunk year(String symbol) {
    return new FakeChunk("year-" + symbol)
        .stretch(symbol, "2025-01-01", "2025-12-16")
        .segment(symbol.substring(0, 2), 7, null, null)
        .bar("2025-12-01T05:00:00Z", 1, 1)
        .bar("2025-12-10T00:00:00Z", 2, 2)
        .bar("2025-12-15T05:00:00Z", 3, 3);
  }

  @Test
  void rowsFromTheFirstPendingOrDegradedDayOnAreLookedAtAgain() {
    said("2025-06-02", "degraded");
    said("2025-12-01", "available");
    said("2025-12-10", "degraded");
    said("2025-12-15", "pending");
    write(FakeChunk.ns("2025-12-16"), year("ZL.v.0").asked(FakeChunk.ns("2025-12-16")));
    assertThat(
        db.ask(MARKS),
        contains(
            "ZL.v.0|2025-01-01|2025-12-10|loaded|1|-",
            "ZL.v.0|2025-12-10|2025-12-16|loaded|2|2025-12-23 00:00:00.0"));
    said("2025-12-10", "available");
    said("2025-12-15", "available");
    write(FakeChunk.ns("2025-12-16"), year("ZL.v.0").asked(FakeChunk.ns("2025-12-16")));
    assertThat(db.ask(MARKS), contains("ZL.v.0|2025-01-01|2025-12-16|loaded|3|-"));
  }

  @Test
  void aStretchWithinAPendingDayIsNotSplitAndAnEmptyOneIsMarkedToo() {
    said("2025-12-01", "pending");
    write(
        FakeChunk.ns("2025-12-16"),
        new FakeChunk("e").stretch("ZS.v.0", "2025-12-01", "2025-12-02"),
        new FakeChunk("before").stretch("ZM.v.0", "2025-11-30", "2025-12-01"),
        new FakeChunk("u")
            .state(LandedState.UNRESOLVED)
            .stretch("RS.v.0", "2025-11-30", "2025-12-02", false, true));
    assertThat(
        db.ask(MARKS),
        contains(
            "RS.v.0|2025-11-30|2025-12-02|unresolved|0|-",
            "ZM.v.0|2025-11-30|2025-12-01|empty|0|-",
            "ZS.v.0|2025-12-01|2025-12-02|empty|0|" + IN_A_WEEK));
  }

  @Test
  void anotherDatasetsDaysDoNotMatter() {
    LocalDate day = LocalDate.of(2025, 12, 10);
    new LedgerLog(db.database)
        .conditions(
            "XNAS.ITCH",
            day,
            day,
            List.of(new DayCondition("XNAS.ITCH", day, "pending", null)),
            TestDatabase.NOW);
    write(FakeChunk.ns("2025-12-16"), year("ZL.v.0"));
    assertThat(db.ask(MARKS), contains("ZL.v.0|2025-01-01|2025-12-16|loaded|3|-"));
  }

  @Test
  void whatWasNearTheEndWhenItWasAskedIsNotFinalLater() {
    long asked = FakeChunk.ns("2025-03-04T06:00:00Z");
    said("2025-02-27", "degraded");
    write(
        FakeChunk.ns("2025-12-16"),
        new FakeChunk("near").asked(asked).stretch("ZS.v.0", "2025-03-01", "2025-03-03"),
        new FakeChunk("far").asked(asked).stretch("ZM.v.0", "2025-01-01", "2025-02-01"),
        new FakeChunk("day").asked(asked).stretch("ZL.v.0", "2025-01-01", "2025-02-28"));
    assertThat(
        db.ask(MARKS),
        contains(
            "ZL.v.0|2025-01-01|2025-02-27|empty|0|2025-03-06 00:00:00.0",
            "ZL.v.0|2025-02-27|2025-02-28|empty|0|2025-03-11 06:00:00.0",
            "ZM.v.0|2025-01-01|2025-02-01|empty|0|-",
            "ZS.v.0|2025-03-01|2025-03-03|empty|0|2025-03-10 00:00:00.0"));
    write(
        GroupWriter.DATA_END_UNKNOWN,
        new FakeChunk("near").asked(asked).stretch("ZS.v.0", "2025-03-01", "2025-03-03"));
    assertThat(
        db.ask(MARKS + " LIMIT 1 OFFSET 3"),
        contains("ZS.v.0|2025-03-01|2025-03-03|empty|0|2025-03-10 00:00:00.0"));
  }
}
