package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Failures;
import dev.backfill.pipelines.RunOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several jobs, one after the other; the parts of one job count as one. One that fails does not
 * stop the others, unless no request of this key can succeed; the exit code is the worst of all. A
 * cap that the user named holds for all of them together, and so does the right to write the
 * database: no other command comes in between, and who waits for this one waits once.
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
    List<List<RunOptions>> jobs = PartsRun.byJob(parts);
    boolean isShared = parts.size() > 1 && parts.stream().noneMatch(RunOptions::dryRun);
    if (!isShared) {
      return each(jobs);
    }
    WriteLease held;
    long asked = System.nanoTime();
    try {
      held = PartsRun.hold(parts, console);
    } catch (RuntimeException e) {
      return none(jobs, Failures.verdict(e));
    }
    try (held) {
      total.waited(Duration.ofNanos(System.nanoTime() - asked));
      return each(jobs);
    }
  }

  private int none(List<List<RunOptions>> jobs, Failures.Verdict verdict) {
    jobs.forEach(job -> keep(name(job), verdict));
    console.warn("No job was begun: " + verdict.sentence());
    if (console.json()) {
      show(verdict.exitCode());
    }
    return verdict.exitCode();
  }

  private static String name(List<RunOptions> job) {
    return job.size() == 1 ? job.get(0).job().name() : job.get(0).job().wholeName();
  }

  private int each(List<List<RunOptions>> jobs) throws IOException {
    int worst = ExitCodes.OK;
    for (List<RunOptions> job : jobs) {
      spent.nextJob();
      try {
        worst = worse(worst, PartsRun.isOf(job) ? several(job) : one(job.get(0)));
      } catch (IOException | RuntimeException e) {
        Failures.Verdict verdict = Failures.verdict(e);
        worst = worse(worst, verdict.exitCode());
        keep(name(job), verdict);
        if (jobs.size() == 1) {
          show(worst);
          throw e;
        }
        console.warn(name(job) + " was not brought up to date: " + verdict.sentence());
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

  private int several(List<RunOptions> parts) throws IOException {
    PartsRun run = new PartsRun(parts, console, clock, retries, spent);
    return show(name(parts), parts.get(0).dryRun() ? run.plan(scope) : run.run(scope));
  }

  private int one(RunOptions options) throws IOException {
    RunContext run =
        RunContext.begin(
            options.withSpend(options.spend().after(spent.before())), console, clock, retries);
    RunAction action = new RunAction(run, scope);
    if (options.dryRun()) {
      PlanReport plan = action.priced();
      spent.add(plan.price());
      return show(options.job().name(), plan);
    }
    Report report;
    try {
      report = new SummaryReport(action.execute());
    } finally {
      spent.add(run);
    }
    return show(options.job().name(), report);
  }

  private int show(String job, Report report) {
    ObjectNode facts = report.json();
    total.add(job, report.exitCode(), facts);
    if (console.json()) {
      reports.add(facts);
    } else {
      console.result(report.text());
    }
    return report.exitCode();
  }

  private void keep(String job, Failures.Verdict verdict) {
    total.addFailed(job, verdict.exitCode());
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
