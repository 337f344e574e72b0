package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wanted minus covered minus landed. */
class ChunkPlannerTest {
  private static final long DAY = Times.DAY_NS;

  private static Job job(String stype, List<String> symbols, int width, int days) {
    return new Job(
        "test",
        "databento",
        "GLBX.MDP3",
        "ohlcv-1d",
        stype,
        symbols,
        new JobTime.At(0),
        new JobTime.Now(),
        "raw.databento_futures_ohlcv_1d",
        new Job.ChunkLimits(width, days),
        List.of(),
        false);
  }

  private static Interval days(int from, int to) {
    return new Interval(from * DAY, to * DAY);
  }

  private static Map<String, Coverage> asked(List<Chunk> chunks) {
    Map<String, Coverage> asked = new HashMap<>();
    for (Chunk c : chunks) {
      Interval range = new Interval(c.getStartNs(), c.getEndNs());
      for (String s : c.getSymbols()) {
        Coverage before = asked.getOrDefault(s, Coverage.NONE);
        assertThat(
            "chunks never overlap", before.intersect(Coverage.of(range)), equalTo(Coverage.NONE));
        asked.put(s, before.union(Coverage.of(range)));
      }
    }
    return asked;
  }

  private static LandedChunk landed(Chunk chunk, long askedAt) {
    return Landed.of(chunk, LandedState.LANDED, "f-" + askedAt, askedAt);
  }

  @Test
  void aFirstRunAsksForAllOfItWithinTheLimits() {
    Job job = job("continuous", List.of("A.v.0", "B.v.0", "C.v.0"), 2, 40);
    Plan plan = new ChunkPlanner(job, 1).plan(days(0, 100), Map.of(), List.of());

    assertThat(plan.toLoad(), is(empty()));
    assertThat(plan.toAsk(), hasSize(6));
    for (Chunk c : plan.toAsk()) {
      assertThat(c.getSymbols().size() <= 2, is(true));
      assertThat(c.getEndNs() - c.getStartNs() <= 40 * DAY, is(true));
    }
    assertThat(asked(plan.toAsk()).get("C.v.0"), equalTo(Coverage.of(days(0, 100))));
  }

  @Test
  void planningTwiceGivesTheSameIds() {
    Job job = job("continuous", List.of("A.v.0", "B.v.0"), 1, 30);
    ChunkPlanner planner = new ChunkPlanner(job, 1);
    assertThat(
        planner.plan(days(0, 90), Map.of(), List.of()),
        equalTo(planner.plan(days(0, 90), Map.of(), List.of())));
  }

  @Test
  void whatIsCoveredIsNotAskedAndSymbolsWithTheSameGapShareChunks() {
    Job job = job("continuous", List.of("A.v.0", "B.v.0", "C.v.0"), 10, 1000);
    Map<String, Coverage> covered =
        Map.of("A.v.0", Coverage.of(days(0, 50)), "C.v.0", Coverage.of(days(0, 50)));
    Plan plan = new ChunkPlanner(job, 1).plan(days(0, 60), covered, List.of());
    assertThat(plan.toAsk(), hasSize(2));
    assertThat(plan.toAsk().get(0).getSymbols(), contains("A.v.0", "C.v.0"));
    assertThat(plan.toAsk().get(0).getStartNs(), equalTo(50 * DAY));
    assertThat(plan.toAsk().get(1).getSymbols(), contains("B.v.0"));
  }

  @Test
  void allCoveredIsAnEmptyPlan() {
    Job job = job("continuous", List.of("A.v.0"), 10, 1000);
    Plan plan =
        new ChunkPlanner(job, 4)
            .plan(days(0, 60), Map.of("A.v.0", Coverage.of(days(-5, 70))), List.of());
    assertThat(plan.isEmpty(), is(true));
    assertThat(plan.covered().get("A.v.0"), equalTo(Coverage.of(days(0, 60))));
  }

  @Test
  void aParentIsAChunkOfItsOwn() {
    Job job = job("parent", List.of("ZL.FUT", "ZS.FUT"), 10, 1000);
    Plan plan = new ChunkPlanner(job, 1).plan(days(0, 60), Map.of(), List.of());
    assertThat(plan.toAsk(), hasSize(2));
  }

