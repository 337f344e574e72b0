package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the jobs of one command came to together. Used by one thread. */
final class RunsTotal {
  private static final double MEGABYTE = 1e6;

  /**
   * One job's part.
   *
   * @param rows written, or the records that a plan would fetch
   * @param dollars estimated
   */
  private record Part(
      String job, int exitCode, long rows, long requests, long bytes, double dollars) {}

  private final List<Part> parts = new ArrayList<>();
  private Duration waited = Duration.ZERO;

  /** Adds what a job's report says. */
  void add(String job, int exitCode, ObjectNode report) {
    boolean isPlan = report.has("cost_usd");
    parts.add(
        new Part(
            job,
            exitCode,
            report.path(isPlan ? "records" : "rows_written").asLong(),
            report.path(isPlan ? "chunks_to_fetch" : "requests").asLong(),
            report.path(isPlan ? "billable_bytes" : "bytes_received").asLong(),
            report.path(isPlan ? "cost_usd" : "cost_estimate_usd").asDouble()));
  }

  /** Adds a job that came to nothing. */
  void addFailed(String job, int exitCode) {
    parts.add(new Part(job, exitCode, 0, 0, 0, 0));
  }

  /** How long another process was waited for before the first job. */
  void waited(Duration time) {
    waited = time;
  }

  /** How many jobs there were. */
  int jobs() {
    return parts.size();
  }

  private Part sum(int exitCode) {
    return new Part(
        "total",
        exitCode,
        parts.stream().mapToLong(Part::rows).sum(),
        parts.stream().mapToLong(Part::requests).sum(),
        parts.stream().mapToLong(Part::bytes).sum(),
        parts.stream().mapToDouble(Part::dollars).sum());
  }

  /** A line for each job, and one for all. */
  String text(int exitCode) {
    Table table = new Table("job", "exit", "rows", "requests", "MB", "dollars");
    parts.forEach(part -> row(table, part));
    row(table, sum(exitCode));
    String waiting =
        waited.toMillis() < 500
            ? ""
            : String.format(
                Locale.ROOT,
                "%nAnother process was waited for, %.1f s",
                waited.toMillis() / 1000.0);
    return System.lineSeparator() + table.render() + waiting;
  }

  private static void row(Table table, Part part) {
    table.row(
        part.job(),
        part.exitCode(),
        part.rows(),
        part.requests(),
        Table.number(part.bytes() / MEGABYTE, 1),
        Table.number(part.dollars(), 2));
  }

  /** The same facts for machines. */
  ObjectNode json(int exitCode) {
    Part sum = sum(exitCode);
    return new ObjectMapper()
        .createObjectNode()
        .put("jobs", parts.size())
        .put("jobs_not_well", parts.stream().filter(part -> part.exitCode() != 0).count())
        .put("rows", sum.rows())
        .put("requests", sum.requests())
        .put("bytes", sum.bytes())
        .put("cost_usd", sum.dollars())
        .put("waited_seconds", waited.toMillis() / 1000.0);
  }
}
