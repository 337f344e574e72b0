package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Failures;
import dev.backfill.pipelines.RunOptions;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several jobs, one after the other; the parts of one job count as one. One that fails does not
 * stop the others, unless no request of this key can succeed; the exit code is the worst of all. A
 * cap that the user named holds for all of them together.
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
  private final SpentSoFar spent = new SpentSoFar();

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
  int run(List<RunOptions> parts) throws IOException {
    int worst = ExitCodes.OK;
    List<List<RunOptions>> jobs = PartsRun.byJob(parts);
    for (List<RunOptions> job : jobs) {
      spent.nextJob();
      try {
        worst = worse(worst, job.size() == 1 ? one(job.get(0)) : several(job));
      } catch (IOException | RuntimeException e) {
        Failures.Verdict verdict = Failures.verdict(e);
        worst = worse(worst, verdict.exitCode());
        String name = job.size() == 1 ? job.get(0).job().name() : job.get(0).job().wholeName();
        keep(name, verdict);
        if (jobs.size() == 1) {
          show(worst);
          throw e;
        }
        console.warn(name + " was not brought up to date: " + verdict.sentence());
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
      console.result(all.toPrettyString());
    }
  }

  private int several(List<RunOptions> parts) throws IOException {
    PartsRun run = new PartsRun(parts, console, clock, retries, spent);
    return show(parts.get(0).dryRun() ? run.plan(scope) : run.run(scope));
  }

  private int one(RunOptions options) throws IOException {
    RunContext run =
        RunContext.begin(
            options.withSpend(options.spend().after(spent.before())), console, clock, retries);
    RunAction action = new RunAction(run, scope);
    Report report;
    if (options.dryRun()) {
      PlanReport plan = action.priced();
      spent.add(plan.price());
      report = plan;
    } else {
      try {
        report = new SummaryReport(action.execute());
      } finally {
        spent.add(run);
      }
    }
    return show(report);
  }

  private int show(Report report) {
    if (console.json()) {
      reports.add(report.json());
    } else {
      console.result(report.text());
    }
    return report.exitCode();
  }

  private void keep(String job, Failures.Verdict verdict) {
    reports
        .addObject()
        .put("job", job)
        .put("exit_code", verdict.exitCode())
        .put("error", verdict.sentence());
  }

  /** The other jobs have the same key. */
  static boolean stopsAll(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DatabentoApiException refusal && refusal.stopsRun()) {
        return true;
      }
    }
    return false;
  }

  static int worse(int one, int other) {
    return SEVERITY.indexOf(one) >= SEVERITY.indexOf(other) ? one : other;
  }
}
