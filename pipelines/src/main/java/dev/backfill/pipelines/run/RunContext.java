package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.RunOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What every step of one invocation shares. Immutable.
 *
 * @param options what was asked for
 * @param console what the steps speak to
 * @param clock of the run's rows
 * @param retries of data requests
 * @param runId the invocation's name
 * @param began when it began
 * @param pace how long a wave lands before it is loaded
 */
record RunContext(
    RunOptions options,
    Console console,
    Clock clock,
    RetryPolicy retries,
    String runId,
    Instant began,
    WavePace pace) {
  /** How long what only reads waits: a run has the file open while it loads, and not in between. */
  static final Duration WHILE_LOADING = Duration.ofSeconds(10);

  static RunContext begin(RunOptions options, Console console, Clock clock, RetryPolicy retries) {
    Instant began = clock.instant();
    return new RunContext(
        options, console, clock, retries, RunIds.next(began), began, WavePace.USUAL);
  }

  /** A run of its own, that begins now. */
  RunContext again() {
    return begin(options, console, clock, retries).withPace(pace);
  }

  /** The same at another pace. */
  RunContext withPace(WavePace other) {
    return new RunContext(options, console, clock, retries, runId, began, other);
  }

  /** The same for a command that only reads, which waits while a run loads. */
  RunContext readingOnly() {
    return options.patience().compareTo(WHILE_LOADING) >= 0
        ? this
        : new RunContext(
            options.withPatience(WHILE_LOADING), console, clock, retries, runId, began, pace);
  }

  /** The database file of a command that cannot go without. */
  Path database() {
    return options
        .database()
        .orElseThrow(() -> new IllegalArgumentException("run needs a database: give --db"));
  }

  DatabaseOptions databaseOptions() {
    return options
        .storageVersion()
        .map(DatabaseOptions.DEFAULT::withStorageVersion)
        .orElse(DatabaseOptions.DEFAULT);
  }

  TargetSpec target() {
    return new TargetSpec(
        options.database().map(Path::toString).orElse(""),
        options.job().table(),
        options.job().publishers(),
        options.job().primaryKey(),
        runId);
  }

  LandingArea landing() {
    return LandingArea.at(options.landing().toString());
  }

  /** Requests under way at once. */
  int slots() {
    return options.runner().slots();
  }

  /** What the database, if there is one, knows of the job's series. */
  KnownSeries knownSeries() {
    return KnownSeries.read(
        options.database(), options.job(), target(), clock.instant(), options.patience());
  }

  /** US dollars that were spent in this UTC month, as far as database and landing tell. */
  double spentThisMonth() throws IOException {
    try (Opened opened = Opened.reading(options.database(), options.patience())) {
      return Spent.inMonth(opened.database(), landing(), clock.instant()).mostUsd();
    }
  }

  JobPlanner planner(RunService service, KnownSeries ledger, PlanScope scope) {
    return new JobPlanner(service, landing(), ledger, scope, slots(), clock.instant());
  }
}
