package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.LedgerCheck;
import dev.backfill.io.duckdb.LedgerCheck.Disagreement;
import dev.backfill.io.duckdb.QualityFinding;
import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;

/** What {@link LedgerCheck} found, as findings: rows without a ledger entry and the reverse. */
final class LedgerFindings {
  private LedgerFindings() {}

  /** Of one table. */
  static List<QualityFinding> of(LedgerCheck.Finding found) {
    List<QualityFinding> findings = new ArrayList<>();
    List<Disagreement> lost = found.disagreements().stream().filter(d -> d.lost() > 0).toList();
    List<Disagreement> more = found.disagreements().stream().filter(d -> d.lost() < 0).toList();
    if (!lost.isEmpty()) {
      findings.add(
          new QualityFinding(
              found.table(),
              "ledger-lost",
              Severity.ERROR,
              "the ledger has them as loaded, and they are not there",
              lost.stream().mapToLong(Disagreement::lost).sum(),
              "rows",
              lost.stream().map(d -> example(found.table(), d, d.lost())).toList(),
              List.of("backfill repair --db {db}")));
    }
    if (!more.isEmpty()) {
      findings.add(
          new QualityFinding(
              found.table(),
              "ledger-more",
              Severity.ERROR,
              "more rows than the ledger has loaded",
              more.stream().mapToLong(d -> -d.lost()).sum(),
              "rows",
              more.stream().map(d -> example(found.table(), d, -d.lost())).toList(),
              List.of(
                  "backfill rerun {job} --db {db} --force --symbols {symbols} --from {from} --to"
                      + " {to}")));
    }
    if (!found.unexplained().isEmpty()) {
      findings.add(
          new QualityFinding(
              found.table(),
              "ledger-unexplained",
              Severity.WARNING,
              "the ledger says nothing of these rows: they are somebody else's",
              found.unexplained().stream().mapToLong(LedgerCheck.Unexplained::rows).sum(),
              "rows",
              found.unexplained().stream()
                  .map(u -> new Example(u.name(), u.rows(), u.first(), u.last(), ""))
                  .toList(),
              List.of()));
    }
    return findings;
  }

  /** Of FRED a series is covered whole: its range says nothing. */
  private static Example example(String table, Disagreement wrong, long count) {
    boolean isOfFred = Fred.isTable(table);
    return new Example(
        wrong.row().series().symbol(),
        count,
        isOfFred ? null : Times.instant(wrong.row().interval().startNs()),
        isOfFred ? null : Times.instant(wrong.row().interval().endNs()),
        "counted " + wrong.row().rowCount() + ", found " + wrong.found());
  }
}
