package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.RunRow;
import dev.backfill.pipelines.run.StatusReport.OfTable;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** A {@link StatusReport} as a page of Markdown that can be committed. */
final class StatusPage {
  private StatusPage() {}

  /**
   * The page.
   *
   * @param running what runs now
   */
  static String of(StatusReport report, List<RunningReport> running) {
    MarkdownPage page = new MarkdownPage();
    Instant now = report.now().truncatedTo(ChronoUnit.MINUTES);
    page.heading(1, "Status of " + Path.of(report.database()).getFileName());
    page.paragraph("As of " + StatusReport.when(now) + " UTC.");
    running.forEach(r -> page.paragraph(r.text()));
    page.heading(2, "What is there");
    Set<String> inLedger = report.states().tables();
    tables(
        page,
        report.tables().stream()
            .filter(t -> !t.isOfFred())
            .filter(t -> !t.symbols().isEmpty() || inLedger.contains(t.name()))
            .toList(),
        false);
    List<OfTable> ofFred =
        report.tables().stream().filter(t -> t.isOfFred() && !t.symbols().isEmpty()).toList();
    if (!ofFred.isEmpty()) {
      tables(page, ofFred, true);
    }
    for (OfTable table : report.tables()) {
      if (!table.groups().groups().isEmpty()) {
        groups(page, table);
      }
    }
    if (report.states().failures() > 0) {
      page.heading(2, "Failed");
      report.states().markdown(page);
    }
    if (!report.runs().isEmpty()) {
      page.heading(2, "Last runs");
      MarkdownPage.Rows runs =
          page.table("run", "job", "status", "began", "took", "rows", "dollars");
      for (RunRow run : report.runs()) {
        runs.row(StatusText.cells(report, run));
      }
    }
    page.heading(2, "Next");
    MarkdownPage.Rows next = page.table("what", "command");
    report.next().forEach((why, command) -> next.row(why, "`" + command + "`"));
    return page.text();
  }

  private static void tables(MarkdownPage page, List<OfTable> tables, boolean isOfFred) {
    MarkdownPage.Rows rows = page.table(StatusReport.header("table", isOfFred));
    for (OfTable table : tables) {
      rows.row(
          "`" + table.name() + "`",
          table.symbols().size(),
          table.rows(),
          StatusReport.when(table.first()),
          StatusReport.when(table.last()) + (table.isStale() ? " (stale)" : ""));
    }
  }

  private static void groups(MarkdownPage page, OfTable table) {
    page.heading(2, table.name());
    MarkdownPage.Rows groups =
        table.isOfFred()
            ? page.table("group", "series", "observations", "there", "missing")
            : page.table("group", "symbols", "rows", "there", "missing");
    for (SymbolGroups.Group group : table.groups().groups()) {
      groups.row(
          group.title(),
          group.symbols().size(),
          group.rows(),
          StatusText.names(group.names()),
          StatusText.missing(group));
    }
  }
}
