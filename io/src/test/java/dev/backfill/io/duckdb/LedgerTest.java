package dev.backfill.io.duckdb;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Instant AT = Instant.parse("2025-12-16T12:00:00Z");

  @TempDir Path folder;
  private TestDatabase db;
  private Ledger ledger;

  @BeforeEach
  void open() {
    db = new TestDatabase(folder);
    ledger = new Ledger(db.database);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private LedgerLog log() {
    db.prepared(TestDatabase.HOURLY);
    return new LedgerLog(db.database);
  }

  @Test
  void aDatabaseWithoutOurTablesReadsAsEmpty() {
    assertThat(ledger.coverage("t", "databento", "d", "s", "continuous"), is(Map.of()));
    assertThat(ledger.origin("databento"), is(Optional.empty()));
    assertThat(ledger.status(TestDatabase.HOURLY), is(empty()));
    assertThat(ledger.tables(), is(empty()));
    assertThat(ledger.chunks("failed"), is(empty()));
    assertThat(ledger.chunk("c1"), is(Optional.empty()));
    assertThat(ledger.runs(5), is(empty()));
    ledger.requireNoConflict(
        db.target(TestDatabase.HOURLY),
        List.of(new Series("databento", "GLBX.MDP3", "ohlcv-1h", "continuous", "ZL.v.0")));
  }

  @Test
  void coverageIsReadBySymbolInOrderOfTime() {
    db.prepared(TestDatabase.HOURLY)
        .writer(TestDatabase.HOURLY)
        .write(
            List.of(
                new FakeChunk("c1")
                    .unverified()
                    .stretch("ZL.v.0", "2024-02-01", "2024-03-01")
                    .stretch("ZL.v.0", "2024-01-01", "2024-02-01")
                    .segment("ZL", 1, "ZLH4", null)
                    .bar("2024-01-05T10:00:00Z", 1, 2)),
            FakeChunk.ns("2024-03-05"),
            List.of());
    Map<String, List<CoverageRow>> coverage =
        ledger.coverage(TestDatabase.HOURLY, "databento", "GLBX.MDP3", "ohlcv-1h", "continuous");
    Series zl = new Series("databento", "GLBX.MDP3", "ohlcv-1h", "continuous", "ZL.v.0");
    assertThat(
        coverage.get("ZL.v.0"),
        contains(
            new CoverageRow(
                zl,
                "ZL",
                "*",
                Interval.of(
                    Instant.parse("2024-01-01T00:00:00Z"), Instant.parse("2024-02-01T00:00:00Z")),
                CoverageState.LOADED,
                1,
                false,
                null,
                null,
                "c1",
                "run-1",
                TestDatabase.NOW),
            new CoverageRow(
                zl,
                "ZL",
                "*",
                Interval.of(
                    Instant.parse("2024-02-01T00:00:00Z"), Instant.parse("2024-03-01T00:00:00Z")),
                CoverageState.EMPTY,
                0,
                false,
                Instant.parse("2024-03-08T00:00:00Z"),
                null,
                "c1",
                "run-1",
                TestDatabase.NOW)));
    assertThat(
        ledger.status(TestDatabase.HOURLY),
        contains(
            new SymbolStatus(
                TestDatabase.HOURLY,
                "ZL",
                1,
                Instant.parse("2024-01-05T10:00:00Z"),
                Instant.parse("2024-01-05T10:00:00Z"))));
    assertThat(ledger.tables(), contains(TestDatabase.HOURLY));
  }

  @Test
  void oneChunkIsFoundByItsName() {
    db.prepared(TestDatabase.HOURLY)
        .writer(TestDatabase.HOURLY)
        .write(
            List.of(
                FakeChunk.threeHours(),
                new FakeChunk("f")
                    .state(LandedState.FAILED)
                    .stretch("ZM.v.0", "2024-01-01", "2024-01-03")),
            GroupWriter.DATA_END_UNKNOWN,
            List.of());
    assertThat(
        ledger.chunk("f"),
        is(
            Optional.of(
                new ChunkState(
                    "f",
                    "GLBX.MDP3",
                    "ohlcv-1h",
                    "continuous",
                    "ZM.v.0",
                    Interval.of(
                        Instant.parse("2024-01-01T00:00:00Z"),
                        Instant.parse("2024-01-03T00:00:00Z")),
                    "failed",
                    "the service said no",
                    "run-1"))));
    assertThat(ledger.chunk("c1").orElseThrow().state(), is("loaded"));
    assertThat(ledger.chunk("c2"), is(Optional.empty()));
  }

  @Test
  void aRefusalStandsUntilItIsTimeToLookAgain() {
    db.prepared(TestDatabase.HOURLY)
        .writer(TestDatabase.HOURLY)
        .write(
            List.of(
                new FakeChunk("n")
                    .state(LandedState.NOT_ENTITLED)
                    .stretch("ZL.v.0", "2024-01-01", "2024-01-02", false, true),
                new FakeChunk("e").stretch("ZS.v.0", "2024-01-01", "2024-01-02")),
            GroupWriter.DATA_END_UNKNOWN,
            List.of());
    Map<String, List<CoverageRow>> coverage =
        ledger.coverage(TestDatabase.HOURLY, "databento", "GLBX.MDP3", "ohlcv-1h", "continuous");
    CoverageRow refused = coverage.get("ZL.v.0").get(0);
    Instant again = TestDatabase.NOW.plus(Duration.ofDays(7));
    assertThat(refused.standsAt(TestDatabase.NOW), is(true));
    assertThat(refused.standsAt(again.minusNanos(1)), is(true));
    assertThat(refused.standsAt(again), is(false));
    assertThat(coverage.get("ZS.v.0").get(0).standsAt(again.plus(Duration.ofDays(999))), is(true));
  }

  @Test
  void anotherOriginIsRefusedNamingBoth() {
    LedgerLog log = log();
    log.claimOrigin("databento", "emulator:seed-1");
    log.claimOrigin("databento", "emulator:seed-1");
    OriginConflictException e =
        assertThrows(
            OriginConflictException.class,
            () -> log.claimOrigin("databento", "https://hist.databento.com"));
    assertThat(e.getMessage(), containsString("emulator:seed-1"));
    assertThat(e.getMessage(), containsString("https://hist.databento.com"));
    assertThat(ledger.origin("databento"), is(Optional.of("emulator:seed-1")));
    log.claimOrigin("fred", "https://api.stlouisfed.org");
  }

  @Test
  void aRunThatWasKilledIsMarkedByTheNext() {
    LedgerLog log = log();
    assertThat(log.record(RunRow.begun("r1", "daily", "h", "direct", AT)), is(empty()));
    RunRow second = RunRow.begun("r2", "daily", "h", "direct", AT.plusSeconds(60));
    assertThat(log.record(second), contains("r1"));
    RunRow done =
        new RunRow(
            "r2",
            "daily",
            "h",
            "direct",
            AT.plusSeconds(60),
            AT.plusSeconds(90),
            "success",
            4,
            3,
            1,
            0,
            1000L,
            56000L,
            new BigDecimal("0.250000"),
            null,
            "a note");
    log.requests(
        List.of(
            new RequestRow(
                "r1-n1",
                "r1",
                "c1",
                "o",
                "timeseries.get_range",
                1,
                AT,
                null,
                null,
                "started",
                null,
                null,
                null,
                0.5)));
    assertThat(db.ask("SELECT run_id, request_no FROM ops.requests"), contains("r1|r1-n1"));
    assertThat(new RunLedger(db.database, "r1").totals().requests(), is(1L));
    assertThat(new RunLedger(db.database, "r2").totals().requests(), is(0L));
    log.record(done);
    assertThat(ledger.runs(1), contains(done));
    assertThat(
        db.ask("SELECT run_id, status FROM ops.backfill_runs ORDER BY 1"),
        contains("r1|interrupted", "r2|success"));
  }

  private static RequestRow asked(String no, String runId, long bytes, double usd) {
    return new RequestRow(
        no, runId, "c", "o", "timeseries.get_range", 1, AT, 1.5, 200, "ok", "id", 9L, bytes, usd);
  }

  @Test
  void whatAKilledRunsJobAsksLaterIsAddedToItsRow() {
    LedgerLog log = log();
    log.record(RunRow.begun("r1", "daily", "h", "flink", AT));
    log.requests(List.of(asked("n1", "r1", 56, 0.5)));
    log.record(RunRow.begun("r2", "daily", "h", "direct", AT.plusSeconds(60)));
    log.requests(List.of(asked("n1", "r1", 56, 0.5), asked("n2", "r1", 112, 0.25)));
    log.requests(List.of(asked("n3", "r2", 8, 0.125)));
    assertThat(
        db.ask(
            "SELECT run_id, status, bytes_billable, cost_estimate_usd FROM ops.backfill_runs"
                + " ORDER BY 1"),
        contains("r1|interrupted|168|0.750000", "r2|running|-|-"));
  }

  @Test
  void requestsConditionsMappingsAndCompletionsAreWrittenOnce() {
    LedgerLog log = log();
    RequestRow started =
        new RequestRow(
            "n1",
            "r1",
            "c1",
            "o",
            "timeseries.get_range",
            1,
            AT,
            null,
            null,
            "started",
            null,
            null,
            null,
            0.5);
    RequestRow landed =
        new RequestRow(
            "n1",
            "r1",
            "c1",
            "o",
            "timeseries.get_range",
            1,
            AT,
            1.5,
            200,
            "landed",
            "id",
            9L,
            8L,
            0.5);
    log.requests(List.of(started));
    log.requests(List.of(landed));
    assertThat(
        db.ask(
            "SELECT request_no, seconds, http_status, outcome, cost_estimate_usd FROM"
                + " ops.requests"),
        contains("n1|1.5|200|landed|0.500000"));
    LocalDate day = LocalDate.of(2025, 12, 15);
    DayCondition pending = new DayCondition("GLBX.MDP3", day, "pending", null);
    DayCondition degraded = new DayCondition("GLBX.MDP3", day.minusDays(1), "degraded", day);
    log.conditions("GLBX.MDP3", day.minusDays(1), day, List.of(pending, degraded), AT);
    log.conditions("GLBX.MDP3", day, day, List.of(), AT);
    assertThat(
        db.ask("SELECT date, condition, last_modified_date FROM ops.dataset_condition"),
        contains("2025-12-14|degraded|2025-12-15"));
    log.complete(
        new IngestionRow(
            "i1",
            "databento",
            "daily",
            "r1",
            day,
            day.plusDays(1),
            5,
            "success",
            null,
            AT,
            AT.plusMillis(1234)),
        true);
    assertThat(
        db.ask("SELECT run_id, row_count, status, duration_seconds FROM ops.ingestion_completion"),
        contains("r1|5|success|1.23"));
  }

  @Test
  void theStatesOfAllSymbolsAreReadAtOnce() {
    Job job = job("continuous", "ZL.v.0", "ZS.v.0", "ZC.v.0");
    assertThat(new LedgerStates(db.database).bySymbol().of(job), is(Map.of()));
    db.prepared(TestDatabase.HOURLY)
        .writer(TestDatabase.HOURLY)
        .write(
            List.of(
                FakeChunk.threeHours(),
                new FakeChunk("c2").stretch("ZL.v.0", "2024-01-02", "2024-01-03"),
                new FakeChunk("c3")
                    .state(LandedState.UNRESOLVED)
                    .stretch("ZS.v.0", "2024-01-01", "2024-01-02", false, true)),
            GroupWriter.DATA_END_UNKNOWN,
            List.of());
    SymbolStates states = new LedgerStates(db.database).bySymbol();
    assertThat(
        states.of(job),
        is(
            Map.of(
                "ZL.v.0",
                EnumSet.of(CoverageState.LOADED, CoverageState.EMPTY),
                "ZS.v.0",
                EnumSet.of(CoverageState.UNRESOLVED))));
    assertThat("of another form", states.of(job("parent", "ZL.FUT")), is(Map.of()));
  }

  private static Job job(String stypeIn, String... symbols) {
    return new Job(
        "j",
        "databento",
        "GLBX.MDP3",
        "ohlcv-1h",
        stypeIn,
        List.of(symbols),
        JobTime.parse("2024-01-01"),
        JobTime.parse("2024-02-01"),
        TestDatabase.HOURLY,
        Job.ChunkLimits.LARGE,
        List.of(),
        false);
  }
}
