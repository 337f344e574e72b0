package dev.backfill.pipelines.run;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.http.Fault;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A service that does not answer much at once, and one that is down, against the real emulator. */
class SplittingTest {
  private static final List<String> SYMBOLS =
      Stream.of(
              "ES", "NQ", "YM", "ZO", "CL", "NG", "HO", "RB", "GC", "SI", "HG", "PL", "PA", "ZC",
              "ZS", "ZW", "ZL", "ZM", "KE", "LE", "HE", "GF", "6A", "6B", "6C", "6E", "6J", "6S",
              "ZN", "ZB", "ZF")
          .map(root -> root + ".v.0")
          .toList();
  private static final String FROM = "2010-12-06";
  private static final String TO = "2025-12-06";
  private static final long DAYS =
      ChronoUnit.DAYS.between(LocalDate.parse(FROM), LocalDate.parse(TO));

  /** In days: where a chunk of minutes meets the limit that the real gateway was seen to bear. */
  private static final long MINUTES_AT_THE_USUAL_LIMIT = EmulatorConfig.USUAL_GATEWAY_LIMIT / 1_300;

  @TempDir Path folder;

  private LandingDesk desk(String origin, long gatewayLimit) throws Exception {
    return new LandingDesk(
        folder, "splitting:" + origin, EmulatorConfig.builder().gatewayLimit(gatewayLimit));
  }

  /** What must be asked at least, of all rectangles of some symbols × some days. */
  private static long bestFixed(long limit) {
    long best = Long.MAX_VALUE;
    for (long width = 1; width <= SYMBOLS.size(); width++) {
      long days = limit / width;
      if (days > 0) {
        long groups = -Math.floorDiv(-SYMBOLS.size(), width);
        best = Math.min(best, groups * -Math.floorDiv(-DAYS, days));
      }
    }
    return best;
  }

  private static Map<String, Coverage> covered(List<LandedChunk> outcomes) {
    Map<String, Coverage> covered = new HashMap<>();
    for (LandedChunk outcome : outcomes) {
      Chunk chunk = outcome.getChunk();
      if (outcome.getState() == LandedState.LANDED
          || outcome.getState() == LandedState.UNRESOLVED) {
        Coverage range = Coverage.of(new Interval(chunk.getStartNs(), chunk.getEndNs()));
        chunk.getSymbols().forEach(s -> covered.merge(s, range, Coverage::union));
      }
    }
    return covered;
  }

  private static Set<LandedState> states(List<LandedChunk> outcomes) {
    return outcomes.stream().map(LandedChunk::getState).collect(Collectors.toSet());
  }

  private static void assertComplete(List<LandedChunk> outcomes) {
    Coverage whole =
        Coverage.of(
            new Interval(Times.nanos(LocalDate.parse(FROM)), Times.nanos(LocalDate.parse(TO))));
    Map<String, Coverage> covered = covered(outcomes);
    SYMBOLS.forEach(s -> assertThat(s, covered.get(s), equalTo(whole)));
    assertThat(states(outcomes), not(hasItem(LandedState.FAILED)));
  }

  @ParameterizedTest
  @ValueSource(longs = {700, MINUTES_AT_THE_USUAL_LIMIT, 3_100})
  void whatIsAskedAtOnceComesInHardlyMoreRequestsThanTheBestSizeNeeds(long limit) throws Exception {
    try (LandingDesk desk = desk("law-" + limit, limit)) {
      List<Chunk> asked = List.of(LandingDesk.chunk(BarSize.DAY, SYMBOLS, FROM, TO));
      List<LandedChunk> outcomes = desk.land("first", 4, asked);
      assertComplete(outcomes);
      long first = desk.takeRequests();
      assertThat(first * 2, lessThanOrEqualTo(bestFixed(limit) * 3));
    }
  }

  @Test
  void theSizeThatWorkedIsRememberedAndForgottenAfterAWeek() throws Exception {
    try (LandingDesk desk = desk("memory", 2_300)) {
      desk.land("kept", 4, List.of(LandingDesk.chunk(BarSize.DAY, SYMBOLS, FROM, "2016-12-06")));
      desk.takeRequests();
      Chunk next = LandingDesk.chunk(BarSize.DAY, SYMBOLS, "2016-12-06", "2018-12-06");
      List<LandedChunk> outcomes = desk.land("kept", 4, List.of(next));
      assertThat(outcomes.get(0).getState(), equalTo(LandedState.SPLIT));
      assertThat(outcomes.get(0).getAttempts(), equalTo(0));
      assertThat(
          desk.emulator.ledger().entries().stream().filter(e -> e.status() == 504).count(),
          lessThanOrEqualTo(1L));

      desk.time.pass(Duration.ofDays(8));
      desk.takeRequests();
      Chunk last = LandingDesk.chunk(BarSize.DAY, SYMBOLS, "2018-12-06", "2025-12-06");
      outcomes = desk.land("kept", 4, List.of(last));
      assertThat(outcomes.get(0).getAttempts(), greaterThan(0));
    }
  }

