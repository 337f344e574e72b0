package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Alerts;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseHeldException;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerCheck;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.duckdb.QualityChecks;
import dev.backfill.io.duckdb.QualityFinding;
import dev.backfill.io.duckdb.QualityFinding.Severity;
import dev.backfill.io.duckdb.QualityLog;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.UsageException;
import dev.backfill.pipelines.ValidateOptions;
import dev.backfill.pipelines.run.ValidateReport.OfTable;
import dev.backfill.schemas.Job;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Checks the data, says what is wrong and logs it. Reads the database as it is; only to log does it
 * take the right to write, for a moment.
 */
final class ValidateAction {
  /** What tells an alert of a stale table from others. */
  static final String STALE = "stale";

  private static final String FAILED = "validation failed";
  private static final String MADE_UP = "an emulator made it up, and its clock is its own";

  private final ValidateOptions options;
  private final Console console;
  private final Instant now;

  ValidateAction(ValidateOptions options, Console console, Clock clock) {
    this.options = options;
    this.console = console;
    this.now = clock.instant();
  }

  /**
   * Reports.
   *
   * @throws DatabaseHeldException if another process has the file open for longer than it is waited
   */
  int run() {
    ValidateReport report;
    try (Database database = Database.openReadOnly(options.database().toString(), patience())) {
      report = look(database);
    }
    if (options.log()) {
      log(report);
    }
    console.result(console.json() ? report.json().toPrettyString() : report.text());
    boolean isWrong =
        report.count(Severity.ERROR) > 0
            || (options.strict() && report.count(Severity.WARNING) > 0);
    return isWrong ? ExitCodes.INVALID_DATA : ExitCodes.OK;
  }

  private Duration patience() {
    return options.patience().compareTo(RunContext.WHILE_LOADING) > 0
        ? options.patience()
        : RunContext.WHILE_LOADING;
  }

  private ValidateReport look(Database database) {
    Ledger ledger = new Ledger(database);
    String file = options.database().toString();
    Instant asOf = options.asOf().orElse(now);
    Map<String, List<QualityFinding>> byTable = new TreeMap<>();
    JobNames jobs = new JobNames(database, options.jobs());
    Set<String> loaded = new HashSet<>();
    new LedgerStates(database).totals().forEach(total -> loaded.add(total.table()));
    for (Job job : options.jobs()) {
      WantedCheck wanted =
          new WantedCheck(
              ledger,
              job,
              options.isNamed(),
              new FillingCommand(job, options.narrowed(), file),
              now,
              options.jobs());
      if (options.isNamed() || wanted.isBegun()) {
        byTable.computeIfAbsent(job.table(), t -> new ArrayList<>()).addAll(wanted.findings());
      }
    }
    Set<String> there = new LinkedHashSet<>(ledger.tables());
    for (LedgerCheck.Finding found : new LedgerCheck(database).findings()) {
      byTable
          .computeIfAbsent(found.table(), t -> new ArrayList<>())
          .addAll(LedgerFindings.of(found));
    }
    there.forEach(table -> byTable.computeIfAbsent(table, t -> new ArrayList<>()));
    narrow(byTable.keySet());
    boolean isMadeUp =
        options.asOf().isEmpty()
            && ledger.settings("api_origin.").values().stream()
                .anyMatch(origin -> origin.startsWith("emulator"));
    QualityChecks checks = new QualityChecks(database, asOf);
    List<OfTable> tables = new ArrayList<>();
    byTable.forEach(
        (table, found) -> {
          UnaryOperator<String> jobOf = subject -> jobs.of(table, subject);
          List<QualityFinding> findings = new ArrayList<>();
          found.forEach(f -> findings.add(f.withCommands(jobOf, file)));
          if (!there.contains(table)) {
            tables.add(new OfTable(table, null, findings, 0, true));
            return;
          }
          QualityChecks.Result result = checks.check(table);
          result.findings().stream()
              .map(f -> f.withCommands(jobOf, file))
              .map(f -> isMadeUp && f.check().endsWith("stale") ? f.asInformation(MADE_UP) : f)
              .forEach(findings::add);
          boolean isTold =
              loaded.contains(table)
                  || options.tables().contains(table)
                  || result.figures().rows() > 0
                  || !findings.isEmpty();
          tables.add(new OfTable(table, result.figures(), findings, result.longestGap(), isTold));
        });
    return new ValidateReport(database.path().toString(), asOf, tables);
  }

  /** Leaves the tables that are asked for. */
  private void narrow(Set<String> tables) {
    for (String name : options.tables()) {
      if (!tables.contains(name)) {
        throw new UsageException(
            "--tables: "
                + options.database()
                + " has no table "
                + name
                + "; it has "
                + String.join(", ", tables.stream().sorted().toList()));
      }
    }
    if (!options.tables().isEmpty()) {
      tables.retainAll(options.tables());
    } else if (options.isNamed()) {
      tables.retainAll(options.jobs().stream().map(Job::table).toList());
    }
  }

  /** A database that is just being written keeps its result to itself. */
  private void log(ValidateReport report) {
    String file = options.database().toString();
    try (WriteLease lease = WriteLease.take(file, "validate", options.patience(), console::note);
        Database database = Database.open(file)) {
      new QualityLog(database).write(report.entries(), now);
      Alerts alerts = new Alerts(database);
      for (OfTable table : report.tables()) {
        alert(alerts, table, STALE, table.isStale(), "no new row for longer than is usual");
        alert(
            alerts,
            table,
            FAILED,
            table.findings().stream()
                .anyMatch(f -> f.severity() == Severity.ERROR && !f.check().endsWith("stale")),
            String.join(
                "; ",
                table.findings().stream()
                    .filter(f -> f.severity() == Severity.ERROR)
                    .map(f -> f.check() + ": " + f.count() + " " + f.counted())
                    .toList()));
      }
      lease.begun();
    } catch (DatabaseHeldException e) {
      console.warn("Not written to ops.data_quality_log, which --wait could: " + e.getMessage());
    }
  }

  private void alert(Alerts alerts, OfTable table, String title, boolean isWrong, String message) {
    Alerts.Key key = new Alerts.Key(Alerts.DATA_QUALITY, table.table(), title);
    if (isWrong) {
      alerts.raise(key, Alerts.Severity.ERROR, message, now);
    } else if (title.equals(STALE) || !options.isNamed()) {
      // By what one job wants nobody knows that all of the table is well.
      alerts.resolve(key, "validate", now);
    }
  }
}
