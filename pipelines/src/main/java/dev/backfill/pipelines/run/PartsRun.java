package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.WriteLease;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.RunOptions;
import dev.backfill.pipelines.SpendLimits;
import dev.backfill.schemas.Job;
import dev.backfill.transforms.PlanPricer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One job of several parts, as if it were of one: all parts are priced before any is bought and
 * refused together, then carried out one after the other. A part that fails does not stop the
 * others, unless no request of this key can succeed.
 */
final class PartsRun {
  /** Carries out one part. */
  @FunctionalInterface
  interface Work {
    Report of(RunContext part) throws IOException;
  }

  private final List<RunOptions> parts;
  private final Console console;
  private final Clock clock;
  private final RetryPolicy retries;
  private final SpentSoFar spent;
  private final List<PartReport> done = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final ObjectNode more = new ObjectMapper().createObjectNode();

  /**
   * A job's parts.
   *
   * @param spent by the same command on the jobs before it; is added to
   */
  PartsRun(
      List<RunOptions> parts, Console console, Clock clock, RetryPolicy retries, SpentSoFar spent) {
    this.parts = List.copyOf(parts);
    this.console = console;
    this.clock = clock;
    this.retries = retries;
    this.spent = spent;
  }

  /** Whether what is to be run is carried out, and reported on, as a job of parts. */
  static boolean isOf(List<RunOptions> parts) {
    return parts.size() > 1 || !FollowUp.ofJob(parts).isEmpty();
  }

  /** The jobs of which these are parts, each with its own, in their order. */
  static List<List<RunOptions>> byJob(List<RunOptions> parts) {
    List<List<RunOptions>> jobs = new ArrayList<>();
    String last = null;
    for (RunOptions part : parts) {
      String name = part.job().wholeName();
      if (!name.equals(last)) {
        jobs.add(new ArrayList<>());
      }
      jobs.get(jobs.size() - 1).add(part);
      // What follows a main part is another job, even one of the same name.
      last = part.job().isPart() ? name : null;
    }
    return jobs;
  }

  /** What all parts would fetch, and the price of each. */
  PartsReport plan(PlanScope scope) throws IOException {
    PlanPricer.Price all = PlanPricer.Price.NOTHING;
    for (RunOptions part : parts) {
      RunAction action = new RunAction(begin(part), scope);
      try {
        PricedPlan plan = action.look();
        action.sayWhatWouldChange();
        all = all.plus(plan.price());
        done.add(PartReport.of(part.job(), new PlanReport(plan, Optional.empty())));
      } catch (IOException | RuntimeException e) {
        requireForgivable(part, e);
        done.add(PartReport.failed(part.job(), e));
      }
    }
    for (FollowUp one : FollowUp.ofJob(parts)) {
      notes.add(one.beforehand());
      Optional<RunOptions> known = one.find(isWhole(scope));
      if (known.isPresent()) {
        PricedPlan plan = new RunAction(begin(known.get()), one.scope(scope)).look();
        all = all.plus(plan.price());
        done.add(PartReport.of(known.get().job(), new PlanReport(plan, Optional.empty())));
      }
    }
    Optional<SpendingCaps.Refusal> refusal = new RunAction(begin(parts.get(0)), scope).refusal(all);
    more.put("refusal", refusal.map(SpendingCaps.Refusal::ofPlan).orElse(null));
    refusal.ifPresent(cap -> notes.add("A run would be refused. " + cap.ofPlan()));
    spent.add(all);
    return report();
  }

  /** Plans, prices, lands and loads all parts, and looks up what is missing afterwards. */
  PartsReport run(PlanScope scope) throws IOException {
    // Before anything is priced: what is found then holds until it is bought, and a refusal may be
    // written down.
    WriteLease held = hold(parts, console);
    try (held) {
      each(
          affordable(scope, true), part -> new SummaryReport(new RunAction(part, scope).execute()));
      for (FollowUp one : FollowUp.ofJob(parts)) {
        PlanScope days = one.scope(scope);
        followUp(
            one, isWhole(scope), part -> new SummaryReport(new RunAction(part, days).execute()));
      }
      // Last, for there may have been no database before.
      RunFailure.noteNoRights(
          begin(parts.get(0)),
          done.stream().filter(PartReport::lacksRights).map(PartReport::job).toList());
    }
    return report();
  }

  /** Whether a command of this scope also looks at what is there already. */
  private static boolean isWhole(PlanScope scope) {
    return scope != PlanScope.MISSING && !(scope instanceof FailedScope);
  }

  /**
   * The right to write the database for several runs of this thread, so that no other command comes
   * in between.
   */
  static WriteLease hold(List<RunOptions> parts, Console console) {
    RunOptions first = parts.get(0);
    String names =
        parts.stream()
            .map(part -> part.job().wholeName())
            .distinct()
            .collect(Collectors.joining(", "));
    return WriteLease.take(
            first.database().map(Path::toString).orElseThrow(),
            "run " + names,
            first.patience(),
            console::note)
        .lend();
  }

