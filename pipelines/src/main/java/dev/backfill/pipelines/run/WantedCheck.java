package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.QualityFinding;
import dev.backfill.io.duckdb.QualityFinding.Example;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what a job wants with what the ledger covers: symbols that are missing, each with its
 * reason, and holes inside what was wanted, with the command that fills them.
 */
final class WantedCheck {
  private final Job job;
  private final FillingCommand command;
  private final Instant now;
  private final Map<String, List<CoverageRow>> rows;
  private final MissingSymbols missing;
  private final Coverage wanted;
  private final boolean isWhole;
  private final Set<String> failed;

  /**
   * Reads a job's coverage.
   *
   * @param isWhole whether all that the job wants must be there; else only from where its coverage
   *     begins
   * @param command which fills what is missing
   * @param jobs among them the other parts of its whole job, if it has any
   */
  WantedCheck(
      Ledger ledger,
      Job job,
      boolean isWhole,
      FillingCommand command,
      Instant now,
      List<Job> jobs) {
    this.job = job;
    this.command = command;
    this.now = now;
    this.rows = WantedCoverage.rows(ledger, job);
    this.wanted = new WantedCoverage(ledger, job, isWhole, rows, jobs).wanted();
    Map<String, Set<CoverageState>> states = new HashMap<>();
    rows.forEach(
        (symbol, known) ->
            states.put(symbol, known.stream().map(CoverageRow::state).collect(Collectors.toSet())));
    this.missing =
        new MissingSymbols(job, states, DatasetRights.refused(ledger).contains(job.dataset()));
    this.isWhole = isWhole;
    this.failed = failed(ledger, job);
  }

  /** The symbols that the job's requests have asked for in vain. */
  private static Set<String> failed(Ledger ledger, Job job) {
    return ledger.chunks("failed").stream()
        .filter(chunk -> job.dataset().equals(chunk.dataset()))
        .filter(chunk -> job.schema().equals(chunk.schema()))
        .filter(chunk -> job.stypeIn().equals(chunk.stypeIn()))
        .flatMap(chunk -> Arrays.stream(chunk.symbols().split(",")))
        .collect(Collectors.toSet());
  }

  /** Whether something of the job is loaded. */
  boolean isBegun() {
    return missing.isBegun();
  }

  /** Why a symbol of the job has no row in its table. */
  enum Why {
    /** Nobody has asked, or asking has failed. */
    NOT_ASKED("never loaded", Severity.ERROR),
    /** The key has no right to it. */
    NOT_ENTITLED("this key has no right to it", Severity.WARNING),
    /** It should resolve, says the catalogue. */
    UNRESOLVED("never resolved, although the catalogue has it as active", Severity.WARNING),
    /** Neither the service nor the catalogue knows it. */
    UNKNOWN("never resolved: unknown, and not in the catalogue", Severity.WARNING),
    /** The catalogue knows that it does not resolve. */
    GONE("never resolved, as the catalogue expects", Severity.INFO),
    /** Served, and there was no row. */
    EMPTY("the service has no row of it", Severity.WARNING);

    final String words;
    final Severity severity;

    Why(String words, Severity severity) {
      this.words = words;
      this.severity = severity;
    }
  }

  /** Both checks. */
  List<QualityFinding> findings() {
    List<QualityFinding> findings = new ArrayList<>();
    Map<Why, Map<Severity, List<String>>> byWhy = new TreeMap<>();
    missing
        .reasons()
        .forEach(
            (symbol, why) ->
                byWhy
                    .computeIfAbsent(why, w -> new TreeMap<>())
                    .computeIfAbsent(severity(why, symbol), w -> new ArrayList<>())
                    .add(symbol));
    byWhy.forEach(
        (why, bySeverity) ->
            bySeverity.forEach(
                (severity, symbols) -> findings.add(missing(why, severity, symbols))));
    holes().ifPresent(findings::add);
    return findings;
  }

  private QualityFinding missing(Why why, Severity severity, List<String> symbols) {
    return new QualityFinding(
        job.table(),
        "missing-symbols",
        severity,
        "of " + job.name() + ": " + why.words,
        symbols.size(),
        "symbols",
        symbols.stream().map(s -> new Example(s, 1, null, null, "")).toList(),
        why == Why.NOT_ASKED ? List.of(command.text(symbols, true, Optional.empty())) : List.of());
  }

  /**
   * What nobody has asked for is wanted only of a job that must be there in full, and a job is
   * complete without a part that is optional.
   */
  private Severity severity(Why why, String symbol) {
    if (why == Why.NOT_ASKED && !isWhole && !failed.contains(symbol)) {
      return Severity.INFO;
    }
    return why == Why.NOT_ASKED && job.optional() ? Severity.WARNING : why.severity;
  }

  private Optional<QualityFinding> holes() {
    List<Example> examples = new ArrayList<>();
    List<String> symbols = new ArrayList<>();
    List<Interval> all = new ArrayList<>();
    long holes = 0;
    for (String symbol : job.symbols()) {
      List<CoverageRow> known = rows.getOrDefault(symbol, List.of());
      Coverage covered =
          Coverage.of(
              known.stream()
                  .filter(row -> row.standsAt(now) || row.state() == CoverageState.NOT_ENTITLED)
                  .map(CoverageRow::interval)
                  .toList());
      List<Interval> left = known.isEmpty() ? List.of() : wanted.minus(covered).intervals();
      if (!left.isEmpty()) {
        holes += left.size();
        symbols.add(symbol);
        all.addAll(left);
        examples.add(hole(symbol, left));
      }
    }
    return examples.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new QualityFinding(
                job.table(),
                "coverage-holes",
                Severity.ERROR,
                "of " + job.name() + ": wanted, and not covered",
                holes,
                "ranges",
                examples,
                List.of(command.text(symbols, isRestThere(), Optional.of(around(all))))));
  }

  /** Of FRED a series is wanted whole: its range says nothing. */
  private Example hole(String symbol, List<Interval> left) {
    boolean isOfFred = Fred.isSourceOf(job);
    return new Example(
        symbol,
        left.size(),
        isOfFred ? null : Times.instant(left.get(0).startNs()),
        isOfFred ? null : Times.instant(left.get(left.size() - 1).endNs()),
        "");
  }

  /**
   * Whether the job's other symbols have no holes because they are there, not because nobody has
   * asked.
   */
  private boolean isRestThere() {
    return rows.keySet().containsAll(job.symbols());
  }

  private static Interval around(List<Interval> all) {
    return new Interval(
        all.stream().mapToLong(Interval::startNs).min().orElseThrow(),
        all.stream().mapToLong(Interval::endNs).max().orElseThrow());
  }
}
