package dev.backfill.transforms;

import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Fred;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Job;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.SeriesRange;
import dev.backfill.schemas.Times;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says what is to be done: <i>wanted minus covered minus landed</i>, cut by the job's chunk limits.
 * Pure: the same answers give the same plan with the same chunk ids. No Beam, no I/O, no clock.
 */
public final class ChunkPlanner {
  /** Chunks for each request slot, so that no slot idles while another works off a large one. */
  static final int CHUNKS_PER_SLOT = 4;

  /** A chunk with fewer possible bars than this is not cut finer for the sake of the slots. */
  static final long SMALL_CHUNK_BARS = 150_000;

  private final Job job;
  private final int requestSlots;

  /**
   * A planner for one job.
   *
   * @param requestSlots how many requests are under way at once, at least 1
   */
  public ChunkPlanner(Job job, int requestSlots) {
    this.job = job;
    this.requestSlots = requestSlots;
  }

  /**
   * Makes the plan of what is wanted and not covered.
   *
   * @param covered what need not be brought, by symbol
   */
  public Plan plan(
      @Nullable Interval wanted, Map<String, Coverage> covered, List<LandedChunk> landed) {
    return plan(PlanInput.of(wanted, covered, landed));
  }

  /** Makes the plan. */
  public Plan plan(PlanInput input) {
    if (input.wanted() == null) {
      return new Plan(null, Map.of(), Map.of(), List.of(), List.of(), false);
    }
    Map<String, SymbolPlan> symbols = new LinkedHashMap<>();
    Map<String, Coverage> wanted = new LinkedHashMap<>();
    for (String symbol : job.symbols()) {
      wanted.put(symbol, input.wanted(symbol));
      symbols.put(
          symbol,
          new SymbolPlan(
              input.wanted(symbol),
              input.known().getOrDefault(symbol, List.of()),
              input.again().getOrDefault(symbol, List.of())));
    }
    List<LandedChunk> toLoad = takeFromLanding(symbols, input);
    Map<String, Coverage> covered = new HashMap<>();
    Map<String, Coverage> missing = new LinkedHashMap<>();
    symbols.forEach(
        (symbol, plan) -> {
          covered.put(symbol, plan.covered());
          missing.put(symbol, input.offline() ? Coverage.NONE : plan.toAsk());
        });
    List<Chunk> chunks = cut(missing);
    if (input.order() == PlanInput.Order.NEWEST_FIRST) {
      chunks.sort(Comparator.comparingLong(Chunk::getStartNs).reversed());
    }
    return new Plan(input.wanted(), wanted, covered, toLoad, chunks, !input.again().isEmpty());
  }

  /** Assigns what the landing holds to its newest file. */
  private static List<LandedChunk> takeFromLanding(
      Map<String, SymbolPlan> symbols, PlanInput input) {
    List<LandedChunk> newestFirst = new ArrayList<>(input.landed());
    newestFirst.sort(
        Comparator.comparingLong(LandedChunk::getAskedAtNs)
            .reversed()
            .thenComparing(c -> c.getChunk().getChunkId()));
    List<LandedChunk> toLoad = new ArrayList<>();
    for (LandedChunk candidate : newestFirst) {
      if (candidate.getState() == LandedState.LANDED
          || candidate.getState() == LandedState.UNRESOLVED) {
        add(
            toLoad,
            candidate,
            symbols,
            (symbol, held) -> symbol.take(held, candidate.getAskedAtNs()));
      }
    }
    for (LandedChunk candidate : input.offline() ? newestFirst : List.<LandedChunk>of()) {
      if (candidate.getState() == LandedState.NOT_ENTITLED) {
        add(toLoad, candidate, symbols, SymbolPlan::takeRefusal);
      }
    }
    return toLoad;
  }