  /** Lands all parts. Does not hold the database, so it writes nothing into it. */
  PartsReport land() throws IOException {
    each(affordable(PlanScope.MISSING, false), part -> new LandAction(part).execute());
    return report();
  }

  /** Loads what has landed of any part. */
  PartsReport load(Optional<String> asOf) throws IOException {
    List<RunOptions> landed = new ArrayList<>();
    for (RunOptions part : parts) {
      if (LoadAction.hasLanded(begin(part))) {
        landed.add(part);
      } else {
        notes.add("  of " + part.job().name() + " nothing has landed");
      }
    }
    if (landed.isEmpty()) {
      // Says what to do.
      landed.add(parts.get(parts.size() - 1));
      notes.clear();
    }
    each(landed, part -> SummaryReport.ofLoad(new LoadAction(part, asOf).execute()));
    for (FollowUp one : FollowUp.ofJob(parts)) {
      followUp(
          one,
          true,
          part ->
              LoadAction.hasLanded(part)
                  ? SummaryReport.ofLoad(new LoadAction(part, asOf).execute())
                  : new NothingLanded(part.options().job()));
    }
    return report();
  }

  /** Of what was never looked up. */
  private record NothingLanded(Job job) implements Report {
    @Override
    public int exitCode() {
      return ExitCodes.OK;
    }

    @Override
    public String text() {
      return "";
    }

    @Override
    public ObjectNode json() {
      return new ObjectMapper().createObjectNode().put("job", job.name()).put("rows_written", 0);
    }
  }

  private void followUp(FollowUp one, boolean isWhole, Work work) throws IOException {
    Optional<RunOptions> found = one.find(isWhole);
    for (int pass = 0; pass < one.passes() && found.isPresent(); pass++) {
      each(List.of(found.get()), work);
      boolean isDone = done.get(done.size() - 1).exitCode() == ExitCodes.OK;
      found = isDone ? one.find(false) : Optional.empty();
    }
    notes.addAll(one.lacking());
    more.setAll(one.json());
  }

  private PartsReport report() {
    return new PartsReport(parts.get(0).job().wholeName(), done, notes, more);
  }

  /**
   * The parts that can be had, once what all of them cost was let pass.
   *
   * @param isHeld whether the database is this command's, so that a refusal is written into it
   * @throws dev.backfill.pipelines.RefusedException if a cap does not allow it
   */
  private List<RunOptions> affordable(PlanScope scope, boolean isHeld) throws IOException {
    List<RunOptions> there = new ArrayList<>();
    PlanPricer.Price all = PlanPricer.Price.NOTHING;
    for (RunOptions part : parts) {
      RunContext run = begin(part);
      try {
        all = all.plus(new RunAction(run, scope).look().price());
        there.add(part);
      } catch (IOException | RuntimeException e) {
        if (isHeld && RunFailure.isToBeNoted(e) && !RunFailure.isForgiven(part.job(), e)) {
          RunFailure.note(run, e);
        }
        requireForgivable(part, e);
        done.add(PartReport.failed(part.job(), e));
      }
    }
    if (!there.isEmpty()) {
      // All of them together are the job, which has the main part's name.
      RunAction main = new RunAction(begin(parts.get(parts.size() - 1)), scope);
      if (isHeld) {
        main.requireAffordable(all);
      } else {
        main.requireWithinCaps(all);
      }
    }
    return there;
  }

  /** A dataset without rights is no failure where the job is complete without it. */
  private static <E extends Exception> void requireForgivable(RunOptions part, E failure)
      throws IOException {
    if (!RunFailure.isForgiven(part.job(), failure)) {
      if (failure instanceof IOException io) {
        throw io;
      }
      throw (RuntimeException) failure;
    }
  }

  private void each(List<RunOptions> some, Work work) throws IOException {
    for (RunOptions part : some) {
      RunContext run = begin(part);
      try {
        done.add(PartReport.of(part.job(), work.of(run)));
      } catch (IOException | RuntimeException e) {
        done.add(PartReport.failed(part.job(), e));
        boolean isLast = part.job().equals(some.get(some.size() - 1).job());
        boolean isNone = done.stream().allMatch(one -> one.report() == null);
        if (ManyRuns.stopsAll(e) || (isLast && isNone)) {
          throw e;
        }
      } finally {
        spent.add(run);
      }
    }
  }

  private RunContext begin(RunOptions part) {
    SpendLimits limits = part.spend().after(spent.before());
    return RunContext.begin(part.withSpend(limits), console, clock, retries);
  }
}
