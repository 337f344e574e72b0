package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.Snapshots;
import dev.backfill.transforms.WantedRange;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What every symbol of a job should have, told without asking the service: in whole intervals as a
 * plan has it, from no earlier than the dataset begins, up to where the newest coverage ends or to
 * the end that the job names. Immutable.
 */
final class WantedCoverage {
  private final Job job;
  private final boolean isWhole;
  private final List<Interval> own;
  private final long end;

  /**
   * Of a job.
   *
   * @param isWhole whether all that it wants must be there; else only from where its coverage
   *     begins
   * @param rows its own coverage by symbol
   * @param jobs among them the other parts of its whole job, if it has any
   */
  WantedCoverage(
      Ledger ledger,
      Job job,
      boolean isWhole,
      Map<String, List<CoverageRow>> rows,
      List<Job> jobs) {
    this.job = job;
    this.isWhole = isWhole;
    this.own = intervals(job, rows);
    this.end = Math.max(end(own), job.snapshotDays() == 0 ? end(own) : endOfOthers(ledger, jobs));
  }

  /**
   * How far the other parts have come. The last snapshot may be a month older than the end of the
   * run that took it, and that run counted back from its end.
   */
  private long endOfOthers(Ledger ledger, List<Job> jobs) {
    return jobs.stream()
        .filter(other -> other.wholeName().equals(job.wholeName()))
        .filter(other -> !other.name().equals(job.name()))
        .mapToLong(other -> end(intervals(other, rows(ledger, other))))
        .max()
        .orElse(Long.MIN_VALUE);
  }

  static Map<String, List<CoverageRow>> rows(Ledger ledger, Job job) {
    return ledger.coverage(job.table(), job.source(), job.dataset(), job.schema(), job.stypeIn());
  }

  private static List<Interval> intervals(Job job, Map<String, List<CoverageRow>> rows) {
    return job.symbols().stream()
        .map(symbol -> rows.getOrDefault(symbol, List.of()))
        .flatMap(Collection::stream)
        .map(CoverageRow::interval)
        .toList();
  }

  private static long end(List<Interval> of) {
    return of.stream().mapToLong(Interval::endNs).max().orElse(Long.MIN_VALUE);
  }

  /** What is wanted; nothing where nothing of the job is covered. */
  Coverage wanted() {
    if (own.isEmpty()) {
      return Coverage.NONE;
    }
    long to = end;
    if (job.to() instanceof JobTime.At at) {
      long whole = WantedRange.edgeBeforeNs(job.schema(), at.nanos());
      to = isWhole ? whole : Math.min(whole, end);
    }
    long begins = own.stream().mapToLong(Interval::startNs).min().orElseThrow();
    long from = Math.max(start(begins, to), isWhole ? datasetStart() : begins);
    return from < to ? wantedOf(new Interval(from, to)) : Coverage.NONE;
  }

  private long start(long begins, long to) {
    if (job.from() instanceof JobTime.At at) {
      return WantedRange.edgeBeforeNs(job.schema(), at.nanos());
    }
    return job.from() instanceof JobTime.Back back
        ? Snapshots.start(job, to - back.length().toNanos())
        : begins;
  }

  private long datasetStart() {
    return Catalog.load().begins(job.dataset()).map(Times::nanos).orElse(Long.MIN_VALUE);
  }

  /** All of a range, or the days of it of which there is a snapshot. */
  private Coverage wantedOf(Interval range) {
    if (job.snapshotDays() == 0) {
      return Coverage.of(range);
    }
    long from = Math.floorDiv(range.startNs(), Times.DAY_NS) * Times.DAY_NS;
    long to = Math.floorDiv(range.endNs(), Times.DAY_NS) * Times.DAY_NS;
    Interval days = from < to ? new Interval(from, to) : null;
    return Snapshots.wantedOf(job, days).values().stream().findFirst().orElse(Coverage.NONE);
  }
}
