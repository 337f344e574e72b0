package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.Rolls;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a job of statistics of continuous symbols does after its parts: the contract that a symbol
 * has left is looked up by its own name for the {@link RollDays}, so that its last days too have
 * open interest and their final settlement. An answer is remembered as any other, so that nothing
 * is asked twice.
 */
final class RollLookUps implements FollowUp {
  private static final String TABLE = "raw.databento_statistics";

  /** As many contracts are looked up at once, the oldest first: their price is told by the days. */
  private static final int TOGETHER = 1_000;

  private static final int PASSES = 50;
  private static final Job.ChunkLimits CHUNK = new Job.ChunkLimits(500, 7);

  private final RunOptions part;
  private Map<String, Coverage> wanted = Map.of();
  private boolean wasWhole;

  private RollLookUps(RunOptions part) {
    this.part = part;
  }

  /** One for each part of a job that has statistics of continuous symbols. */
  static List<RollLookUps> ofJob(List<RunOptions> parts) {
    return parts.stream().filter(part -> isOf(part.job())).map(RollLookUps::new).toList();
  }

  private static boolean isOf(Job job) {
    return job.table().equals(TABLE) && job.stypeIn().equals("continuous");
  }

  /** The days that were looked up of a job, or would be, by contract; empty for other jobs. */
  static Map<String, Coverage> days(Database database, Job job, Instant now) {
    if (!isOf(job)) {
      return Map.of();
    }
    return RollDays.of(
        new Rolls(database, job.dataset(), job.stypeIn()).read(),
        covered(database, job, job.stypeIn(), now),
        job.symbols(),
        range(job));
  }

  /** The job that looks up some days of contracts. */
  static Job job(Job of, Map<String, Coverage> days) {
    List<Interval> all = days.values().stream().flatMap(c -> c.intervals().stream()).toList();
    return new Job(
        of.wholeName() + Job.PART + LookUps.NAME,
        of.source(),
        of.dataset(),
        of.schema(),
        "raw_symbol",
        days.keySet().stream().sorted().toList(),
        new JobTime.At(all.stream().mapToLong(Interval::startNs).min().orElseThrow()),
        new JobTime.At(all.stream().mapToLong(Interval::endNs).max().orElseThrow()),
        of.table(),
        CHUNK,
        of.publishers(),
        of.primaryKey());
  }

  /** What counts back from now is bounded by what is covered. */
  private static Interval range(Job job) {
    return new Interval(
        job.from() instanceof JobTime.At at ? at.nanos() : Long.MIN_VALUE,
        job.to() instanceof JobTime.At at ? at.nanos() : Long.MAX_VALUE);
  }

  private static Map<String, Coverage> covered(
      Database database, Job job, String stypeIn, Instant now) {
    return new Ledger(database)
        .covered(job.table(), job.source(), job.dataset(), job.schema(), stypeIn, now);
  }

  @Override
  public String beforehand() {
    return "After a roll the contract that was left is looked up for two weekdays, in which its last"
        + " open interest and final settlement are published, within the same caps";
  }

  @Override
  public int passes() {
    return PASSES;
  }

  @Override
  public Optional<RunOptions> find(boolean isWhole) {
    Map<String, Coverage> before = wanted;
    wanted = isWhole ? whole() : oldest(missing());
    // What is still missing after it was looked up will not come by trying again.
    boolean isTried = wasWhole || wanted.equals(before);
    wasWhole = isWhole;
    return wanted.isEmpty() || isTried
        ? Optional.empty()
        : Optional.of(part.withJob(job(part.job(), wanted)));
  }

  private Map<String, Coverage> whole() {
    try (Opened opened = open()) {
      return opened
          .database()
          .map(database -> days(database, part.job(), Instant.now()))
          .orElse(Map.of());
    }
  }

  private Map<String, Coverage> missing() {
    try (Opened opened = open()) {
      Map<String, Coverage> missing = new TreeMap<>();
      if (opened.database().isPresent()) {
        Database database = opened.database().get();
        Instant now = Instant.now();
        Map<String, Coverage> asked = covered(database, part.job(), "raw_symbol", now);
        days(database, part.job(), now)
            .forEach(
                (contract, days) ->
                    missing.put(contract, days.minus(asked.getOrDefault(contract, Coverage.NONE))));
      }
      missing.values().removeIf(Coverage::isEmpty);
      return missing;
    }
  }

  private static Map<String, Coverage> oldest(Map<String, Coverage> days) {
    Map<String, Coverage> some = new TreeMap<>();
    days.entrySet().stream()
        .sorted(Comparator.comparingLong(one -> one.getValue().intervals().get(0).startNs()))
        .limit(TOGETHER)
        .forEach(one -> some.put(one.getKey(), one.getValue()));
    return some;
  }

  @Override
  public PlanScope scope(PlanScope of) {
    // What failed is missing, too, and what failed before may have hidden a roll.
    PlanScope scope = of instanceof FailedScope ? PlanScope.MISSING : of;
    return new PlanScope() {
      @Override
      public Choice choose(Facts facts) throws IOException {
        Choice choice = scope.choose(facts);
        Map<String, Coverage> chosen = choice.input().wantedOf();
        Map<String, Coverage> days = new HashMap<>();
        wanted.forEach(
            (contract, its) ->
                days.put(contract, its.intersect(chosen.getOrDefault(contract, its))));
        return choice.with(choice.input().withWantedOf(days));
      }

      @Override
      public boolean onlyChanged() {
        return scope.onlyChanged();
      }

      @Override
      public String name() {
        return scope.name();
      }
    };
  }

  @Override
  public List<String> lacking() {
    List<String> contracts = List.copyOf(missing().keySet());
    List<String> lines = new ArrayList<>();
    if (!contracts.isEmpty()) {
      lines.add(
          "  not looked up after a roll: "
              + SummaryReport.names(contracts)
              + ". Their last days may lack open interest and the final settlement until the same"
              + " command is run again");
    }
    return lines;
  }

  @Override
  public ObjectNode json() {
    return new ObjectMapper().createObjectNode().put("contracts_not_looked_up", missing().size());
  }

  private Opened open() {
    return Opened.reading(part.database(), RunContext.WHILE_LOADING);
  }
}
