package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.CoverageRow;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.WantedRange;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Which part of a job a plan is to bring: what {@code run} and its like differ in. A plan is always
 * <i>wanted minus covered minus landed</i>; a scope says what counts as each.
 */
interface PlanScope {
  /** What is wanted and neither covered nor landed: the scope of {@code run}. */
  PlanScope MISSING =
      facts ->
          new Choice(
              WantedRange.of(facts.job(), facts.available()), facts.covered(), facts.landed());

  /**
   * What is known before a plan is made.
   *
   * @param available what the service has of the job's schema
   * @param known what the ledger knows of the job's series
   * @param landed what the landing has of the job's dataset, schema and stype
   * @param now what was refused is asked again once its time to look again is before this
   */
  record Facts(
      Job job, Interval available, KnownSeries known, List<LandedChunk> landed, Instant now) {
    /** The ledger's rows, by symbol in order of time, whatever their state. */
    Map<String, List<CoverageRow>> rows() {
      return known.rows();
    }

    /** What the ledger covers of each symbol, whatever its state, refusals only for their time. */
    Map<String, Coverage> covered() {
      return known.covered();
    }
  }

  /**
   * What a plan is made of.
   *
   * @param wanted clamped to what the service has
   * @param covered what need not be brought, by symbol
   * @param landed what may be taken from the landing instead of asked for
   */
  record Choice(WantedRange wanted, Map<String, Coverage> covered, List<LandedChunk> landed) {}

  /** Chooses. */
  Choice choose(Facts facts) throws IOException;
}