  /** Chunks of one size: so many symbols, each over so many years. */
  private static List<Chunk> even(String from, int years) {
    List<Chunk> chunks = new ArrayList<>();
    LocalDate first = LocalDate.parse(from);
    for (int year = 0; year < years; year++) {
      for (String symbol : SYMBOLS) {
        String start = first.plusDays(365L * year).toString();
        String end = first.plusDays(365L * year + 365).toString();
        chunks.add(LandingDesk.chunk(BarSize.DAY, List.of(symbol), start, end));
      }
    }
    return chunks;
  }

  private static void assertNothingIsSplitAnyMore(LandingDesk desk) throws Exception {
    desk.emulator.faults().clear();
    desk.takeRequests();
    List<Chunk> more = even("2020-01-01", 1);
    List<LandedChunk> outcomes = desk.land("kept", 4, more);
    assertThat(states(outcomes), equalTo(Set.of(LandedState.LANDED)));
    assertThat(desk.takeRequests(), equalTo((long) more.size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aThirdOfAllRequestsFailingCostsNotTwiceAsManyAndLeavesNoTrace(int seed) throws Exception {
    try (LandingDesk desk =
        new LandingDesk(
            folder, "splitting:chance-" + seed, EmulatorConfig.builder().faultSeed(seed))) {
      desk.emulator.faults().add(Fault.status(504).withProbability(0.3));
      List<Chunk> chunks = even("2014-01-01", 3);
      List<LandedChunk> outcomes = desk.land("kept", 4, chunks);
      long requests = desk.takeRequests();
      assertThat(states(outcomes), not(hasItem(LandedState.FAILED)));
      assertThat(requests, lessThanOrEqualTo(2L * chunks.size() + 20));
      assertNothingIsSplitAnyMore(desk);
    }
  }

  @Test
  void tenMinutesWithoutAnAnswerCostAFewRequestsAndLeaveNoTrace() throws Exception {
    try (LandingDesk desk = desk("outage", 0)) {
      desk.emulator.faults().add(Fault.status(504).times(-1));
      desk.time.after(Duration.ofMinutes(10), () -> desk.emulator.faults().clear());
      List<Chunk> chunks = even("2014-01-01", 1);
      List<LandedChunk> outcomes = desk.land("kept", 4, chunks);
      long requests = desk.takeRequests();
      assertThat(states(outcomes), equalTo(Set.of(LandedState.LANDED)));
      assertThat(requests, lessThanOrEqualTo(2L * chunks.size() + 20));
      assertNothingIsSplitAnyMore(desk);
    }
  }

  @Test
  void anOutageInTheMiddleOfALargeChunkIsNotTakenForItsSize() throws Exception {
    try (LandingDesk desk = desk("middle", 2_300)) {
      List<Chunk> asked = List.of(LandingDesk.chunk(BarSize.DAY, SYMBOLS, FROM, TO));
      desk.land("quiet", 4, asked);
      long quiet = desk.takeRequests();
      desk.emulator.faults().add(Fault.status(504).times(-1).after((int) quiet / 2));
      desk.time.after(Duration.ofMinutes(10), () -> desk.emulator.faults().clear());
      List<LandedChunk> outcomes = desk.land("kept", 4, asked);
      assertComplete(outcomes);
      long requests = desk.takeRequests();
      assertThat(requests, lessThanOrEqualTo(2 * quiet + 20));
    }
  }

  @Test
  void aServiceThatStaysDownIsGivenUpWithoutAskingForEveryChunk() throws Exception {
    try (LandingDesk desk = desk("down", 0)) {
      desk.emulator.faults().add(Fault.status(504).times(-1));
      List<Chunk> chunks = even("2014-01-01", 4);
      List<LandedChunk> outcomes = desk.land("kept", 4, chunks);
      assertThat(outcomes.size(), equalTo(chunks.size()));
      assertThat(states(outcomes), equalTo(Set.of(LandedState.FAILED)));
      assertThat(desk.takeRequests(), lessThanOrEqualTo(40L));
      desk.time.pass(Duration.ofMinutes(6));
      assertNothingIsSplitAnyMore(desk);
    }
  }
}
