package dev.backfill.pipelines.run;

import dev.backfill.pipelines.Console;
import dev.backfill.transforms.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a run of FRED is told: in series and observations, with what became of each id. */
final class FredSummary {
  private FredSummary() {}

  private static final int SERIES_SHOWN = 20;

  /** A plan as a page. */
  static String plan(PricedPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.job().name() + ": FRED " + plan.job().schema() + " into " + plan.job().table());
    lines.add("  wanted    " + Console.count(plan.job().symbols().size()) + " series");
    plan.notes().forEach(note -> lines.add("  note      " + note));
    lines.add(
        "  landed    "
            + SummaryReport.counted(plan.landedRecords(), "observation")
            + " in "
            + SummaryReport.counted(plan.plan().toLoad().size(), "answer")
            + " to load");
    lines.add("  to fetch  " + toFetch(plan));
    List<String> ids =
        plan.plan().toAsk().stream().map(chunk -> chunk.getSymbols().get(0)).toList();
    if (!ids.isEmpty()) {
      int more = ids.size() - SERIES_SHOWN;
      lines.add("");
      lines.add(
          String.join(", ", ids.subList(0, Math.min(SERIES_SHOWN, ids.size())))
              + (more > 0 ? " and " + more + " more" : ""));
    }
    return String.join(System.lineSeparator(), lines);
  }

  /** What is to be fetched, in half a sentence. */
  static String toFetch(PricedPlan plan) {
    return "about "
        + SummaryReport.counted(plan.price().records(), "observation")
        + " of "
        + Console.count(plan.plan().toAsk().size())
        + " series, which costs nothing";
  }

  /** The first lines of a run's paragraph. */
  static String head(RunSummary run, String waited) {
    String text;
    if (run.nothingToDo()) {
      text =
          String.format(
              Locale.ROOT,
              "%s: nothing to do; %s as FRED has %s. Nothing was fetched, no rows were written",
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
