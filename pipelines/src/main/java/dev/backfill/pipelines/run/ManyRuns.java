package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.RetryPolicy;
import dev.backfill.io.duckdb.RequestRow;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Failures;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.transforms.JournalRows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several jobs, one after the other. One that fails does not stop the others, unless no request of
 * this key can succeed; the exit code is the worst of all. A cap that the user named holds for all
 * of them together, and so does the right to write the database: no other command comes in between,
 * and who waits for this one waits once.
 */
final class ManyRuns {
  /** From the best to the worst. */
  private static final List<Integer> SEVERITY =
      List.of(
          ExitCodes.OK,
          ExitCodes.CHUNKS_FAILED,
          ExitCodes.REFUSED,
          ExitCodes.USAGE,
          ExitCodes.INTERNAL);

  private final PlanScope scope;
  private final Console console;
  private final Clock clock;
  private final RetryPolicy retries;
  private final ArrayNode reports = new ObjectMapper().createArrayNode();
  private final RunsTotal total = new RunsTotal();
  private SpendLimits.Before spent = SpendLimits.Before.NOTHING;

  ManyRuns(PlanScope scope, Console console, Clock clock, RetryPolicy retries) {
    this.scope = scope;
    this.console = console;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * Runs them; the failure of a single one is thrown, as {@code run} does.
   *
   * @return an exit code
   */
  int run(List<RunOptions> jobs) throws IOException {
    boolean isShared = jobs.size() > 1 && jobs.stream().noneMatch(RunOptions::dryRun);
    if (!isShared) {
      return each(jobs);
    }
    WriteLease held;
    long asked = System.nanoTime();
    try {
      held = hold(jobs);
    } catch (RuntimeException e) {
      return none(jobs, Failures.verdict(e));
    }
    try (held) {
      total.waited(Duration.ofNanos(System.nanoTime() - asked));
      return each(jobs);
    }
  }

  /** What each run takes for itself is then its command's. */
  private WriteLease hold(List<RunOptions> jobs) {
    RunOptions first = jobs.get(0);
    String names =
        jobs.stream().map(job -> job.job().name()).distinct().collect(Collectors.joining(", "));
    return WriteLease.take(
            first.database().map(Path::toString).orElseThrow(),
            "run " + names,
            first.patience(),
            console::note)
        .lend();
  }

  private int none(List<RunOptions> jobs, Failures.Verdict verdict) {
    jobs.forEach(job -> keep(job, verdict));
    console.warn("No job was begun: " + verdict.sentence());
    if (console.json()) {
      show(verdict.exitCode());
    }
    return verdict.exitCode();
  }

  private int each(List<RunOptions> jobs) throws IOException {
    int worst = ExitCodes.OK;
    for (RunOptions job : jobs) {
      try {
        worst = worse(worst, one(job));
      } catch (IOException | RuntimeException e) {
        Failures.Verdict verdict = Failures.verdict(e);
        worst = worse(worst, verdict.exitCode());
        keep(job, verdict);
        if (jobs.size() == 1) {
          show(worst);
          throw e;
        }
        console.warn(job.job().name() + " was not brought up to date: " + verdict.sentence());
        if (stopsAll(e)) {
          break;
        }
      }
    }
    show(worst);
    return worst;
  }

  /** One shape, whatever comes of how many jobs. */
  private void show(int exitCode) {
    if (console.json()) {
      ObjectNode all = new ObjectMapper().createObjectNode();
      all.put("exit_code", exitCode).set("jobs", reports);
      all.set("total", total.json(exitCode));
      console.result(all.toPrettyString());
    } else if (total.jobs() > 1) {
      console.result(total.text(exitCode));
    }
  }

  private int one(RunOptions options) throws IOException {
    RunContext run =
        RunContext.begin(options.withSpend(options.spend().after(spent)), console, clock, retries);
    RunAction action = new RunAction(run, scope);
    Report report;
    if (options.dryRun()) {
      PlanReport plan = action.priced();
      spent = spent.plus(plan.price().usd(), plan.price().billableBytes());
      report = plan;
    } else {
      try {
        report = new SummaryReport(action.execute());
      } finally {
        count(run);
      }
    }
    ObjectNode facts = report.json();
    total.add(options.job().name(), report.exitCode(), facts);
    if (console.json()) {
      reports.add(facts);
    } else {
      console.result(report.text());
    }
    return report.exitCode();
  }

  /** What a run has spent, however it ended. */
  private void count(RunContext run) throws IOException {
    for (RequestRow row : JournalRows.of(run.options().landing().toString(), run.runId())) {
      Double usd = row.costEstimateUsd();
      Long bytes = row.billableBytes();
      spent = spent.plus(usd == null ? 0 : usd, bytes == null ? 0 : bytes);
    }
  }

  private void keep(RunOptions options, Failures.Verdict verdict) {
    total.addFailed(options.job().name(), verdict.exitCode());
    reports
        .addObject()
        .put("job", options.job().name())
        .put("exit_code", verdict.exitCode())
        .put("error", verdict.sentence());
  }

  /** The other jobs have the same key. */
  private static boolean stopsAll(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabentoApiException refusal && refusal.stopsRun()) {
        return true;
      }
    }
    return false;
  }

  private static int worse(int one, int other) {
    return SEVERITY.indexOf(one) >= SEVERITY.indexOf(other) ? one : other;
  }
}
