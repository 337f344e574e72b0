package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.Dollars;
import dev.backfill.io.duckdb.LedgerCheck.Disagreement;
import dev.backfill.io.duckdb.LedgerCheck.Finding;
import dev.backfill.io.duckdb.LedgerCheck.Group;
import dev.backfill.io.duckdb.LedgerCheck.Unexplained;
import dev.backfill.pipelines.Console;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What disagrees, and what came of repairing it. Immutable.
 *
 * @param database the file
 * @param isLost whether there is no such file
 * @param hasLedger whether what is in it can be compared with anything
 * @param findings what was found of each table
 * @param lost what is not there any more
 * @param onlyCopies what is loaded, there, and not in the landing
 * @param outcome null where nothing was changed
 */
record RepairReport(
    String database,
    boolean isLost,
    boolean hasLedger,
    List<Finding> findings,
    List<Lost> lost,
    List<OnlyCopy> onlyCopies,
    Restoration.@Nullable Outcome outcome) {
  private static final int SHOWN = 12;

  /**
   * Ranges of some series that the ledger calls loaded and the table does not have.
   *
   * @param missing by requested symbol
   * @param back what it takes to have them again
   */
  record Lost(Group group, Map<String, Coverage> missing, GettingBack back) {
    /** Whether neither ledger nor landing says which job it is of. */
    boolean isOfNoKnownJob() {
      return back.job().name().equals(RepairAction.NAME);
    }
  }

  /**
   * What would have to be bought again if the database were lost.
   *
   * @param symbols how many
   * @param days symbol-days; says nothing of FRED's series
   * @param paidUsd what the ledger says it cost
   */
  record OnlyCopy(Group group, int symbols, double days, double paidUsd) {}

  RepairReport restored(Restoration.Outcome what) {
    return new RepairReport(database, isLost, hasLedger, findings, lost, onlyCopies, what);
  }

  /** Whether anything is to be repaired. */
  boolean hasWork() {
    return !lost.isEmpty();
  }

  /** Whether each table has as many rows of each range as the ledger says. */
  boolean agrees() {
    return !hasWork() && !hasSurplus();
  }

  /** Whether there are more rows than were loaded, which only a person can judge. */
  boolean hasSurplus() {
    return findings.stream()
        .flatMap(finding -> finding.disagreements().stream())
        .anyMatch(one -> one.lost() < 0);
  }

  /** Whether all that was missing is back. */
  boolean isRestored() {
    Restoration.Outcome done = outcome;
    return done != null
        && done.failed() == 0
        && lost.stream().noneMatch(one -> one.back().mustBuy());
  }

  /** Of a file that is gone, with nothing found in it. */
  static RepairReport ofLost(String database, List<Lost> lost) {
    return new RepairReport(database, true, false, List.of(), lost, List.of(), null);
  }

  String text() {
    List<String> lines = new ArrayList<>();
    if (!isLost && !hasLedger) {
      lines.add(
          database
              + " has no ledger, so no row in it is covered: a run loads again what its job wants,"
              + " for nothing what the landing holds, and replaces rows by it");
      findings.forEach(finding -> describe(lines, finding));
      return String.join(System.lineSeparator(), lines);
    }
    if (isLost) {
      lines.add(
          database
              + " is not there; "
              + (lost.isEmpty()
                  ? "the landing holds nothing to make it from"
                  : "the landing holds what can be restored for nothing"));
    }
    findings.forEach(finding -> describe(lines, finding));
    lost.forEach(one -> describe(lines, one));
    onlyCopies.forEach(one -> lines.add(sentence(one)));
    Restoration.Outcome done = outcome;
    if (done != null) {
      lines.add(
          "restored from the landing: "
              + SummaryReport.counted(done.rows(), "row")
              + ", run "
              + done.runId());
      if (lost.stream().anyMatch(one -> one.back().mustBuy())) {
        lines.add(
            "what must be bought is not covered any more: backfill run JOB asks for it, and says"
                + " its price before");
      }
      if (isLost && lost.stream().anyMatch(Lost::isOfNoKnownJob)) {
        lines.add(
            "of some answers the landing does not say which job they are for: they are in the usual"
                + " tables; backfill load JOB brings them into its own, for nothing too");
      }
    }
    if (!isLost && (done == null ? !hasWork() : hasSurplus())) {
      lines.add(
          0,
          database
              + (hasSurplus() ? ": tables and ledger do not agree" : ": tables and ledger agree"));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static void describe(List<String> lines, Finding finding) {
    if (!finding.isThere()) {
      lines.add(finding.table() + " is not there any more");
    }
    List<Disagreement> wrong = finding.disagreements();
    for (Disagreement one : wrong.subList(0, Math.min(SHOWN, wrong.size()))) {
      lines.add(
          finding.table()
              + " "
              + one.row().series().symbol()
              + (Fred.isTable(finding.table()) ? "" : " " + one.row().interval())
              + ": "
              + SummaryReport.counted(one.row().rowCount(), "row")
              + " by the ledger, "
              + Console.count(one.found())
              + " in the table"
              + (one.lost() < 0
                  ? "; more than were loaded: left as they are (rerun --force replaces them)"
                  : ""));
    }
    if (wrong.size() > SHOWN) {
      lines.add("… and " + (wrong.size() - SHOWN) + " more intervals, see --json");
    }
    long unexplained = finding.unexplained().stream().mapToLong(Unexplained::rows).sum();
    if (unexplained > 0) {
      lines.add(
          finding.table()
              + ": "
              + SummaryReport.counted(unexplained, "row")
              + " of "
              + (Fred.isTable(finding.table())
                  ? series(finding.unexplained().size())
                  : SummaryReport.counted(finding.unexplained().size(), "symbol"))
              + " that no coverage explains, yours or from before; left as they are");
    }
  }

  private static void describe(List<String> lines, Lost one) {
    lines.add(
        one.group().table()
            + " ("
            + one.group().dataset()
            + " "
            + one.group().schema()
            + "): "
            + (isOfFred(one.group())
                ? series(one.missing().size())
                : SummaryReport.counted(one.missing().size(), "symbol")
                    + String.format(Locale.ROOT, ", %,.1f symbol-days", days(one.missing())))
            + " to restore; "
            + one.back().text());
  }

  /** Of FRED a series is covered whole, from its earliest date to one that is far off. */
  private static boolean isOfFred(Group group) {
    return group.source().equals(Fred.SOURCE);
  }

  private static String series(int number) {
    return Console.count(number) + " series";
  }

  private String sentence(OnlyCopy one) {
    String ifLost = (hasWork() ? "If" : "Nothing is missing; if") + " this database were lost, ";
    if (isOfFred(one.group())) {
      return one.group().table()
          + ": "
          + series(one.symbols())
          + (one.symbols() == 1 ? " is" : " are")
          + " loaded and not in the landing (it was lost). "
          + ifLost
          + "FRED would be asked again, which costs nothing";
    }
    return String.format(
        Locale.ROOT,
        "%s: %,.1f symbol-days of %s are loaded and not in the landing (imported, or the landing"
            + " was lost). %sbuying them again would cost about %s by the ledger",
        one.group().table(),
        one.days(),
        SummaryReport.counted(one.symbols(), "symbol"),
        ifLost,
        Dollars.text(one.paidUsd()));
  }

  private static double days(Map<String, Coverage> missing) {
    return missing.values().stream().mapToDouble(Coverage::lengthNs).sum() / Times.DAY_NS;
  }

  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("database", database).put("database_is_lost", isLost).put("agrees", agrees());
    ArrayNode tables = node.putArray("tables");
    for (Finding finding : findings) {
      ObjectNode table = tables.addObject();
      table.put("table", finding.table()).put("is_there", finding.isThere());
      ArrayNode wrong = table.putArray("disagreements");
      for (Disagreement one : finding.disagreements()) {
        wrong
            .addObject()
            .put("symbol", one.row().series().symbol())
            .put("from", Times.instant(one.row().interval().startNs()).toString())
            .put("to", Times.instant(one.row().interval().endNs()).toString())
            .put("rows_by_ledger", one.row().rowCount())
            .put("rows_found", one.found());
      }
      ArrayNode own = table.putArray("unexplained");
      for (Unexplained one : finding.unexplained()) {
        own.addObject()
            .put("symbol", one.name())
            .put("rows", one.rows())
            .put("first", one.first().toString())
            .put("last", one.last().toString());
      }
    }
    node.put("has_ledger", hasLedger);
    ArrayNode gone = node.putArray("lost");
    for (Lost one : lost) {
      ObjectNode group = gone.addObject();
      group
          .put("table", one.group().table())
          .put("dataset", one.group().dataset())
          .put("schema", one.group().schema())
          .put("symbols", one.missing().size())
          .put("symbol_days", isOfFred(one.group()) ? null : (Double) days(one.missing()));
      one.back().json(group);
    }
    ArrayNode only = node.putArray("not_in_landing");
    for (OnlyCopy one : onlyCopies) {
      only.addObject()
          .put("table", one.group().table())
          .put("dataset", one.group().dataset())
          .put("symbols", one.symbols())
          .put("symbol_days", isOfFred(one.group()) ? null : (Double) one.days())
          .put("paid_usd", one.paidUsd());
    }
    Restoration.Outcome done = outcome;
    if (done != null) {
      node.put("run_id", done.runId())
          .put("rows_restored", done.rows())
          .put("answers_failed", done.failed());
    }
    return node;
  }
}
