package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.JobTime;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.SeriesRange;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What every plan keeps to, over random ledgers, landings and limits. */
class PlanPropertiesTest {
  private static final List<String> SYMBOLS = List.of("A.v.0", "B.v.0", "C.v.0", "D.v.0");
  private static final long HOUR = BarSize.HOUR.lengthNs();
  private static final int SPAN = 24 * 30;

  /** A job's limits, what is wanted, and what the ledger and the landing know of it; in hours. */
  record Situation(
      Job job,
      int slots,
      Interval wanted,
      Map<String, Coverage> covered,
      List<LandedChunk> landed) {
    Plan plan() {
      return new ChunkPlanner(job, slots).plan(wanted, covered, landed);
    }
  }

  private static Interval hours(int from, int length) {
    return new Interval(from * HOUR, (from + length) * HOUR);
  }

  private static Arbitrary<Interval> intervals(int longest) {
    return Combinators.combine(
            Arbitraries.integers().between(0, SPAN), Arbitraries.integers().between(1, longest))
        .as(PlanPropertiesTest::hours);
  }

  private static Arbitrary<LandedChunk> landed(Job job) {
    return Combinators.combine(
            Arbitraries.of(SYMBOLS).set().ofMinSize(1),
            intervals(200),
            Arbitraries.longs().between(1, 5),
            Arbitraries.of(LandedState.LANDED, LandedState.UNRESOLVED, LandedState.FAILED))
        .as(
            (symbols, range, askedAt, state) ->
                Landed.of(
                    chunk(job, symbols.stream().sorted().toList(), range), state, "f", askedAt));
  }

  private static Chunk chunk(Job job, List<String> symbols, Interval range) {
    return Landed.chunk(
            job.dataset(),
            job.schema(),
            job.stypeIn(),
            symbols,
            range.startNs(),
            range.endNs(),
            LandedState.LANDED,
            "f")
        .getChunk();
  }

  @Provide
  Arbitrary<Situation> situations() {
    Arbitrary<Job> jobs =
        Combinators.combine(
                Arbitraries.integers().between(1, 5),
                Arbitraries.integers().between(1, 40),
                Arbitraries.of("continuous", "parent"))
            .as(PlanPropertiesTest::job);
    return jobs.flatMap(
        job ->
            Combinators.combine(
                    Arbitraries.integers().between(1, 3),
                    intervals(SPAN),
                    Arbitraries.maps(Arbitraries.of(SYMBOLS), intervals(90).list().ofMaxSize(6))
                        .ofMaxSize(SYMBOLS.size()),
                    landed(job).list().ofMaxSize(5))
                .as(
                    (slots, wanted, covered, landed) -> {
                      Map<String, Coverage> of = new HashMap<>();
                      covered.forEach((symbol, parts) -> of.put(symbol, Coverage.of(parts)));
                      return new Situation(job, slots, wanted, of, landed);
                    }));
  }

  private static Job job(int width, int days, String stype) {
    return new Job(
        "test",
        "databento",
        "GLBX.MDP3",
        BarSize.HOUR.schema(),
        stype,
        SYMBOLS,
        new JobTime.At(0),
        new JobTime.Now(),
        BarSize.HOUR.futuresTable(),
        new Job.ChunkLimits(width, days),
        List.of(),
        false);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void askedCoveredAndLandedAreTogetherWhatIsWantedAndNeverOverlap(
      @ForAll("situations") Situation given) {
    Plan plan = given.plan();
    Map<String, Coverage> sum = new HashMap<>();
    for (Chunk chunk : plan.toAsk()) {
      chunk.getSymbols().forEach(s -> add(sum, s, chunk.getStartNs(), chunk.getEndNs()));
    }
    for (LandedChunk chunk : plan.toLoad()) {
      for (SeriesRange piece : chunk.getPieces()) {
        add(sum, piece.getSymbol(), piece.getStartNs(), piece.getEndNs());
      }
    }
    Coverage wanted = Coverage.of(given.wanted());
    for (String symbol : SYMBOLS) {
      Coverage todo = sum.getOrDefault(symbol, Coverage.NONE);
      Coverage there = given.covered().getOrDefault(symbol, Coverage.NONE).intersect(wanted);
      assertThat(todo.intersect(there), equalTo(Coverage.NONE));
      assertThat(todo.union(there), equalTo(wanted));
    }
  }

  private static void add(Map<String, Coverage> sum, String symbol, long startNs, long endNs) {
    Coverage part = Coverage.of(new Interval(startNs, endNs));
    Coverage before = sum.getOrDefault(symbol, Coverage.NONE);
    assertThat("nothing is planned twice", before.intersect(part), equalTo(Coverage.NONE));
    sum.put(symbol, before.union(part));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void planningTwiceGivesTheSameChunksWithTheSameIds(@ForAll("situations") Situation given) {
    assertThat(given.plan(), equalTo(given.plan()));
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void chunksKeepToTheLimitsAndToWholeBars(@ForAll("situations") Situation given) {
    int width = given.job().stypeIn().equals("parent") ? 1 : given.job().chunk().symbols();
    for (Chunk chunk : given.plan().toAsk()) {
      assertThat(chunk.getSymbols().size(), lessThanOrEqualTo(width));
      assertThat(
          chunk.getEndNs() - chunk.getStartNs(),
          lessThanOrEqualTo(given.job().chunk().days() * Times.DAY_NS));
      assertThat(chunk.getStartNs() % HOUR, is(0L));
      assertThat(chunk.getEndNs() % HOUR, is(0L));
    }
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void whatIsAskedIsWantedMinusCoveredMinusLanded(@ForAll("situations") Situation given) {
    Map<String, Coverage> asked = new HashMap<>();
    for (Chunk chunk : given.plan().toAsk()) {
      chunk.getSymbols().forEach(s -> add(asked, s, chunk.getStartNs(), chunk.getEndNs()));
    }
    for (String symbol : SYMBOLS) {
      List<Interval> landed = new ArrayList<>();
      for (LandedChunk chunk : given.landed()) {
        if (chunk.getState() != LandedState.FAILED
            && chunk.getChunk().getSymbols().contains(symbol)) {
          landed.add(new Interval(chunk.getChunk().getStartNs(), chunk.getChunk().getEndNs()));
        }
      }
      assertThat(
          asked.getOrDefault(symbol, Coverage.NONE),
          equalTo(
              Coverage.of(given.wanted())
                  .minus(given.covered().getOrDefault(symbol, Coverage.NONE))
                  .minus(Coverage.of(landed))));
    }
  }
}