  @Test
  void theNewestLandedFileGivesWhatItHoldsWhateverItsId() {
    Job wide = job("continuous", List.of("A.v.0", "B.v.0"), 10, 1000);
    ChunkPlanner planner = new ChunkPlanner(wide, 1);
    Chunk early = planner.plan(days(0, 60), Map.of(), List.of()).toAsk().get(0);
    Chunk late = planner.plan(days(40, 80), Map.of(), List.of()).toAsk().get(0);

    Plan plan =
        new ChunkPlanner(job("continuous", List.of("B.v.0"), 10, 1000), 1)
            .plan(
                days(10, 100),
                Map.of("B.v.0", Coverage.of(days(70, 75))),
                List.of(landed(early, 1), landed(late, 2)));

    assertThat(plan.toLoad(), hasSize(2));
    assertThat(
        plan.toLoad().get(0).getPieces(),
        contains(
            new SeriesRange("B.v.0", 40 * DAY, 70 * DAY),
            new SeriesRange("B.v.0", 75 * DAY, 80 * DAY)));
    assertThat(
        plan.toLoad().get(1).getPieces(), contains(new SeriesRange("B.v.0", 10 * DAY, 40 * DAY)));
    assertThat(asked(plan.toAsk()).get("B.v.0"), equalTo(Coverage.of(days(80, 100))));
  }

  @Test
  void aFailedChunkInTheLandingIsAskedAgain() {
    Job job = job("continuous", List.of("A.v.0"), 10, 1000);
    ChunkPlanner planner = new ChunkPlanner(job, 1);
    Plan first = planner.plan(days(0, 60), Map.of(), List.of());
    LandedChunk failed = landed(first.toAsk().get(0), 1);
    failed.setState(LandedState.FAILED);
    Plan second = planner.plan(days(0, 60), Map.of(), List.of(failed));
    assertThat(second.toAsk(), equalTo(first.toAsk()));
  }

  @Test
  void aLargeJobIsCutIntoFourChunksASlot() {
    List<String> symbols = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      symbols.add("R" + i + ".v.0");
    }
    Job job = job("continuous", symbols, 100, 6000);
    Plan plan = new ChunkPlanner(job, 2).plan(days(0, 5600), Map.of(), List.of());
    assertThat(plan.toAsk().size(), greaterThanOrEqualTo(4));
    Job small = job("continuous", symbols.subList(0, 3), 100, 6000);
    assertThat(
        new ChunkPlanner(small, 2).plan(days(0, 500), Map.of(), List.of()).toAsk(), hasSize(1));
  }

  @Test
  void plannedCoveredAndLandedAreTogetherWhatIsWanted() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<String> symbols = List.of("A.v.0", "B.v.0", "C.v.0", "D.v.0");
      Job job = job("continuous", symbols, 1 + random.nextInt(4), 1 + random.nextInt(40));
      Interval wanted = days(random.nextInt(20), 40 + random.nextInt(60));
      Map<String, Coverage> covered = new HashMap<>();
      for (String s : symbols) {
        List<Interval> parts = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          int from = random.nextInt(100);
          parts.add(days(from, from + 1 + random.nextInt(15)));
        }
        covered.put(s, Coverage.of(parts));
      }
      ChunkPlanner planner = new ChunkPlanner(job, 1);
      List<LandedChunk> landed = new ArrayList<>();
      for (Chunk c : planner.plan(days(0, 100), Map.of(), List.of()).toAsk()) {
        if (random.nextInt(4) == 0) {
          landed.add(landed(c, landed.size()));
        }
      }
      Plan plan = planner.plan(wanted, covered, landed);
      Map<String, Coverage> sum = asked(plan.toAsk());
      for (LandedChunk c : plan.toLoad()) {
        assertThat(c.getPieces(), is(not(empty())));
        for (SeriesRange piece : c.getPieces()) {
          Coverage part = Coverage.of(new Interval(piece.getStartNs(), piece.getEndNs()));
          Coverage before = sum.getOrDefault(piece.getSymbol(), Coverage.NONE);
          assertThat(before.intersect(part), equalTo(Coverage.NONE));
          sum.put(piece.getSymbol(), before.union(part));
        }
      }
      for (String s : symbols) {
        Coverage there = covered.get(s).intersect(Coverage.of(wanted));
        assertThat(sum.getOrDefault(s, Coverage.NONE).intersect(there), equalTo(Coverage.NONE));
        assertThat(sum.getOrDefault(s, Coverage.NONE).union(there), equalTo(Coverage.of(wanted)));
      }
    }
  }
}
