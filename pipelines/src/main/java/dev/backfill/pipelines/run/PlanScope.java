package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.PlanInput;
import dev.backfill.transforms.Snapshots;
import dev.backfill.transforms.WantedRange;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which part of a job a plan is to bring: what {@code run} and its like differ in. A plan is always
 * <i>wanted minus covered minus landed</i>, and what is to be asked anew beside it; a scope says
 * what counts as each.
 */
interface PlanScope {
  /** What is wanted and neither covered nor landed: the scope of {@code run}. */
  PlanScope MISSING = Facts::missing;

  /**
   * What is known before a plan is made.
   *
   * @param service to ask what is free
   * @param available what the service has of the job's schema
   * @param known what the ledger knows of the job's series
   * @param landed what the landing has of the job's dataset, schema and stype
   * @param now what was refused is asked again once its time to look again is before this
   */
  record Facts(
      Job job,
      RunService service,
      Interval available,
      KnownSeries known,
      List<LandedChunk> landed,
      Instant now) {
    /** The ledger's rows, by symbol in order of time, whatever their state. */
    Map<String, List<CoverageRow>> rows() {
      return known.rows();
    }

    /**
     * What the ledger covers of each symbol, whatever its state, refusals only for their time. When
     * it was loaded is looked up only where the landing has an answer that may be newer.
     */
    Map<String, List<PlanInput.Known>> intervals() {
      return KnownIntervals.of(known, landed, now);
    }

    /** The choice of {@link #MISSING}. */
    Choice missing() {
      WantedRange wanted = WantedRange.of(job, available);
      return new Choice(
          PlanInput.missing(wanted.range(), intervals(), landed)
              .withWantedOf(Snapshots.wantedOf(job, wanted.range())),
          wanted.notes());
    }
  }

  /**
   * What a plan is made of.
   *
   * @param notes for the person: what was clamped, and why
   */
  record Choice(PlanInput input, List<String> notes) {
    public Choice {
      notes = List.copyOf(notes);
    }

    Choice with(PlanInput other) {
      return new Choice(other, notes);
    }
  }

  /** Chooses. */
  Choice choose(Facts facts) throws IOException;

  /** Whether it is only about what the service has changed since it was loaded. */
  default boolean onlyChanged() {
    return false;
  }

  /** What it is called; runs of one job in different scopes are not the same. */
  default String name() {
    return "run";
  }
}
