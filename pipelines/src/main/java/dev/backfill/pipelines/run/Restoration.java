package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Forgetting;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerCheck.Group;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.landing.DamagedAnswerException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.OutcomeState;
import dev.backfill.schemas.Series;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.RowSources;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the ledger say what is there, then loads from the landing what is not, through the same
 * writer as a run. Needs no Beam and no service.
 */
final class Restoration {
  /** As much as one transaction takes, more or less; a run's groups are of that size too. */
  private static final long RECORDS_A_GROUP = 1_000_000;

  private final Database database;
  private final LandingArea landing;
  private final String runId;
  private final Instant began;
  private final Clock clock;
  private final Console console;

  /**
   * What came of it.
   *
   * @param runId its row in ops.backfill_runs
   * @param rows written
   * @param failed answers of the landing that could not be loaded
   */
  record Outcome(String runId, long rows, int failed) {}

  Restoration(
      Database database,
      LandingArea landing,
      String runId,
      Instant began,
      Clock clock,
      Console console) {
    this.database = database;
    this.landing = landing;
    this.runId = runId;
    this.began = began;
    this.clock = clock;
    this.console = console;
  }

  /** Restores group after group. */
  Outcome run(List<RepairReport.Lost> lost) throws IOException {
    for (RepairReport.Lost one : lost) {
      Tables.prepare(database, target(one), console::note);
      if (!one.isOfNoKnownJob()) {
        JobMemory.keep(new LedgerLog(database), one.back().job());
      }
      String source = one.group().source();
      Optional<String> origin = landing.origin(source);
      if (origin.isPresent()) {
        new LedgerLog(database).claimOrigin(source, origin.get());
      }
    }
    rememberRequests();
    long rows = 0;
    int failed = 0;
    int chunks = 0;
    for (RepairReport.Lost one : lost) {
      forget(one);
      for (ChunkOutcome outcome : load(one)) {
        chunks++;
        rows += outcome.getRowsWritten();
        if (outcome.getState() == OutcomeState.FAILED) {
          failed++;
          console.warn(
              "chunk "
                  + outcome.getChunkId()
                  + " cannot be loaded from the landing: "
                  + outcome.getError());
          setAsideIfDamaged(one, outcome.getChunkId());
        }
      }
    }
    String note = "restored from the landing: " + SummaryReport.counted(rows, "row");
    new LedgerLog(database)
        .record(row(failed == 0 ? "success" : "partial", chunks, failed, rows, note));
    return new Outcome(runId, rows, failed);
  }

  /** So that a run fetches it again instead of stumbling over it. */
  private static void setAsideIfDamaged(RepairReport.Lost lost, String chunkId) throws IOException {
    for (LandedChunk landed : lost.back().plan().toLoad()) {
      if (landed.getChunk().getChunkId().equals(chunkId) && !landed.getFile().isEmpty()) {
        try {
          LandingArea.verify(landed);
        } catch (DamagedAnswerException e) {
          LandingArea.setAside(landed, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /** What was spent is told by the journal, which a lost database has taken with it. */
  private void rememberRequests() throws IOException {
    if (!new Ledger(database).runs(1).isEmpty()) {
      return;
    }
    for (String run : landing.requests().stream().map(RequestEntry::runId).distinct().toList()) {
      new LedgerLog(database).requests(JournalRows.of(landing.uri(), run));
    }
  }

  private void forget(RepairReport.Lost lost) {
    Map<Series, Coverage> what = new LinkedHashMap<>();
    Group g = lost.group();
    lost.missing()
        .forEach(
            (symbol, of) ->
                what.put(new Series(g.source(), g.dataset(), g.schema(), g.stypeIn(), symbol), of));
    new Forgetting(database)
        .forget(
            g.table(),
            what,
            false,
            forgotten -> row("success", 0, 0, 0, "the ledger follows the tables"));
  }

  private List<ChunkOutcome> load(RepairReport.Lost lost) throws IOException {
    GroupWriter writer = new GroupWriter(database, target(lost));
    List<ChunkOutcome> outcomes = new ArrayList<>();
    List<RowSource> group = new ArrayList<>();
    long records = 0;
    for (LandedChunk landed : lost.back().plan().toLoad()) {
      group.add(RowSources.of(landed, TargetSpec.publishers(lost.group().publishers())));
      records += Math.max(0, landed.getRecordCount());
      if (records >= RECORDS_A_GROUP) {
        outcomes.addAll(writer.write(group, GroupWriter.DATA_END_UNKNOWN, List.of()));
        group.clear();
        records = 0;
      }
    }
    if (!group.isEmpty()) {
      outcomes.addAll(writer.write(group, GroupWriter.DATA_END_UNKNOWN, List.of()));
    }
    return outcomes;
  }

  private TargetSpec target(RepairReport.Lost lost) {
    return new TargetSpec(
        database.path().toString(),
        lost.group().table(),
        TargetSpec.publishers(lost.group().publishers()),
        lost.back().job().primaryKey(),
        runId);
  }

  private RunRow row(String status, int chunks, int failed, long rows, @Nullable String note) {
    return new RunRow(
        runId,
        "repair",
        null,
        null,
        began,
        clock.instant(),
        status,
        chunks,
        chunks - failed,
        failed,
        0,
        rows,
        null,
        null,
        null,
        note);
  }
}
