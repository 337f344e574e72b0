package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.ImportOptions;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.OutcomeState;
import dev.backfill.schemas.Series;
import dev.backfill.transforms.ImportedAnswer;
import dev.backfill.transforms.WantedPiece;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Loads DBN files that are there already, into the same tables with the same ledger. Every file is
 * read through before the first row is written. Needs no Beam, no service and no landing.
 */
final class ImportAction {
  private final ImportOptions options;
  private final Console console;
  private final Clock clock;

  ImportAction(ImportOptions options, Console console, Clock clock) {
    this.options = options;
    this.console = console;
    this.clock = clock;
  }

  int run() throws IOException {
    List<ImportedAnswer> answers;
    try {
      answers = ImportedAnswer.read(options.files());
    } catch (IOException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    refuseOtherKinds(answers);
    Instant began = clock.instant();
    String runId = RunIds.next(began);
    DatabaseOptions settings =
        options
            .storageVersion()
            .map(DatabaseOptions.DEFAULT::withStorageVersion)
            .orElse(DatabaseOptions.DEFAULT);
    boolean isFailed = false;
    long rows = 0;
    long rejected = 0;
    int skipped = 0;
    try (RunHold hold =
            RunHold.take(
                options.database(),
                console,
                runId,
                began,
                "import",
                "import",
                "importing",
                options.patience());
        Database database = Database.open(options.database().toString(), settings)) {
      hold.begun();
      ImportRecord record = new ImportRecord(database, runId, began, clock, answers);
      for (ImportedAnswer answer : answers) {
        ChunkOutcome outcome = record.around(() -> load(database, answer, runId));
        rows += outcome.getRowsWritten();
        rejected += outcome.getRowsRejected();
        isFailed |= outcome.getState() == OutcomeState.FAILED;
        skipped += outcome.getState() == OutcomeState.SKIPPED ? 1 : 0;
        describe(answer, outcome);
      }
      record.end();
    }
    report(answers.size(), skipped, rows, rejected);
    return isFailed ? ExitCodes.CHUNKS_FAILED : ExitCodes.OK;
  }

  /** A bar of an hour among bars of a day would look like one. */
  private void refuseOtherKinds(List<ImportedAnswer> answers) {
    for (ImportedAnswer answer : answers) {
      String own = answer.table();
      options
          .table()
          .filter(table -> !table.equals(own))
          .ifPresent(
              table -> {
                throw new UsageException(
                    "--table "
                        + table
                        + " holds other rows than "
                        + answer.names()
                        + ", which has "
                        + answer.schema()
                        + " and belongs into "
                        + own
                        + "; nothing was changed");
              });
    }
  }

  private ChunkOutcome load(Database database, ImportedAnswer answer, String runId) {
    TargetSpec target =
        new TargetSpec(
            options.database().toString(),
            options.table().orElse(answer.table()),
            List.of(),
            false,
            runId);
    Ledger ledger = new Ledger(database);
    ledger.gone().refuse(target.table());
    List<WantedPiece> pieces = pieces(ledger, target, answer);
    if (pieces.isEmpty()) {
      return new ChunkOutcome(answer.id(), OutcomeState.SKIPPED, 0L, 0L, 0L, "");
    }
    Tables.prepare(database, target, console::note);
    ledger.requireNoConflict(target, answer.symbols().stream().map(answer::series).toList());
    return new GroupWriter(database, target)
        .write(List.of(answer.rows(runId, pieces)), GroupWriter.DATA_END_UNKNOWN, List.of())
        .get(0);
  }

  /**
   * What is to be loaded: what the files prove and the ledger lacks, and the rows beyond it that
   * they only hold, unless the same files were loaded before. Rows that are covered never give way
   * to rows that are not proven to be all, not even by force.
   */
  private List<WantedPiece> pieces(Ledger ledger, TargetSpec target, ImportedAnswer answer) {
    Series any = answer.series("");
    Map<String, List<CoverageRow>> rows =
        ledger.coverage(target.table(), any.source(), any.dataset(), any.schema(), any.stypeIn());
    boolean isKnown =
        !options.force()
            && ledger.chunks("loaded").stream().anyMatch(c -> c.chunkId().equals(answer.id()));
    List<WantedPiece> pieces = new ArrayList<>();
    for (String symbol : answer.symbols()) {
      Coverage covered =
          Coverage.of(
              rows.getOrDefault(symbol, List.of()).stream().map(CoverageRow::interval).toList());
      Coverage kept = options.force() ? Coverage.NONE : covered;
      for (Interval i : answer.proven().minus(kept).intervals()) {
        pieces.add(new WantedPiece(symbol, i.startNs(), i.endNs(), true));
      }
      if (!isKnown) {
        for (Interval i : answer.held().minus(answer.proven()).minus(covered).intervals()) {
          pieces.add(new WantedPiece(symbol, i.startNs(), i.endNs(), false));
        }
      }
    }
    return pieces;
  }

  private void describe(ImportedAnswer answer, ChunkOutcome outcome) {
    String names = answer.names();
    switch (outcome.getState()) {
      case SKIPPED -> console.note(names + ": all of it is loaded already; nothing was written");
      case SPLIT -> throw new IllegalStateException("A file is not split: " + names);
      case FAILED -> console.warn(names + ": " + outcome.getError());
      case LOADED ->
          console.note(
              names
                  + ": "
                  + SummaryReport.counted(outcome.getRowsWritten(), "row")
                  + " of "
                  + SummaryReport.counted(answer.records(), "record")
                  + " written");
    }
  }

  private void report(int answers, int skipped, long rows, long rejected) {
    if (console.json()) {
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("answers", answers)
          .put("skipped", skipped)
          .put("rows_written", rows)
          .put("rows_rejected", rejected);
      console.result(node.toPrettyString());
    } else {
      console.result(
          "import: "
              + SummaryReport.counted(rows, "row")
              + " written"
              + (rejected == 0
                  ? ""
                  : ", "
                      + SummaryReport.counted(rejected, "record")
                      + " kept in ops.rejected_records")
              + (skipped == 0
                  ? ""
                  : "; "
                      + SummaryReport.counted(skipped, "answer")
                      + " loaded before, nothing to do for "
                      + (skipped == 1 ? "it" : "them")));
    }
  }
}
