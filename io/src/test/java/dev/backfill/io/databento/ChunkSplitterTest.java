package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Times;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkSplitterTest {
  private static final long START = Times.nanos(LocalDate.of(2024, 1, 1));

  private static Chunk chunk(BarSize size, String stypeIn, int symbols, long startNs, long endNs) {
    List<String> names = IntStream.range(0, symbols).mapToObj(i -> "S" + i + ".v.0").toList();
    String id = ChunkId.of("databento", "GLBX.MDP3", size.schema(), stypeIn, names, startNs, endNs);
    return new Chunk(
        id,
        "databento",
        "GLBX.MDP3",
        size.schema(),
        stypeIn,
        names,
        startNs,
        endNs,
        1_000L,
        0.5,
        0L);
  }

  private static void assertExactly(Chunk whole, List<Chunk> parts) {
    Map<String, Coverage> covered = new HashMap<>();
    Interval all = new Interval(whole.getStartNs(), whole.getEndNs());
    for (Chunk part : parts) {
      Coverage range = Coverage.of(new Interval(part.getStartNs(), part.getEndNs()));
      for (String symbol : part.getSymbols()) {
        Coverage before = covered.getOrDefault(symbol, Coverage.NONE);
        assertThat(before.intersect(range), equalTo(Coverage.NONE));
        covered.put(symbol, before.union(range));
      }
    }
    assertThat(covered.size(), equalTo(whole.getSymbols().size()));
    whole.getSymbols().forEach(s -> assertThat(covered.get(s), equalTo(Coverage.of(all))));
  }

  @Test
  void partsAreExactlyTheChunkWhateverIsAsked() {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      BarSize size = BarSize.values()[random.nextInt(BarSize.values().length)];
      long edge = size.edgeNs();
      long start = START + random.nextInt(500) * edge;
      long end = start + (1 + random.nextInt(3_000)) * edge;
      String stype = random.nextInt(5) == 0 ? "parent" : "continuous";
      Chunk whole = chunk(size, stype, 1 + random.nextInt(40), start, end);
      long most = 1 + (long) (random.nextDouble() * ChunkSplitter.size(whole));
      for (List<Chunk> parts :
          List.of(ChunkSplitter.parts(whole, most), ChunkSplitter.firstAndRest(whole, most))) {
        assertExactly(whole, parts);
        assertThat(
            parts.stream().allMatch(p -> p.getStartNs() % edge == 0 && p.getEndNs() % edge == 0),
            equalTo(true));
      }
      long smallest = ChunkSplitter.size(ChunkSplitter.smallest(whole));
      assertThat(
          ChunkSplitter.parts(whole, most).stream().map(ChunkSplitter::size).toList(),
          everyItem(lessThanOrEqualTo(Math.max(most, smallest))));
      assertThat(ChunkSplitter.parts(whole, most), equalTo(ChunkSplitter.parts(whole, most)));
    }
  }

  @Test
  void aChunkIsCutDownToOneSymbolAndOneInterval() {
    Chunk whole = chunk(BarSize.HOUR, "continuous", 3, START, START + 5 * 3_600 * Times.SECOND_NS);
    List<Chunk> smallest = new ArrayList<>(List.of(whole));
    while (smallest.stream().anyMatch(c -> !ChunkSplitter.isSmallest(c))) {
      List<Chunk> next = new ArrayList<>();
      for (Chunk c : smallest) {
        next.addAll(
            ChunkSplitter.isSmallest(c)
                ? List.of(c)
                : ChunkSplitter.parts(c, ChunkSplitter.size(c) / 2));
      }
      smallest = next;
    }
    assertThat(smallest, hasSize(15));
    assertExactly(whole, smallest);
  }

  @Test
  void minutesAreCutOnTenMinuteEdgesWhereCountsAreExact() {
    Chunk whole = chunk(BarSize.MINUTE, "continuous", 1, START, START + 3_600 * Times.SECOND_NS);
    List<Chunk> parts = ChunkSplitter.parts(whole, 1);
    assertThat(parts, hasSize(6));
    assertThat(ChunkSplitter.isSmallest(parts.get(0)), equalTo(true));
    assertThat(ChunkSplitter.smallest(whole), equalTo(parts.get(0)));
  }

  @Test
  void symbolsAreCutFirst() {
    Chunk whole = chunk(BarSize.DAY, "continuous", 3, START, START + 182 * Times.DAY_NS);
    assertThat(
        ChunkSplitter.parts(whole, 273).stream().map(Chunk::getSymbols).toList(),
        contains(List.of("S0.v.0"), List.of("S1.v.0"), List.of("S2.v.0")));
    assertThat(
        ChunkSplitter.parts(whole, 364).stream().map(Chunk::getSymbols).toList(),
        contains(List.of("S0.v.0", "S1.v.0"), List.of("S2.v.0")));
  }

  @Test
  void aSymbolIsCutWhereWholeOnesWouldTakeManyMoreRequests() {
    Chunk whole = chunk(BarSize.DAY, "continuous", 30, START, START + 1_000 * Times.DAY_NS);
    // Two whole symbols would be 2,000 days: with whole ones, every part would be half empty.
    assertThat(ChunkSplitter.parts(whole, 1_900), hasSize(lessThanOrEqualTo(17)));
  }

  @Test
  void aParentIsNeverJoinedWithAnother() {
    Chunk whole = chunk(BarSize.DAY, "parent", 4, START, START + 10 * Times.DAY_NS);
    List<Chunk> parts = ChunkSplitter.parts(whole, 39);
    assertThat(parts, hasSize(4));
    assertThat(ChunkSplitter.firstAndRest(whole, 39).get(0), equalTo(parts.get(0)));
  }

  @Test
  void aPartHasItsShareOfTheEstimateAndThePrice() {
    Chunk whole = chunk(BarSize.DAY, "continuous", 2, START, START + 100 * Times.DAY_NS);
    List<Chunk> parts = ChunkSplitter.parts(whole, 50);
    assertThat(parts, hasSize(4));
    parts.forEach(part -> assertThat(part.getEstimatedRecords(), equalTo(250L)));
    parts.forEach(part -> assertThat(part.getUsdPerRecord(), equalTo(0.5)));
  }
}
