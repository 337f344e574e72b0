package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Job;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the ledger knows of a job's series, read when it is asked for: a plan mostly needs no more
 * than which instants are answered for, and a ledger may have a hundred thousand rows.
 *
 * @param ledger empty for a database that is not there yet
 * @param table the target table
 */
record KnownSeries(Optional<Ledger> ledger, String table, Job job) {
  /** What is known of each symbol's intervals, in order of time, whatever the state. */
  Map<String, List<CoverageRow>> rows() {
    return ledger
        .map(l -> l.coverage(table, job.source(), job.dataset(), job.schema(), job.stypeIn()))
        .orElse(Map.of());
  }

  /** Which instants of each symbol are answered for; refusals only until their time. */
  Map<String, Coverage> covered(Instant now) {
    return ledger
        .map(l -> l.covered(table, job.source(), job.dataset(), job.schema(), job.stypeIn(), now))
        .orElse(Map.of());
  }
}
