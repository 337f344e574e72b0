package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.QualityFinding;
import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.io.duckdb.QualityLog;
import dev.backfill.io.duckdb.TableFigures;
import dev.backfill.pipelines.Console;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@code validate} found, for people, for machines and for the log. Immutable. */
final class ValidateReport {
  private static final int SHOWN = 3;
  private static final int IN_JSON = 20;

  /**
   * One table.
   *
   * @param figures null where the table is not there
   * @param findings the gravest first
   * @param longestGap days or hours
   * @param isTold whether anything was ever loaded into it, or it was asked for by name; of another
   *     nothing is said where nothing is wrong
   */
  record OfTable(
      String table,
      @Nullable TableFigures figures,
      List<QualityFinding> findings,
      long longestGap,
      boolean isTold) {
    OfTable {
      findings = findings.stream().sorted(Comparator.comparing(QualityFinding::severity)).toList();
    }

    long of(Severity severity) {
      return findings.stream().filter(f -> f.severity() == severity).count();
    }

    /** In the words of ops.data_quality_log. */
    String status() {
      if (of(Severity.ERROR) > 0) {
        return "FAILED";
      }
      return of(Severity.WARNING) > 0 ? "WARNING" : "PASSED";
    }

    boolean isStale() {
      return findings.stream()
          .anyMatch(f -> f.severity() == Severity.ERROR && f.check().endsWith("stale"));
    }

    private long count(String check) {
      return findings.stream()
          .filter(f -> f.check().equals(check))
          .mapToLong(QualityFinding::count)
          .sum();
    }
  }

  private final String database;
  private final Instant asOf;
  private final List<OfTable> all;
  private final List<OfTable> tables;

  ValidateReport(String database, Instant asOf, List<OfTable> tables) {
    this.database = database;
    this.asOf = asOf;
    this.all = List.copyOf(tables);
    this.tables = tables.stream().filter(OfTable::isTold).toList();
  }

  /** What was looked at, those of which nothing is said too. */
  List<OfTable> tables() {
    return all;
  }

  long count(Severity severity) {
    return tables.stream().mapToLong(t -> t.of(severity)).sum();
  }

  /** A paragraph a table, a finding in a few lines each. */
  String text() {
    if (tables.isEmpty()) {
      return database + " holds no table to check";
    }
    List<String> lines = new ArrayList<>();
    for (OfTable table : tables) {
      lines.add(table.table() + ": " + table.status().toLowerCase(Locale.ROOT));
      lines.add("  " + about(table));
      for (QualityFinding finding : table.findings()) {
        describe(lines, finding);
      }
      lines.add("");
    }
    lines.add(
        SummaryReport.counted(count(Severity.ERROR), "error")
            + ", "
            + SummaryReport.counted(count(Severity.WARNING), "warning")
            + " in "
            + SummaryReport.counted(tables.size(), "table"));
    return String.join(System.lineSeparator(), lines);
  }

  private String about(OfTable table) {
    TableFigures figures = table.figures();
    if (figures == null) {
      return "it is not there";
    }
    String text =
        SummaryReport.counted(figures.rows(), "row") + " of " + figures.series() + " series";
    LocalDate newest = figures.maxDate();
    return newest == null
        ? text
        : text
            + ", the newest of "
            + newest
            + ", "
            + SummaryReport.counted(daysOld(newest), "day")
            + " old (original rule: "
            + freshness(newest)
            + ")";
  }

  private long daysOld(LocalDate newest) {
    return ChronoUnit.DAYS.between(newest, asOf.atOffset(ZoneOffset.UTC).toLocalDate());
  }

  /** The original system's own rule, which is told and not judged by. */
  private String freshness(LocalDate newest) {
    long days = daysOld(newest);
    if (days <= 3) {
      return "pass";
    }
    return days <= 7 ? "warn" : "fail";
  }

  private static void describe(List<String> lines, QualityFinding finding) {
    TextWrap.add(
        lines,
        String.format(Locale.ROOT, "  %-7s  ", finding.severity().text()),
        finding.check()
            + ", "
            + Console.count(finding.count())
            + " "
            + finding.counted()
            + ": "
            + finding.says());
    List<Example> shown = finding.examples();
    List<String> words = new ArrayList<>();
    shown.subList(0, Math.min(SHOWN, shown.size())).forEach(e -> words.add(words(e)));
    if (shown.size() > SHOWN) {
      words.add("and " + (shown.size() - SHOWN) + " more");
    }
    TextWrap.add(lines, "           ", String.join("; ", words));
    finding.remedies().forEach(command -> lines.add("           → " + command));
  }

  private static String words(Example e) {
    StringBuilder text = new StringBuilder(e.subject());
    Instant first = e.first();
    Instant last = e.last();
    if (first != null) {
      text.append(' ').append(StatusReport.when(first));
      if (last != null && !last.equals(first)) {
        text.append(" to ").append(StatusReport.when(last));
      }
    }
    List<String> more = new ArrayList<>();
    if (e.count() > 1) {
      more.add(Console.count(e.count()) + " of them");
    }
    if (!e.detail().isEmpty()) {
      more.add(e.detail());
    }
    return more.isEmpty() ? text.toString() : text + " (" + String.join(", ", more) + ")";
  }

  /** The same facts for machines. */
  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("database", database)
        .put("as_of", asOf.toString())
        .put("errors", count(Severity.ERROR))
        .put("warnings", count(Severity.WARNING));
    ArrayNode all = node.putArray("tables");
    for (OfTable table : tables) {
      ObjectNode one = all.addObject().put("table", table.table()).put("status", table.status());
      TableFigures figures = table.figures();
      if (figures != null) {
        LocalDate newest = figures.maxDate();
        one.put("rows", figures.rows()).put("series", figures.series());
        one.put("nulls", figures.nulls());
        if (newest != null) {
          one.put("max_date", newest.toString())
              .put("days_stale", daysOld(newest))
              .put("original_freshness", freshness(newest));
        }
      }
      one.set("findings", issues(table));
    }
    return node;
  }

  private static ArrayNode issues(OfTable table) {
    ArrayNode issues = new ObjectMapper().createArrayNode();
    for (QualityFinding f : table.findings()) {
      ObjectNode one =
          issues
              .addObject()
              .put("check", f.check())
              .put("severity", f.severity().text())
              .put("count", f.count())
              .put("counts", f.counts())
              .put("says", f.says());
      if (!f.remedies().isEmpty()) {
        one.put("remedy", String.join(" && ", f.remedies()));
      }
      one.put("subjects", f.examples().stream().map(Example::subject).distinct().count());
      ArrayNode examples = one.putArray("examples");
      for (Example e : f.examples().subList(0, Math.min(IN_JSON, f.examples().size()))) {
        Instant first = e.first();
        Instant last = e.last();
        examples
            .addObject()
            .put("subject", e.subject())
            .put("count", e.count())
            .put("first", first == null ? null : first.toString())
            .put("last", last == null ? null : last.toString())
            .put("detail", e.detail());
      }
    }
    return issues;
  }

  /** The rows of ops.data_quality_log, of the tables that are there. */
  List<QualityLog.Entry> entries() {
    return tables.stream()
        .filter(table -> table.figures() != null)
        .map(
            table ->
                new QualityLog.Entry(
                    table.table(),
                    Objects.requireNonNull(table.figures()),
                    table.count("duplicates"),
                    table.count("gaps"),
                    table.longestGap(),
                    table.status(),
                    issues(table).toString()))
        .toList();
  }
}
