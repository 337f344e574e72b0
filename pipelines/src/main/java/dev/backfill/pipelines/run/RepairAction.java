package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.CoverageState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.LedgerCheck;
import dev.backfill.io.duckdb.LedgerCheck.Disagreement;
import dev.backfill.io.duckdb.LedgerCheck.Finding;
import dev.backfill.io.duckdb.LedgerCheck.Group;
import dev.backfill.io.duckdb.LedgerStates;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.RepairOptions;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings database, ledger and landing back into agreement: what is missing from the tables is no
 * longer covered, and is loaded from the landing for nothing; the rest is priced and left to a run.
 */
final class RepairAction {
  /** Of the ledger's run, and of a job whose own name is not known. */
  static final String NAME = "repair";

  private final RepairOptions options;
  private final Console console;
  private final Clock clock;
  private final LandingArea landing;
  private final InLanding inLanding;

  RepairAction(RepairOptions options, Console console, Clock clock) {
    this.options = options;
    this.console = console;
    this.clock = clock;
    this.landing = LandingArea.at(options.landing().toString());
    this.inLanding = new InLanding(landing);
  }

  int run() throws IOException {
    String file = options.database().toString();
    boolean isLost = !Database.isThere(options.database());
    if (options.dryRun()) {
      if (isLost) {
        return say(RepairReport.ofLost(file, inLanding.all()));
      }
      try (Database database = Database.openReadOnly(file, options.patience())) {
        return say(look(database, file));
      }
    }
    Instant began = clock.instant();
    String runId = RunIds.next(began);
    try (RunHold hold =
        RunHold.take(
            options.database(),
            console,
            runId,
            began,
            NAME,
            NAME,
            "repairing",
            options.patience())) {
      if (isLost && inLanding.all().isEmpty()) {
        return say(RepairReport.ofLost(file, List.of()));
      }
      try (Database database = Database.open(file)) {
        hold.begun();
        RepairReport found =
            isLost ? RepairReport.ofLost(file, inLanding.all()) : look(database, file);
        return say(repair(database, found, runId, began));
      }
    }
  }

  private int say(RepairReport report) {
    console.result(console.json() ? report.json().toPrettyString() : report.text());
    boolean isDone = !report.hasWork() || (!options.dryRun() && report.isRestored());
    if (isDone) {
      return report.hasSurplus() ? ExitCodes.INVALID_DATA : ExitCodes.OK;
    }
    return options.dryRun() ? ExitCodes.INVALID_DATA : ExitCodes.CHUNKS_FAILED;
  }

  private RepairReport repair(Database database, RepairReport found, String runId, Instant began)
      throws IOException {
    if (!found.hasWork()) {
      return found;
    }
    Restoration restoration = new Restoration(database, landing, runId, began, clock, console);
    return found.restored(restoration.run(found.lost()));
  }

  /** Compares tables, ledger and landing. */
  private RepairReport look(Database database, String file) throws IOException {
    LedgerCheck check = new LedgerCheck(database);
    List<Finding> findings = check.findings();
    Map<Group, Map<String, Coverage>> missing = new LinkedHashMap<>();
    for (Finding finding : findings) {
      for (Disagreement wrong : finding.disagreements()) {
        if (wrong.lost() > 0) {
          missing
              .computeIfAbsent(
                  Group.of(finding.table(), wrong.row()), group -> new LinkedHashMap<>())
              .merge(
                  wrong.row().series().symbol(),
                  Coverage.of(wrong.row().interval()),
                  Coverage::union);
        }
      }
    }
    LedgerStates states = new LedgerStates(database);
    Ledger ledger = new Ledger(database);
    List<RepairReport.Lost> lost = new ArrayList<>();
    for (Map.Entry<Group, Map<String, Coverage>> of : missing.entrySet()) {
      boolean primaryKey = JobMemory.wantsPrimaryKey(ledger, of.getKey().table());
      lost.add(lost(of.getKey(), of.getValue(), states, primaryKey));
    }
    return new RepairReport(
        file,
        false,
        check.hasLedger(),
        findings,
        lost,
        notLanded(database, check, states, missing),
        null);
  }

  private RepairReport.Lost lost(
      Group group, Map<String, Coverage> missing, LedgerStates states, boolean primaryKey)
      throws IOException {
    return new RepairReport.Lost(
        group,
        missing,
        GettingBack.of(
            job(group, List.copyOf(missing.keySet()), primaryKey),
            missing,
            landing,
            options.api(),
            states));
  }

  /** What is there and not in the landing: lost for good if the database were. */
  private List<RepairReport.OnlyCopy> notLanded(
      Database database,
      LedgerCheck check,
      LedgerStates states,
      Map<Group, Map<String, Coverage>> missing)
      throws IOException {
    Ledger ledger = new Ledger(database);
    List<RepairReport.OnlyCopy> only = new ArrayList<>();
    for (Group group : check.groups()) {
      Map<String, Coverage> gone = missing.getOrDefault(group, Map.of());
      Map<String, Coverage> landed =
          inLanding.ranges(group.source(), group.dataset(), group.schema(), group.stypeIn());
      Map<String, Coverage> lacking = new LinkedHashMap<>();
      for (Map.Entry<String, List<CoverageRow>> of :
          ledger
              .coverage(
                  group.table(), group.source(), group.dataset(), group.schema(), group.stypeIn())
              .entrySet()) {
        Coverage rest =
            Coverage.of(
                    of.getValue().stream()
                        .filter(row -> row.state() == CoverageState.LOADED)
                        .filter(row -> row.publishers().equals(group.publishers()))
                        .map(CoverageRow::interval)
                        .toList())
                .minus(landed.getOrDefault(of.getKey(), Coverage.NONE))
                .minus(gone.getOrDefault(of.getKey(), Coverage.NONE));
        if (!rest.isEmpty()) {
          lacking.put(of.getKey(), rest);
        }
      }
      if (!lacking.isEmpty()) {
        double days =
            lacking.values().stream().mapToDouble(Coverage::lengthNs).sum() / Times.DAY_NS;
        double paid =
            states.paid(group.source(), group.dataset(), group.schema(), group.stypeIn(), lacking);
        only.add(new RepairReport.OnlyCopy(group, lacking.size(), days, paid));
      }
    }
    return only;
  }

  private static Job job(Group group, List<String> symbols, boolean primaryKey) {
    return new Job(
        NAME,
        group.source(),
        group.dataset(),
        group.schema(),
        group.stypeIn(),
        symbols,
        new JobTime.At(0),
        new JobTime.Now(),
        group.table(),
        Job.ChunkLimits.LARGE,
        TargetSpec.publishers(group.publishers()),
        primaryKey);
  }
}
