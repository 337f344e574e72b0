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
import dev.backfill.transforms.RunSummary;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several jobs, one after the other. One that fails does not stop the others, unless no request of
 * this key can succeed; the exit code is the worst of all.
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
  private final List<ObjectNode> reports = new ArrayList<>();

  ManyRuns(PlanScope scope, Console console, Clock clock, RetryPolicy retries) {
    this.scope = scope;
    this.console = console;
    this.clock = clock;
    this.retries = retries;
  }

  /**
   * Runs them; a single one ends as {@code run} does.
   *
   * @return an exit code
   */
  int run(List<RunOptions> jobs) throws IOException {
    if (jobs.size() == 1) {
      return action(jobs.get(0)).run();
    }
    int worst = ExitCodes.OK;
    for (RunOptions job : jobs) {
      try {
        worst = worse(worst, one(job));
      } catch (IOException | RuntimeException e) {
        Failures.Verdict verdict = Failures.verdict(e);
        worst = worse(worst, verdict.exitCode());
        fail(job, verdict);
        if (stopsAll(e)) {
          break;
        }
      }
    }
    if (console.json() && !reports.isEmpty()) {
      ArrayNode all = new ObjectMapper().createArrayNode();
      all.addAll(reports);
      console.result(all.toPrettyString());
    }
    return worst;
  }

  private RunAction action(RunOptions options) {
    return new RunAction(RunContext.begin(options, console, clock, retries), scope);
  }

  private int one(RunOptions options) throws IOException {
    RunSummary summary = action(options).execute();
    if (summary == null) {
      return ExitCodes.OK;
    }
    SummaryReport report = new SummaryReport(summary);
    if (console.json()) {
      reports.add(report.json());
    } else {
      console.result(report.text());
    }
    return report.exitCode();
  }

  private void fail(RunOptions options, Failures.Verdict verdict) {
    String name = options.job().name();
    console.warn(name + " was not brought up to date: " + verdict.sentence());
    reports.add(
        new ObjectMapper()
            .createObjectNode()
            .put("job", name)
            .put("exit_code", verdict.exitCode())
            .put("error", verdict.sentence()));
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
