package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Failures;
import dev.backfill.schemas.Job;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of one part of a job: its report, or why there is none.
 *
 * @param report null where it failed before it could be reported on
 * @param failure null where there is a report
 * @param lacksRights whether it failed because this key has no right to the dataset
 */
record PartReport(
    Job job, @Nullable Report report, Failures.@Nullable Verdict failure, boolean lacksRights) {
  static PartReport of(Job job, Report report) {
    return new PartReport(job, report, null, false);
  }

  static PartReport failed(Job job, Throwable failure) {
    return new PartReport(job, null, Failures.verdict(failure), Failures.lacksRights(failure));
  }

  /** Its job is complete without it. */
  private boolean isForgiven(int code) {
    return code == ExitCodes.REFUSED
        && job.optional()
        && (lacksRights
            || (report instanceof SummaryReport summary && summary.isOnlyRefused())
            || (report instanceof LandReport landed && landed.failed().isEmpty()));
  }

  int exitCode() {
    int code = report != null ? report.exitCode() : failed().exitCode();
    return isForgiven(code) ? ExitCodes.OK : code;
  }

  private Failures.Verdict failed() {
    return Optional.ofNullable(failure)
        .orElseThrow(() -> new IllegalStateException("a part has a report or a failure"));
  }

  /** The failure in one line; what is missing is named by its dataset and its symbols. */
  String failureLine() {
    return lacksRights
        ? "  not in this key's subscription: "
            + SummaryReport.names(job.symbols())
            + " on "
            + job.dataset()
        : "  " + job.partName() + " was not brought: " + failed().sentence();
  }

  /** Why a job came to nothing, for machines. */
  static ObjectNode error(String job, Throwable failure) {
    Failures.Verdict verdict = Failures.verdict(failure);
    return new ObjectMapper()
        .createObjectNode()
        .put("job", job)
        .put("exit_code", verdict.exitCode())
        .put("error", verdict.sentence());
  }

  ObjectNode json() {
    if (report != null) {
      return report.json();
    }
    return new ObjectMapper()
        .createObjectNode()
        .put("job", job.name())
        .put("dataset", job.dataset())
        .put("exit_code", exitCode())
        .put("error", failed().sentence());
  }
}
