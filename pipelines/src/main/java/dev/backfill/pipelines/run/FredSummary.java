package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Console;
import dev.backfill.transforms.RunSummary;
import java.util.Locale;

/** How a run of FRED is told: in series and observations, with what became of each id. */
final class FredSummary {
  private FredSummary() {}

  /** The first lines of the paragraph. */
  static String head(RunSummary run, String waited) {
    String text;
    if (run.nothingToDo()) {
      text =
          String.format(
              Locale.ROOT,
              "%s: nothing to do; %s as FRED has %s. Nothing was fetched, nothing was written",
              run.job(),
              run.symbols() == 1 ? "the series is" : "all " + run.symbols() + " series are",
              run.symbols() == 1 ? "it" : "them");
    } else {
      text =
          String.format(
              Locale.ROOT,
              "%s: %s series, %s observations written to %s in %.1f s%s",
              run.job(),
              Console.count(run.symbols()),
              Console.count(run.rowsWritten()),
              run.table(),
              run.seconds(),
              waited);
    }
    if (!run.unresolved().isEmpty()) {
      text += "; " + run.unresolved().size() + " unknown: " + FredChanges.names(run.unresolved());
    }
    if (!run.discontinued().isEmpty()) {
      text +=
          "; "
              + run.discontinued().size()
              + " discontinued: "
              + FredChanges.names(run.discontinued());
    }
    return run.nothingToDo()
        ? text
        : text
            + System.lineSeparator()
            + String.format(
                Locale.ROOT,
                "  %s, %s received; %s taken from the landing",
                SummaryReport.counted(run.requests(), "request"),
                SummaryReport.megabytes(run.bytesReceived()),
                SummaryReport.counted(run.chunksFromLanding(), "answer"));
  }
}
