package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.FailedChunk;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.duckdb.StateTotal;
import dev.backfill.pipelines.Table;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the ledger says, each state apart: loaded, empty, unresolved, not entitled, failed, and the
 * newest interval, which is not yet complete. For people and for machines. Immutable.
 */
final class StateReport {
  private static final int FAILURES_SHOWN = 20;

  private final List<StateTotal> totals;
  private final List<FailedChunk> failures;
  private final Map<String, Interval> incomplete;

  private StateReport(
      List<StateTotal> totals, List<FailedChunk> failures, Map<String, Interval> incomplete) {
    this.totals = totals;
    this.failures = failures;
    this.incomplete = incomplete;
  }

  /**
   * Reads it all.
   *
   * @param now tells which interval is not yet complete
   */
  static StateReport read(Database database, Instant now) {
    LedgerStates states = new LedgerStates(database);
    List<StateTotal> totals = states.totals();
    Map<String, Interval> incomplete = new LinkedHashMap<>();
    for (StateTotal total : totals) {
      BarSize.ofSchema(total.schema())
          .ifPresent(size -> incomplete.put(total.table(), running(size, now)));
    }
    return new StateReport(totals, states.failures(), incomplete);
  }

  /** The interval of a schema that an instant lies in. */
  private static Interval running(BarSize size, Instant now) {
    long length = size.lengthNs();
    long start = Math.floorDiv(Times.nanos(now), length) * length;
    return new Interval(start, start + length);
  }

  /** A line for each state of one table; empty where the ledger says nothing of it. */
  String text(String table) {
    if (Fred.isTable(table)) {
      return series(table);
    }
    Table text = states();
    totals.stream()
        .filter(t -> t.table().equals(table))
        .forEach(
            t ->
                text.row(
                    words(t.state().text()),
                    t.symbols(),
                    days(t.days()),
                    t.rows(),
                    when(t.first()),
                    when(t.last())));
    failed(text, failedByTable().getOrDefault(table, List.of()));
    Interval running = incomplete.get(table);
    if (running != null) {
      text.row(
          "not yet complete",
          "",
          "",
          "",
          when(Times.instant(running.startNs())),
          when(Times.instant(running.endNs())));
    }
    return text.size() == 0 ? "" : text.render();
  }

  /** Of FRED a series is covered whole: neither its length in days nor its range says anything. */
  private String series(String table) {
    Table text = wholeSeries();
    totals.stream()
        .filter(t -> t.table().equals(table))
        .forEach(t -> text.row(words(t.state().text()), t.symbols(), t.rows()));
    List<FailedChunk> failed = failedByTable().getOrDefault(table, List.of());
    if (!failed.isEmpty()) {
      text.row("failed", symbols(failed), 0);
    }
    return text.size() == 0 ? "" : text.render();
  }

  private static Table wholeSeries() {
    return new Table("coverage", "series", "observations");
  }

  private static Table states() {
    return new Table("coverage", "symbols", "symbol-days", "rows", "from", "to");
  }

  private static void failed(Table text, List<FailedChunk> failed) {
    if (!failed.isEmpty()) {
      text.row(
          "failed",
          symbols(failed),
          days(daysOf(failed)),
          0,
          when(failed.stream().mapToLong(f -> f.interval().startNs()).min().orElse(0)),
          when(failed.stream().mapToLong(f -> f.interval().endNs()).max().orElse(0)));
    }
  }

  /** The tables that the ledger knows. */
  Set<String> tables() {
    Set<String> tables = new LinkedHashSet<>();
    totals.forEach(t -> tables.add(t.table()));
    return tables;
  }

  /** What is said of all tables: doubts, and the failures with the command that reruns them. */
  String text() {
    List<String> parts = new ArrayList<>();
    List<FailedChunk> elsewhere = failedByTable().getOrDefault("", List.of());
    List<FailedChunk> bars = elsewhere.stream().filter(f -> !isOfFred(f)).toList();
    if (!bars.isEmpty()) {
      Table text = states();
      failed(text, bars);
      parts.add(text.render());
    }
    List<FailedChunk> series = elsewhere.stream().filter(StateReport::isOfFred).toList();
    if (!series.isEmpty()) {
      parts.add(wholeSeries().row("failed", symbols(series), 0).render());
    }
    doubts(parts);
    describeFailures(parts);
    return String.join(System.lineSeparator(), parts);
  }

  /** How many chunks have failed and are not covered since. */
  int failures() {
    return failures.size();
  }

  /** When something is to be looked at again that is not final; null where all is. */
  @Nullable Instant recheckAfter() {
    return totals.stream()
        .map(StateTotal::recheckAfter)
        .filter(Objects::nonNull)
        .min(Instant::compareTo)
        .orElse(null);
  }

  private void doubts(List<String> parts) {
    long unverified = totals.stream().mapToLong(StateTotal::unverified).sum();
    if (unverified > 0) {
      parts.add(
          SummaryReport.counted(unverified, "interval")
              + " loaded although the service's own count disagreed twice with the same bytes"
              + " (verified = false in ops.coverage)");
    }
    Instant first = recheckAfter();
    if (first != null) {
      parts.add("not final yet, to be looked at again from " + when(first) + " on");
    }
  }

