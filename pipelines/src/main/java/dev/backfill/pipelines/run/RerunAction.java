package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.ChunkState;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.JobFile;
import dev.backfill.pipelines.Overrides;
import dev.backfill.pipelines.RerunOptions;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.UsageException;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the jobs that {@code rerun} is about, and runs them in its scope. */
final class RerunAction {
  private final RerunOptions options;
  private final Console console;
  private final Clock clock;
  private final RetryPolicy retries;

  RerunAction(RerunOptions options, Console console, Clock clock, RetryPolicy retries) {
    this.options = options;
    this.console = console;
    this.clock = clock;
    this.retries = retries;
  }

  int run() throws IOException {
    List<Job> jobs = jobs();
    if (jobs.isEmpty() && !console.json()) {
      console.result(
          options.kind() == RerunOptions.Kind.FAILED
              ? "rerun: no range last ended as failed and is uncovered"
              : "rerun: no built-in job is loaded in " + options.database());
    }
    List<RunOptions> runs = jobs.stream().map(options.run()).toList();
    return new ManyRuns(scope(), console, clock, retries).run(runs);
  }

  private PlanScope scope() {
    return switch (options.kind()) {
      case FAILED -> new FailedScope();
      case FORCED -> new ForcedScope();
      case CHANGED -> new ChangedScope();
    };
  }

  private List<Job> jobs() {
    boolean isComplete = options.kind() != RerunOptions.Kind.FAILED && !options.parts().isEmpty();
    if (isComplete) {
      return options.parts();
    }
    try (Database database =
        Database.openReadOnly(options.database().toString(), RunContext.WHILE_LOADING)) {
      Ledger ledger = new Ledger(database);
      return options.kind() == RerunOptions.Kind.FAILED ? failed(ledger) : loaded(ledger);
    }
  }

  /** The built-in jobs of which something is loaded, with those of their parts. */
  private List<Job> loaded(Ledger ledger) {
    List<Job> jobs = new ArrayList<>();
    UsageException refused = null;
    boolean isAny = false;
    for (String name : JobFile.builtIn()) {
      try {
        List<Job> parts = JobFile.readAll(name, options.narrowed());
        isAny = true;
        parts.stream().filter(part -> isLoaded(ledger, part)).forEach(jobs::add);
      } catch (UsageException e) {
        // A job that cannot ask for what it is narrowed to is not meant.
        refused = e;
      }
    }
    if (refused != null && !isAny) {
      throw refused;
    }
    return jobs;
  }

  private boolean isLoaded(Ledger ledger, Job job) {
    Map<String, Coverage> covered = covered(ledger, job);
    return job.symbols().stream()
        .anyMatch(symbol -> !covered.getOrDefault(symbol, Coverage.NONE).isEmpty());
  }

  /** A job for each kind of chunk that last ended as failed. */
  private List<Job> failed(Ledger ledger) {
    Map<String, String> jobOfRun = new HashMap<>();
    for (RunRow run : ledger.runs(Integer.MAX_VALUE)) {
      jobOfRun.put(run.runId(), run.jobName());
    }
    Map<List<String>, Map<String, Coverage>> kinds = new LinkedHashMap<>();
    for (ChunkState chunk : ledger.chunks("failed")) {
      String name = jobOfRun.getOrDefault(String.valueOf(chunk.runId()), "");
      for (String symbol : chunk.symbols().split(",", -1)) {
        Optional<Job> part = part(chunk, symbol);
        if (options.parts().isEmpty() || part.isPresent()) {
          List<String> kind =
              List.of(
                  part.map(Job::name).orElse(name),
                  String.valueOf(chunk.dataset()),
                  String.valueOf(chunk.schema()),
                  String.valueOf(chunk.stypeIn()));
          kinds
              .computeIfAbsent(kind, k -> new TreeMap<>())
              .merge(symbol, Coverage.of(chunk.interval()), Coverage::union);
        }
      }
    }
    List<Job> jobs = new ArrayList<>();
    kinds.forEach(
        (kind, ranges) -> {
          ranges.keySet().removeIf(symbol -> !isWanted(symbol));
          if (!ranges.isEmpty()) {
            Job job = job(ledger, kind, ranges);
            if (hasUncovered(job, covered(ledger, job), ranges)) {
              jobs.add(job);
            }
          }
        });
    return jobs;
  }

  /** The part of the named job that wants a symbol of a chunk. */
  private Optional<Job> part(ChunkState chunk, String symbol) {
    return options.parts().stream()
        .filter(part -> part.dataset().equals(chunk.dataset()))
        .filter(part -> part.schema().equals(chunk.schema()))
        .filter(part -> part.stypeIn().equals(chunk.stypeIn()))
        .filter(part -> part.symbols().contains(symbol))
        .findFirst();
  }

  private boolean isWanted(String symbol) {
    List<String> only = options.narrowed().symbols();
    return !options.parts().isEmpty()
        || only.isEmpty()
        || only.contains(symbol)
        || only.contains(root(symbol));
  }

  private static String root(String symbol) {
    return symbol.contains(".") ? symbol.substring(0, symbol.indexOf('.')) : symbol;
  }

  /** The job over all that failed, or over the part of it that the command line names. */
  private Job job(Ledger ledger, List<String> kind, Map<String, Coverage> ranges) {
    Coverage all = ranges.values().stream().reduce(Coverage.NONE, Coverage::union);
    List<Interval> intervals = all.intervals();
    Overrides narrowed = options.narrowed();
    JobTime from = narrowed.from().orElseGet(() -> new JobTime.At(intervals.get(0).startNs()));
    JobTime to =
        narrowed.to().orElseGet(() -> new JobTime.At(intervals.get(intervals.size() - 1).endNs()));
    List<String> symbols = List.copyOf(ranges.keySet());
    Optional<Job> named =
        options.parts().stream().filter(part -> part.name().equals(kind.get(0))).findFirst();
    if (named.isPresent()) {
      return named.get().withSymbols(symbols).withRange(from, to);
    }
    return JobMemory.recall(
        ledger, kind.get(0), kind.get(1), kind.get(2), kind.get(3), symbols, from, to);
  }

  private Map<String, Coverage> covered(Ledger ledger, Job job) {
    return ledger.covered(
        job.table(), job.source(), job.dataset(), job.schema(), job.stypeIn(), clock.instant());
  }

  private static boolean hasUncovered(
      Job job, Map<String, Coverage> covered, Map<String, Coverage> ranges) {
    return job.symbols().stream()
        .anyMatch(
            s ->
                !covered
                    .getOrDefault(s, Coverage.NONE)
                    .covers(ranges.getOrDefault(s, Coverage.NONE)));
  }
}
