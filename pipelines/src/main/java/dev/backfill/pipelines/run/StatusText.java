package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.IngestionRow;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.pipelines.Table;
import dev.backfill.pipelines.run.StatusReport.OfTable;
import dev.backfill.schemas.Times;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StatusReport} for a terminal: 100 columns, and nothing where there is nothing to say.
 */
final class StatusText {
  /** A table of more symbols says its groups alone; --json has them all. */
  private static final int SYMBOLS_LISTED = 100;

  static final int NAMES_IN_A_GROUP = 14;

  private final StatusReport report;
  private final List<String> lines = new ArrayList<>();

  private StatusText(StatusReport report) {
    this.report = report;
  }

  /** All of it. */
  static String of(StatusReport report) {
    StatusText text = new StatusText(report);
    text.lines.add(report.summary());
    Set<String> inLedger = report.states().tables();
    for (OfTable table : report.tables()) {
      inLedger.remove(table.name());
      text.table(table, report.states().text(table.name()));
    }
    for (String gone : inLedger) {
      text.section(gone + ": in the ledger, and not in the database", report.states().text(gone));
    }
    text.section("", report.states().text());
    text.stale();
    text.runs();
    text.next();
    return String.join(System.lineSeparator(), text.lines);
  }

  private void section(String title, String body) {
    if (!body.isEmpty()) {
      lines.add("");
      if (!title.isEmpty()) {
        lines.add(title);
      }
      lines.add(body);
    }
  }

  private void table(OfTable table, String states) {
    if (table.symbols().isEmpty() && states.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(table.name());
    if (!table.symbols().isEmpty()) {
      boolean isListed = table.symbols().size() <= SYMBOLS_LISTED;
      lines.add(isListed ? symbols(table) : groups(table));
      missing(table);
      lines.add("");
    }
    lines.add(states);
  }

  private static String symbols(OfTable table) {
    Table text =
        table.isOfFred()
            ? new Table("group", "series", "observations", "first", "last")
            : new Table("group", "symbol", "rows", "first bar", "last bar");
    for (SymbolGroups.Group group : table.groups().groups()) {
      String title = group.title();
      for (SymbolStatus s : group.symbols()) {
        text.row(
            title, s.symbol(), s.rows(), StatusReport.when(s.first()), StatusReport.when(s.last()));
        title = "";
      }
    }
    return text.render();
  }

  private static String groups(OfTable table) {
    Table text =
        table.isOfFred()
            ? new Table("group", "series", "observations", "first", "last")
            : new Table("group", "symbols", "rows", "first", "last");
    for (SymbolGroups.Group group : table.groups().groups()) {
      if (!group.symbols().isEmpty()) {
        OfTable of = new OfTable("", group.symbols(), table.groups(), false);
        text.row(
            group.title(),
            group.symbols().size(),
            group.rows(),
            StatusReport.when(of.first()),
            StatusReport.when(of.last()));
      }
    }
    return text.render();
  }

  private void missing(OfTable table) {
    if (table.groups().missing().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("missing");
    for (SymbolGroups.Group group : table.groups().groups()) {
      if (!group.missing().isEmpty()) {
        TextWrap.add(lines, String.format(Locale.ROOT, "  %-16s ", group.title()), missing(group));
      }
    }
  }

  /** The missing symbols of a group, those with the same reason together. */
  static String missing(SymbolGroups.Group group) {
    List<String> parts = new ArrayList<>();
    for (WantedCheck.Why why : WantedCheck.Why.values()) {
      List<String> symbols =
          group.missing().entrySet().stream()
              .filter(one -> one.getValue() == why)
              .map(java.util.Map.Entry::getKey)
              .toList();
      if (!symbols.isEmpty()) {
        parts.add(names(symbols) + " (" + why.words + ")");
      }
    }
    return String.join("; ", parts);
  }

  /** Some names, and how many more. */
  static String names(List<String> all) {
    return all.size() <= NAMES_IN_A_GROUP
        ? String.join(" ", all)
        : String.join(" ", all.subList(0, NAMES_IN_A_GROUP))
            + " … and "
            + (all.size() - NAMES_IN_A_GROUP)
            + " more";
  }

  private void stale() {
    List<String> stale = stale(report);
    if (!stale.isEmpty()) {
      lines.add("");
      stale.forEach(line -> TextWrap.add(lines, "stale: ", line));
    }
  }

  /** A sentence for each stale table. */
  static List<String> stale(StatusReport report) {
    return report.tables().stream()
        .filter(OfTable::isStale)
        .map(
            table -> {
              Instant last = table.last().orElseThrow();
              return table.name()
                  + (table.isOfFred() ? ", the last observation is of " : ", the last bar is of ")
                  + StatusReport.when(last)
                  + ", "
                  + SummaryReport.counted(ChronoUnit.DAYS.between(last, report.now()), "day")
                  + " ago";
            })
        .toList();
  }

  private void runs() {
    if (report.runs().isEmpty()) {
      return;
    }
    Table text = new Table("run", "job", "status", "began", "took", "rows", "dollars");
    for (RunRow run : report.runs()) {
      text.row(cells(report, run));
    }
    section("last runs", text.render());
    for (RunRow run : report.runs()) {
      String note = run.note();
      if (run.status().equals(IngestionRow.FAILED) && note != null) {
        TextWrap.add(lines, "  " + run.jobName() + " failed: ", note);
      }
    }
  }

  /** What is said of a run. */
  static Object[] cells(StatusReport report, RunRow run) {
    Instant finished = run.finishedAt();
    Long rows = run.rowsWritten();
    BigDecimal cost = spent(run);
    return new Object[] {
      run.runId(),
      run.jobName(),
      report.word(run),
      StatusReport.when(
          Times.instant(Times.nanos(run.startedAt().truncatedTo(ChronoUnit.MINUTES)))),
      finished == null ? "" : took(Duration.between(run.startedAt(), finished)),
      rows == null ? "" : rows,
      cost == null ? "" : Table.number(cost.doubleValue(), 2)
    };
  }

  /**
   * What a run's requests came to, in dollars. Until its end is written its row has the plan's
   * price, which is none of it: the heartbeat and {@code status --spend} tell meanwhile.
   */
  static @Nullable BigDecimal spent(RunRow run) {
    return run.status().equals(RunRow.RUNNING) ? null : run.costEstimateUsd();
  }

  private static String took(Duration time) {
    return time.toMinutes() == 0
        ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3)
        : time.toMinutes() + " min " + time.toSecondsPart() + " s";
  }

  private void next() {
    lines.add("");
    lines.add("next");
    report
        .next()
        .forEach(
            (why, command) -> {
              lines.add("  " + why);
              lines.add("    " + command);
            });
  }
}