  private static void add(
      List<LandedChunk> toLoad,
      LandedChunk candidate,
      Map<String, SymbolPlan> symbols,
      BiFunction<SymbolPlan, Interval, Coverage> taking) {
    Chunk chunk = candidate.getChunk();
    Interval held = new Interval(chunk.getStartNs(), chunk.getEndNs());
    List<SeriesRange> pieces = new ArrayList<>();
    for (String symbol : chunk.getSymbols()) {
      SymbolPlan plan = symbols.get(symbol);
      if (plan != null) {
        taking.apply(plan, held).intervals().forEach(i -> pieces.add(piece(symbol, i)));
      }
    }
    if (!pieces.isEmpty()) {
      toLoad.add(LandedChunk.newBuilder(candidate).setPieces(pieces).build());
    }
  }

  /** Cuts what is missing: symbols that miss the same share their chunks. */
  private List<Chunk> cut(Map<String, Coverage> missing) {
    Map<Coverage, List<String>> symbolsByGap = new LinkedHashMap<>();
    missing.forEach(
        (symbol, gap) -> {
          if (!gap.isEmpty()) {
            symbolsByGap.computeIfAbsent(gap, g -> new ArrayList<>()).add(symbol);
          }
        });
    if (Fred.isSourceOf(job)) {
      return whole(symbolsByGap);
    }
    int days = job.chunk().days();
    List<Chunk> chunks = cut(symbolsByGap, days);
    while (chunks.size() < CHUNKS_PER_SLOT * requestSlots && days > 1 && isLarge(chunks)) {
      days = (days + 1) / 2;
      chunks = cut(symbolsByGap, days);
    }
    return chunks;
  }

  /** A series that is replaced whole is asked for whole, in the job's order. */
  private List<Chunk> whole(Map<Coverage, List<String>> symbolsByGap) {
    Set<String> symbols = new HashSet<>();
    symbolsByGap.values().forEach(symbols::addAll);
    return new ArrayList<>(
        job.symbols().stream()
            .filter(symbols::contains)
            .map(symbol -> chunk(List.of(symbol), Fred.WHOLE))
            .toList());
  }

  private List<Chunk> cut(Map<Coverage, List<String>> symbolsByGap, int days) {
    int width = job.stypeIn().equals("parent") ? 1 : job.chunk().symbols();
    List<Chunk> chunks = new ArrayList<>();
    symbolsByGap.forEach(
        (gap, symbols) -> {
          for (Interval range : gap.cut(days * Times.DAY_NS)) {
            for (int i = 0; i < symbols.size(); i += width) {
              chunks.add(chunk(symbols.subList(i, Math.min(i + width, symbols.size())), range));
            }
          }
        });
    return chunks;
  }

  private boolean isLarge(List<Chunk> chunks) {
    long barNs = BarSize.ofSchema(job.schema()).map(BarSize::lengthNs).orElse(Times.DAY_NS);
    return chunks.stream()
        .anyMatch(
            c ->
                (c.getEndNs() - c.getStartNs()) / barNs * c.getSymbols().size() > SMALL_CHUNK_BARS);
  }

  private Chunk chunk(List<String> symbols, Interval range) {
    return Chunk.newBuilder()
        .setChunkId(
            ChunkId.of(
                job.source(),
                job.dataset(),
                job.schema(),
                job.stypeIn(),
                symbols,
                range.startNs(),
                range.endNs()))
        .setSource(job.source())
        .setDataset(job.dataset())
        .setSchemaName(job.schema())
        .setStypeIn(job.stypeIn())
        .setSymbols(List.copyOf(symbols))
        .setStartNs(range.startNs())
        .setEndNs(range.endNs())
        .setEstimatedRecords(-1)
        .setUsdPerRecord(0)
        .build();
  }

  private static SeriesRange piece(String symbol, Interval range) {
    return SeriesRange.newBuilder()
        .setSymbol(symbol)
        .setStartNs(range.startNs())
        .setEndNs(range.endNs())
        .build();
  }
}
