package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.IngestionRow;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.pipelines.Failures;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.OutcomeState;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.ImportedAnswer;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What ops.ingestion_completion says of an import: one row, whatever it was of and whether it had
 * anything to load or not. Used once, by one thread.
 */
final class ImportRecord {
  /** The job's name: an import has no other. */
  private static final String NAME = "import";

  private final Database database;
  private final String runId;
  private final Instant began;
  private final Clock clock;
  private final List<Interval> held = new ArrayList<>();
  private long rows;
  private @Nullable String failure;

  ImportRecord(
      Database database, String runId, Instant began, Clock clock, List<ImportedAnswer> answers) {
    this.database = database;
    this.runId = runId;
    this.began = began;
    this.clock = clock;
    answers.forEach(answer -> held.addAll(answer.held().intervals()));
  }

  /** Loads one answer and counts what came of it; what stops the import is written at once. */
  ChunkOutcome around(Supplier<ChunkOutcome> load) {
    try {
      ChunkOutcome outcome = load.get();
      rows += outcome.getRowsWritten();
      if (outcome.getState() == OutcomeState.FAILED && failure == null) {
        failure = outcome.getError();
      }
      return outcome;
    } catch (RuntimeException e) {
      if (Tables.isCurrent(database)) {
        failure = Failures.verdict(e).sentence();
        write();
      }
      throw e;
    }
  }

  /** Says that it ended. */
  void end() {
    if (Tables.isCurrent(database)) {
      write();
    }
  }

  private void write() {
    String status =
        failure == null
            ? IngestionRow.SUCCESS
            : rows > 0 ? IngestionRow.PARTIAL : IngestionRow.FAILED;
    new LedgerLog(database)
        .complete(
            new IngestionRow(
                runId,
                "databento",
                NAME,
                runId,
                first(),
                last(),
                rows,
                status,
                failure,
                began,
                clock.instant()),
            failure == null);
  }

  private @Nullable LocalDate first() {
    return held.stream()
        .min(Comparator.comparingLong(Interval::startNs))
        .map(interval -> Times.date(interval.startNs()))
        .orElse(null);
  }

  /** The day after the last. */
  private @Nullable LocalDate last() {
    return held.stream()
        .max(Comparator.comparingLong(Interval::endNs))
        .map(interval -> Times.date(interval.endNs() - 1).plusDays(1))
        .orElse(null);
  }
}
