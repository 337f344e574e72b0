package dev.backfill.pipelines.run;

import dev.backfill.io.databento.ChunkLander;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Job;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/** Answers that are whole and lack the sidecar that a killed run did not come to write. */
final class OrphanedAnswers {
  private OrphanedAnswers() {}

  /** Moves away what cannot be trusted, and says so; what it was the answer to is asked again. */
  static void quarantine(RunContext run) throws IOException {
    Job job = run.options().job();
    List<String> moved;
    try {
      moved = run.landing().quarantine(job.source(), job.dataset(), job.schema());
    } catch (FileSystemException e) {
      // A landing that cannot be written can still be loaded from: such files are passed over.
      run.console()
          .warn("What is damaged in the landing cannot be moved to quarantine: " + e.getMessage());
      return;
    }
    for (String one : moved) {
      run.console().warn("Moved to quarantine, and not used: " + one);
    }
  }

  /** Gives those of the run's job their sidecars, so that the plan finds them landed. */
  static void adopt(RunContext run, HistoricalClient client, String origin) throws IOException {
    Job job = run.options().job();
    LandingArea landing = run.landing();
    quarantine(run);
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
