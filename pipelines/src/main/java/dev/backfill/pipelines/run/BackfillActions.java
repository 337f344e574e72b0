package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Actions;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.DemoOptions;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.ForgetOptions;
import dev.backfill.pipelines.ImportOptions;
import dev.backfill.pipelines.LandingPlace;
import dev.backfill.pipelines.RepairOptions;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SymbolsOptions;
import dev.backfill.pipelines.ValidateOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What the commands do, each in a class of its own. */
public final class BackfillActions implements Actions {
  private final Clock clock;
  private final RetryPolicy retries;

  /** With the system's clock and the usual retries. */
  public BackfillActions() {
    this(Clock.systemUTC(), RetryPolicy.forData());
  }

  BackfillActions(Clock clock, RetryPolicy retries) {
    this.clock = clock;
    this.retries = retries;
  }

  @Override
  public int plan(List<RunOptions> parts, Console console) throws IOException {
    return told(
        parts,
        console,
        () ->
            PartsRun.isOf(parts)
                ? several(parts, console).plan(PlanScope.MISSING).to(console)
                : new RunAction(parts.get(0), console, clock, retries).plan());
  }

  @Override
  public int run(List<RunOptions> parts, Console console) throws IOException {
    return told(parts, console, () -> runs(parts, console));
  }

  private int runs(List<RunOptions> parts, Console console) throws IOException {
    if (!PartsRun.isOf(parts)) {
      return new RunAction(parts.get(0), console, clock, retries).run();
    }
    PartsRun run = several(parts, console);
    return parts.get(0).dryRun()
        ? run.plan(PlanScope.MISSING).to(console)
        : run.run(PlanScope.MISSING).to(console);
  }

  private PartsRun several(List<RunOptions> parts, Console console) {
    return new PartsRun(parts, console, clock, retries, new SpentSoFar());
  }

  @Override
  public int rerun(RerunOptions options, Console console) throws IOException {
    return new RerunAction(options, console, clock, retries).run();
  }

  @Override
  public int update(List<RunOptions> jobs, Console console) throws IOException {
    return new ManyRuns(new UpdateScope(), console, clock, retries).run(jobs);
  }

  @Override
  public int land(List<RunOptions> parts, Console console) throws IOException {
    return told(parts, console, () -> lands(parts, console));
  }

  private int lands(List<RunOptions> parts, Console console) throws IOException {
    if (parts.size() == 1) {
      return new LandAction(RunContext.begin(parts.get(0), console, clock, retries)).run();
    }
    PartsRun run = several(parts, console);
    return parts.get(0).dryRun() ? run.plan(PlanScope.MISSING).to(console) : run.land().to(console);
  }

  @Override
  public int load(List<RunOptions> parts, Optional<String> asOf, Console console)
      throws IOException {
    return told(
        parts,
        console,
        () ->
            PartsRun.isOf(parts)
                ? several(parts, console).load(asOf).to(console)
                : new LoadAction(RunContext.begin(parts.get(0), console, clock, retries), asOf)
                    .run());
  }

  private interface Work {
    int run() throws IOException;
  }

  /** A machine that reads the answer finds there too why a job came to nothing. */
  private static int told(List<RunOptions> parts, Console console, Work work) throws IOException {
    try {
      return work.run();
    } catch (IOException | RuntimeException e) {
      if (console.json()) {
        console.result(PartReport.error(parts.get(0).job().wholeName(), e).toPrettyString());
      }
      throw e;
    }
  }

  @Override
  public int importFiles(ImportOptions options, Console console) throws IOException {
    return new ImportAction(options, console, clock).run();
  }

  @Override
  public int forget(ForgetOptions options, Console console) throws IOException {
    return new ForgetAction(options, console, clock).run();
  }

  @Override
  public int repair(RepairOptions options, Console console) throws IOException {
    return new RepairAction(options, console, clock).run();
  }

  @Override
  public int validate(ValidateOptions options, Console console) {
    return new ValidateAction(options, console, clock).run();
  }

  @Override
  public int status(Path database, LandingPlace landing, Console console) {
    return new StatusAction(database, landing, console, clock).run();
  }

  @Override
  public int statusPage(Path database, LandingPlace landing, Console console) {
    return new StatusAction(database, landing, console, clock).page();
  }

  @Override
  public int spend(Path database, LandingPlace landing, Console console) throws IOException {
    try (Opened opened = Opened.reading(Optional.of(database), RunContext.WHILE_LOADING)) {
      Optional<Database> open = opened.database();
      if (open.isEmpty()) {
        console.note(database + " is not there: this is what the landing alone tells");
      }
      Spent spent = Spent.ever(open, LandingArea.at(landing.toString()));
      SpendReport report =
          new SpendReport(
              Database.absolute(database).toString(),
              spent,
              open.flatMap(file -> new Ledger(file).setting(SpendingCaps.MONTH_SETTING))
                  .map(BigDecimal::new),
              clock.instant());
      console.result(console.json() ? report.json().toPrettyString() : report.text());
      return ExitCodes.OK;
    }
  }

  @Override
  public int symbols(SymbolsOptions options, Console console) throws IOException {
    return SymbolsAction.run(options, console, clock);
  }

  @Override
  public int demo(DemoOptions options, Console console) throws IOException {
    return new DemoAction(options, console).run();
  }
}
