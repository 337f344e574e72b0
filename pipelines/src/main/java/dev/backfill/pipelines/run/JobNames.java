package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.SeriesJobs;
import dev.backfill.schemas.Job;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose the series of a table are, for commands: the job that has loaded them, where it is one of
 * those that were looked at, else one of these that wants them, rather one that was ever run. Not
 * safe for use by several threads.
 */
final class JobNames {
  private final Database database;
  private final List<Job> jobs;
  private final Map<String, Map<String, String>> loaders = new HashMap<>();

  JobNames(Database database, List<Job> jobs) {
    this.database = database;
    Set<String> run = new Ledger(database).settings("job.").keySet();
    // A stable order: of those that were run the first stays the first.
    this.jobs =
        jobs.stream()
            .sorted(Comparator.comparing(job -> !run.contains("job." + job.name())))
            .toList();
  }

  /**
   * The whole job.
   *
   * @param subject a series, as it stands in the table or as it is asked for
   */
  String of(String table, String subject) {
    Optional<String> loader =
        Optional.ofNullable(
            loaders.computeIfAbsent(table, t -> SeriesJobs.of(database, t)).get(subject));
    return loader
        .filter(name -> jobs.stream().anyMatch(job -> job.name().equals(name)))
        .or(() -> wanting(table, subject))
        .or(() -> loader)
        .or(() -> jobs.stream().filter(job -> job.table().equals(table)).map(Job::name).findFirst())
        .map(JobNames::whole)
        .orElse("JOB");
  }

  private Optional<String> wanting(String table, String subject) {
    return jobs.stream()
        .filter(job -> job.table().equals(table))
        .filter(
            job ->
                job.symbols().stream()
                    .anyMatch(
                        symbol ->
                            symbol.equals(subject)
                                || job.series(symbol)
                                    .tableSymbol()
                                    .filter(subject::equals)
                                    .isPresent()))
        .map(Job::name)
        .findFirst();
  }

  private static String whole(String name) {
    int at = name.indexOf(Job.PART);
    return at < 0 ? name : name.substring(0, at);
  }
}
