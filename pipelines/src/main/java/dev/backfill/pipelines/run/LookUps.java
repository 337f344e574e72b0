package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.LackingOptions;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a job of option bars does after its parts: an option that lists and expires between two
 * snapshots of definitions is in neither, so its definition is asked for by its own name, for the
 * one UTC day of its first bar. An answer, even an empty one, is remembered as any other, so that
 * nothing is asked twice.
 */
final class LookUps implements FollowUp {
  /** The part's name. */
  static final String NAME = "look-ups";

  /** As many options are looked up in one run; the next goes on. */
  static final int MOST = 5_000;

  /** As often are those that are still lacking looked up for another of their days. */
  private static final int PASSES = 3;

  private static final int TOGETHER = 500;

  private final RunOptions bars;
  private final Job definitions;
  private Map<String, Coverage> wanted = Map.of();
  private int left;

  private LookUps(RunOptions bars, Job definitions) {
    this.bars = bars;
    this.definitions = definitions;
  }

  /** Those of a job that has option bars and snapshots of definitions. */
  static Optional<LookUps> ofJob(List<RunOptions> parts) {
    Optional<Job> definitions =
        parts.stream()
            .map(RunOptions::job)
            .filter(job -> job.schema().equals("definition") && job.snapshotDays() > 0)
            .findFirst();
    return parts.stream()
        .filter(part -> part.job().table().equals("raw.databento_options_ohlcv_1d"))
        .findFirst()
        .flatMap(bars -> definitions.map(of -> new LookUps(bars, of)));
  }

  /** Which options these are is known when their bars are there. */
  @Override
  public String beforehand() {
    return "Options that list and expire between two snapshots are looked up after the bars, each"
        + " for one day, at 520 bytes or some more each, within the same caps";
  }

  @Override
  public int passes() {
    return PASSES;
  }

  /** The part that looks up what is missing and was not asked before; never what was. */
  @Override
  public Optional<RunOptions> find(boolean isWhole) {
    try (Opened opened = open()) {
      if (opened.database().isEmpty()) {
        return Optional.empty();
      }
      Database database = opened.database().get();
      Map<String, Coverage> asked =
          new Ledger(database)
              .covered(
                  definitions.table(),
                  definitions.source(),
                  definitions.dataset(),
                  definitions.schema(),
                  "raw_symbol",
                  Instant.now());
      Map<String, Coverage> days = new TreeMap<>();
      left = 0;
      for (LackingOptions.Option option : lackingIn(database)) {
        Coverage day = Coverage.of(day(option));
        if (!asked.getOrDefault(option.contract(), Coverage.NONE).covers(day)) {
          if (days.size() < MOST) {
            days.merge(option.contract(), day, Coverage::union);
          } else {
            left++;
          }
        }
      }
      wanted = Map.copyOf(days);
      return wanted.isEmpty() ? Optional.empty() : Optional.of(part());
    }
  }

  private RunOptions part() {
    List<Interval> days = wanted.values().stream().flatMap(c -> c.intervals().stream()).toList();
    long from = days.stream().mapToLong(Interval::startNs).min().orElseThrow();
    long to = days.stream().mapToLong(Interval::endNs).max().orElseThrow();
    Job job =
        new Job(
            definitions.wholeName() + Job.PART + NAME,
            definitions.source(),
            definitions.dataset(),
            definitions.schema(),
            "raw_symbol",
            wanted.keySet().stream().sorted().toList(),
            new JobTime.At(from),
            new JobTime.At(to),
            definitions.table(),
            new Job.ChunkLimits(TOGETHER, 1),
            definitions.publishers(),
            definitions.primaryKey());
    return bars.withJob(job);
  }

  /** Asks for just these days, whatever the command. */
  @Override
  public PlanScope scope(PlanScope of) {
    return new PlanScope() {
      @Override
      public Choice choose(Facts facts) {
        Choice missing = facts.missing();
        return missing.with(missing.input().withWantedOf(wanted));
      }

      @Override
      public String name() {
        return NAME;
      }
    };
  }

  /** What is said of option bars that lack strike, expiration or type all the same. */
  @Override
  public List<String> lacking() {
    List<LackingOptions.Option> lacking = now();
    List<String> lines = new ArrayList<>();
    if (!lacking.isEmpty()) {
      long rows = lacking.stream().mapToLong(LackingOptions.Option::rows).sum();
      lines.add(
          "  without strike, expiration and type: "
              + SummaryReport.counted(rows, "row")
              + " of "
              + SummaryReport.names(
                  lacking.stream().map(LackingOptions.Option::contract).distinct().toList())
              + ", which no definition names");
    }
    if (left > 0) {
      lines.add(
          "  not looked up yet: "
              + SummaryReport.counted(left, "option")
              + ". Run the same command again: it looks up "
              + MOST
              + " at a time");
    }
    return lines;
  }

  @Override
  public ObjectNode json() {
    List<LackingOptions.Option> lacking = now();
    return new ObjectMapper()
        .createObjectNode()
        .put("rows_without_definition", lacking.stream().mapToLong(l -> l.rows()).sum())
        .put("options_without_definition", lacking.size())
        .put("options_not_looked_up_yet", left);
  }

  private List<LackingOptions.Option> now() {
    try (Opened opened = open()) {
      return opened.database().map(this::lackingIn).orElse(List.of());
    }
  }

  private List<LackingOptions.Option> lackingIn(Database database) {
    Job job = bars.job();
    return new Ledger(database).tables().contains(job.table())
        ? LackingOptions.in(database, job.table(), job.symbols())
        : List.of();
  }

  private Opened open() {
    return Opened.reading(bars.database(), RunContext.WHILE_LOADING);
  }

  private static Interval day(LackingOptions.Option option) {
    long start = Times.nanos(option.day());
    return new Interval(start, start + Times.DAY_NS);
  }
}
