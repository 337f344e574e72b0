package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.LedgerCheck;
import dev.backfill.io.duckdb.LedgerCheck.Disagreement;
import dev.backfill.io.duckdb.QualityFinding;
import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
              lost.stream().map(d -> example(d, d.lost())).toList(),
              Optional.of("backfill repair --db {db}")));
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
              more.stream().map(d -> example(d, -d.lost())).toList(),
              Optional.of(
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
              Optional.empty()));
    }
    return findings;
  }

  private static Example example(Disagreement wrong, long count) {
    return new Example(
        wrong.row().series().symbol(),
        count,
        Times.instant(wrong.row().interval().startNs()),
        Times.instant(wrong.row().interval().endNs()),
        "counted " + wrong.row().rowCount() + ", found " + wrong.found());
  }
}