  private void describeFailures(List<String> parts) {
    for (FailedChunk f : failures.subList(0, Math.min(FAILURES_SHOWN, failures.size()))) {
      TextWrap.add(
          parts,
          "failed: ",
          f.dataset()
              + " "
              + f.schema()
              + " "
              + f.symbols().replace(",", ", ")
              + " "
              + range(f)
              + " (chunk "
              + f.chunkId()
              + ")");
      TextWrap.add(parts, "  ", f.reason());
      parts.add("  " + circumstances(f));
    }
    if (failures.size() > FAILURES_SHOWN) {
      parts.add(
          "… and "
              + (failures.size() - FAILURES_SHOWN)
              + " more, see --json or ops.backfill_chunks");
    }
  }

  private static String range(FailedChunk f) {
    return isOfFred(f)
        ? "whole"
        : when(f.interval().startNs()) + " to " + when(f.interval().endNs());
  }

  private static boolean isOfFred(FailedChunk f) {
    return Fred.DATASET.equals(f.dataset());
  }

  private static String circumstances(FailedChunk f) {
    return (f.httpStatus() == null ? "" : "[HTTP " + f.httpStatus() + "], ")
        + SummaryReport.counted(f.attempts(), "attempt")
        + ", run "
        + f.runId();
  }

  /** The failures as a table of a page. */
  void markdown(MarkdownPage page) {
    MarkdownPage.Rows rows = page.table("dataset", "schema", "symbols", "range", "reason", "run");
    for (FailedChunk f : failures.subList(0, Math.min(FAILURES_SHOWN, failures.size()))) {
      rows.row(
          String.valueOf(f.dataset()),
          String.valueOf(f.schema()),
          f.symbols().replace(",", ", "),
          range(f),
          f.reason(),
          circumstances(f));
    }
  }

  /**
   * The same facts for machines, into an object. What is of FRED has series and observations, and
   * no symbol-days.
   */
  void json(ObjectNode node) {
    ArrayNode states = node.putArray("states");
    for (StateTotal t : totals) {
      ObjectNode one = states.addObject();
      one.put("table", t.table())
          .put("state", t.state().text())
          .put("symbols", t.symbols())
          .put("intervals", t.intervals())
          .put("symbol_days", Fred.isTable(t.table()) ? null : t.days())
          .put("rows", t.rows())
          .put("from", t.first().toString())
          .put("to", t.last().toString())
          .put("unverified", t.unverified());
      if (Fred.isTable(t.table())) {
        one.put("series", t.symbols()).put("observations", t.rows());
      }
      Instant recheck = t.recheckAfter();
      one.put("recheck_after", recheck == null ? null : recheck.toString());
    }
    incomplete.forEach(
        (table, running) ->
            states
                .addObject()
                .put("table", table)
                .put("state", "not_yet_complete")
                .put("from", Times.instant(running.startNs()).toString())
                .put("to", Times.instant(running.endNs()).toString()));
    ObjectNode all = node.putObject("all_tables");
    sums()
        .forEach(
            (state, sum) ->
                all.putObject(state)
                    .put("symbols", Math.round(sum[0]))
                    .put("symbol_days", sum[1])
                    .put("rows", Math.round(sum[2])));
    ArrayNode failed = node.putArray("failed");
    for (FailedChunk f : failures) {
      failed
          .addObject()
          .put("chunk_id", f.chunkId())
          .put("table", f.table())
          .put("dataset", f.dataset())
          .put("schema", f.schema())
          .put("symbols", f.symbols())
          .put("from", Times.instant(f.interval().startNs()).toString())
          .put("to", Times.instant(f.interval().endNs()).toString())
          .put("reason", f.reason())
          .put("http_status", f.httpStatus())
          .put("attempts", f.attempts())
          .put("run_id", f.runId());
    }
  }

  private Map<String, List<FailedChunk>> failedByTable() {
    Map<String, List<FailedChunk>> byTable = new LinkedHashMap<>();
    failures.forEach(f -> byTable.computeIfAbsent(f.table(), t -> new ArrayList<>()).add(f));
    return byTable;
  }

  /** Symbols, symbol-days and rows of each state over all tables. */
  private Map<String, double[]> sums() {
    Map<String, double[]> sums = new LinkedHashMap<>();
    for (StateTotal t : totals) {
      double days = Fred.isTable(t.table()) ? 0 : t.days();
      add(sums, t.state().text(), t.symbols(), days, t.rows());
    }
    failedByTable().values().forEach(f -> add(sums, "failed", symbols(f), daysOf(f), 0));
    return sums;
  }

  private static void add(
      Map<String, double[]> sums, String state, long symbols, double days, long rows) {
    double[] sum = sums.computeIfAbsent(state, s -> new double[3]);
    sum[0] += symbols;
    sum[1] += days;
    sum[2] += rows;
  }

  private static long symbols(List<FailedChunk> failed) {
    return failed.stream()
        .flatMap(f -> List.of(f.symbols().split(",")).stream())
        .distinct()
        .count();
  }

  private static double daysOf(List<FailedChunk> failed) {
    return failed.stream()
        .filter(f -> !isOfFred(f))
        .mapToDouble(
            f ->
                ((double) f.interval().endNs() - f.interval().startNs())
                    / Times.DAY_NS
                    * f.symbols().split(",").length)
        .sum();
  }

  private static String words(String state) {
    return state.replace('_', ' ');
  }

  private static Object days(double days) {
    return Table.number(days, days < 100 ? 1 : 0);
  }

  private static String when(Instant time) {
    return when(Times.nanos(time));
  }

  private static String when(long ns) {
    String text = Times.text(ns);
    return text.length() == 10 ? text : text.substring(0, 16).replace('T', ' ');
  }
}
