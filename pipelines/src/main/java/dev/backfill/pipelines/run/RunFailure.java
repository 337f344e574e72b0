package dev.backfill.pipelines.run;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.DatabaseHeldException;
import dev.backfill.io.duckdb.IngestionRow;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.TableGoneException;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.io.fred.FredApiException;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.pipelines.Failures;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.RunSummary;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the desk's checks are told of a run that did not bring all that was wanted. */
final class RunFailure {
  private RunFailure() {}

  /** Why a run is not a success, in a sentence; null where it is one. */
  static @Nullable String reason(RunSummary summary) {
    if (!summary.failed().isEmpty()) {
      RunSummary.Failed first = summary.failed().get(0);
      return SummaryReport.counted(summary.failed().size(), "chunk")
          + " failed, the first with "
          + first.symbols()
          + ", "
          + first.range()
          + ": "
          + first.reason();
    }
    if (!summary.notEntitled().isEmpty()) {
      return "not in this key's subscription: " + summary.notEntitled().get(0).reason();
    }
    return summary.uncovered().isEmpty()
        ? null
        : "not covered: " + String.join(", ", summary.uncovered());
  }

  /** Whether a service has stopped it, or could not be reached. */
  private static boolean isOfService(Throwable why) {
    return why instanceof DatabentoApiException
        || why instanceof FredApiException
        || why instanceof ServiceConnectionException;
  }

  /** Whether those who watch the database must hear of it although no run was begun. */
  static boolean isToBeNoted(Throwable why) {
    return isOfService(why) || why instanceof TableGoneException;
  }

  /** Whether a job is as complete as it must be without what this key has no right to. */
  static boolean isForgiven(Job job, Throwable why) {
    return job.optional() && Failures.lacksRights(why);
  }

  /** The same of a run that went through. */
  static boolean isForgiven(Job job, RunSummary summary) {
    return job.optional() && !summary.notEntitled().isEmpty() && summary.failed().isEmpty();
  }

  /** Whether no range of a job that last ended as failed is still not covered. */
  static boolean isNoneLeft(Ledger ledger, Job job, Instant now) {
    List<ChunkState> failed =
        ledger.chunks("failed").stream()
            .filter(chunk -> job.dataset().equals(chunk.dataset()))
            .filter(chunk -> job.schema().equals(chunk.schema()))
            .filter(chunk -> job.stypeIn().equals(chunk.stypeIn()))
            .toList();
    if (failed.isEmpty()) {
      return true;
    }
    Set<String> runs = new HashSet<>();
    for (RunRow run : ledger.runs(Integer.MAX_VALUE)) {
      if (run.jobName().equals(job.name())) {
        runs.add(run.runId());
      }
    }
    Map<String, Coverage> covered =
        ledger.covered(job.table(), job.source(), job.dataset(), job.schema(), job.stypeIn(), now);
    return failed.stream()
        .filter(chunk -> runs.contains(String.valueOf(chunk.runId())))
        .allMatch(
            chunk ->
                List.of(chunk.symbols().split(",", -1)).stream()
                    .allMatch(
                        symbol ->
                            covered
                                .getOrDefault(symbol, Coverage.NONE)
                                .covers(Coverage.of(chunk.interval()))));
  }

  /**
   * Notes a run that could not begin, in a database that knows runs already: one that is not there,
   * or is another's, stays as it is, and so does one that is in use. What stopped the run is what
   * the person must hear of, whatever comes of this.
   */
  static void note(RunContext run, Throwable why) {
    if (!Database.isThere(run.database())) {
      return;
    }
    Job job = run.options().job();
    String sentence = Failures.verdict(why).sentence();
    IngestionRow completion =
        new IngestionRow(
            run.runId(),
            job.source(),
            job.name(),
            run.runId(),
            null,
            null,
            0,
            IngestionRow.FAILED,
            sentence,
            isForgiven(job, why),
            run.began(),
            run.clock().instant());
    write(
        run,
        database -> {
          new LedgerLog(database).endIdle(row(run, sentence), completion, false);
          if (Failures.lacksRights(why)) {
            DatasetRights.refused(database, job.dataset(), run.clock().instant());
          }
        });
  }

  /** The run itself, of which nothing came. */
  private static RunRow row(RunContext run, String sentence) {
    return new RunRow(
        run.runId(),
        run.options().job().name(),
        null,
        run.options().runner().label(),
        run.began(),
        run.clock().instant(),
        IngestionRow.FAILED,
        0,
        0,
        0,
        0,
        0L,
        0L,
        BigDecimal.ZERO,
        run.options().spend().maxCostUsd().orElse(null),
        sentence);
  }

  /** Notes parts that a job was complete without: this key has no right to their datasets. */
  static void noteNoRights(RunContext run, List<Job> parts) {
    if (!parts.isEmpty() && Database.isThere(run.database())) {
      write(
          run,
          database ->
              parts.forEach(
                  part -> DatasetRights.refused(database, part.dataset(), run.clock().instant())));
    }
  }

  private static void write(RunContext run, Consumer<Database> what) {
    Job job = run.options().job();
    try (WriteLease lease =
            WriteLease.take(
                run.database().toString(), "run " + job.name(), Duration.ZERO, text -> {});
        Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      if (Tables.isCurrent(database)) {
        what.accept(database);
        lease.begun();
      }
    } catch (DatabaseHeldException e) {
      run.console().note("That could not be written into the database: " + e.getMessage());
    } catch (DatabaseException e) {
      run.console().warn("That could not be written into the database: " + e.getMessage());
    }
  }
}
