package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseException;
import dev.backfill.io.duckdb.LedgerLog;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.transforms.JournalRows;
import dev.backfill.transforms.RunSummary;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What came of jobs on a cluster that an earlier launcher had left there. Immutable.
 *
 * @param runs that gave the jobs to the cluster
 * @param loads runs of this command that loaded what the jobs landed
 */
record Followed(List<String> runs, List<RunSummary> loads) {
  Followed {
    runs = List.copyOf(runs);
    loads = List.copyOf(loads);
  }

  /**
   * Brings what the jobs have asked since their launchers ended into ops.requests and into their
   * runs' rows. For who has the right to write; a database that cannot be written now goes without
   * until those runs' requests are entered again.
   */
  void settle(RunContext run) throws IOException {
    if (runs.isEmpty() || !Database.isThere(run.database())) {
      return;
    }
    try (Database database = Database.open(run.database().toString(), run.databaseOptions())) {
      if (Tables.isCurrent(database)) {
        LedgerLog log = new LedgerLog(database);
        for (String followed : runs) {
          log.requests(JournalRows.of(run.options().landing().toString(), followed));
        }
      }
    } catch (DatabaseException e) {
      run.console()
          .warn(
              "What the job that was followed has asked could not be noted in ops.requests: "
                  + e.getMessage()
                  + ". status --spend counts it from the landing");
    }
  }

  /** The summary of the run that followed them, with what was loaded meanwhile. */
  RunSummary addTo(RunSummary last, RunContext run) {
    if (loads.isEmpty()) {
      return last;
    }
    Duration all = Duration.between(run.began(), run.clock().instant());
    return last.afterLoads(loads, all.toMillis() / 1000.0 - last.waitedSeconds());
  }
}
