package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ChunkLander;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Job;
import java.io.IOException;

/** Answers that are whole and lack the sidecar that a killed run did not come to write. */
final class OrphanedAnswers {
  private OrphanedAnswers() {}

  /** Gives those of the run's job their sidecars, so that the plan finds them landed. */
  static void adopt(RunContext run, HistoricalClient client, String origin) throws IOException {
    Job job = run.options().job();
    LandingArea landing = run.landing();
    if (landing.orphans(job.source(), job.dataset(), job.schema()).isEmpty()) {
      return;
    }
    try (RequestJournal journal = landing.journal()) {
      int adopted =
          new ChunkLander(
                  client, landing, journal, origin, run.retries(), Sleeper.SYSTEM, run.clock())
              .adoptOrphans(job.dataset(), job.schema(), run.runId())
              .size();
      if (adopted > 0) {
        run.console()
            .note(
                SummaryReport.counted(adopted, "answer")
                    + " of a run that was stopped will be used");
      }
    }
  }
}
