package dev.backfill.transforms;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks the service what a plan holds and costs; free. Asks once for all symbols that miss the same
 * interval, however finely it is cut into chunks, and for all such groups side by side; so that
 * pricing any plan takes a few calls and the time of one. A chunk's share is by symbols and time,
 * an estimate.
 */
public final class PlanPricer {
  /** The service's limit. */
  private static final int SYMBOLS_PER_REQUEST = 2_000;

  /**
   * Groups that are asked for: with three calls each, and one for the available range, below the 20
   * that the service answers in a second.
   */
  private static final int GROUPS = 6;

  private static final int BESIDE = 3 * GROUPS;
  private static final String UNRESOLVED = "symbology_invalid_request";

  private final HistoricalClient client;

  /** A pricer that asks through this client. */
  public PlanPricer(HistoricalClient client) {
    this.client = client;
  }

  /**
   * What the whole plan comes to.
   *
   * @param records bars to fetch, exact on the edges that plans use
   * @param billableBytes uncompressed bytes, what the service bills by
   * @param usd US dollars; 0 for what the account's plan includes
   * @param isExact whether these are the service's own figures; else what is missing is so
   *     scattered that they are its figures for more, by the share that is missing
   * @param chunks the plan's chunks with their estimates
   */
  public record Price(
      long records, long billableBytes, double usd, boolean isExact, List<Chunk> chunks) {
    /** The price of nothing. */
    public static final Price NOTHING = new Price(0, 0, 0, true, List.of());

    /** Both together. */
    public Price plus(Price other) {
      List<Chunk> all = new ArrayList<>(chunks);
      all.addAll(other.chunks);
      return new Price(
          records + other.records,
          billableBytes + other.billableBytes,
          usd + other.usd,
          isExact && other.isExact,
          all);
    }
  }

  /** Asks for counts, sizes and dollars of everything that is to be asked, all side by side. */
  public Price price(List<Chunk> toAsk) throws IOException {
    Map<String, Coverage> asked = new LinkedHashMap<>();
    for (Chunk chunk : toAsk) {
      Coverage range = Coverage.of(new Interval(chunk.getStartNs(), chunk.getEndNs()));
      chunk.getSymbols().forEach(s -> asked.merge(s, range, Coverage::union));
    }
    List<PriceGroup> groups = PriceGroup.of(asked, GROUPS, SYMBOLS_PER_REQUEST);
    ExecutorService beside = Executors.newFixedThreadPool(Math.min(BESIDE, 3 * groups.size()));
    try {
      List<Sums> sums = new ArrayList<>();
      for (PriceGroup group : groups) {
        sums.add(ask(beside, query(toAsk.get(0), group.symbols(), group.range())));
      }
      Map<String, List<Density>> densities = new HashMap<>();
      Sum all = new Sum(0, 0, 0);
      for (int i = 0; i < groups.size(); i++) {
        Sum sum = sums.get(i).get();
        all = all.plus(sum.times(groups.get(i).wantedPart()));
        Density density = Density.of(groups.get(i), sum);
        groups
            .get(i)
            .symbols()
            .forEach(s -> densities.computeIfAbsent(s, k -> new ArrayList<>()).add(density));
      }
      return new Price(
          Math.round(all.records()),
          Math.round(all.bytes()),
          all.usd(),
          groups.stream().allMatch(PriceGroup::isExact),
          toAsk.stream().map(chunk -> estimate(chunk, densities)).toList());
    } finally {
      beside.shutdownNow();
    }
  }

  private record Sum(double records, double bytes, double usd) {
    Sum plus(Sum other) {
      return new Sum(records + other.records, bytes + other.bytes, usd + other.usd);
    }

    Sum times(double part) {
      return new Sum(records * part, bytes * part, usd * part);
    }
  }

  /** What the service is being asked of one group. */
  private interface Sums {
    Sum get() throws IOException;
  }

  /**
   * Symbols that do not exist hold nothing and cost nothing; the plan keeps them, so that landing
   * finds out and the ledger remembers. One parent that does not exist refuses all that were asked
   * with it, so parents are then asked one by one.
   */
  private Sums ask(ExecutorService beside, HistoricalClient.Query query) {
    // The service counts anew for each of the three.
    Future<Long> records = beside.submit(() -> client.recordCount(query));
    Future<Long> bytes = beside.submit(() -> client.billableSize(query));
    Future<Double> usd = beside.submit(() -> client.cost(query));
    return () -> {
      try {
        return new Sum(get(records), get(bytes), get(usd));
      } catch (DatabentoApiException e) {
        if (!UNRESOLVED.equals(e.errorCase())) {
          throw e;
        }
        return oneByOne(beside, query);
      }
    };
  }

  private Sum oneByOne(ExecutorService beside, HistoricalClient.Query query) throws IOException {
    Sum sum = new Sum(0, 0, 0);
    if (query.symbols().size() > 1 && query.stypeIn().equals("parent")) {
      List<Sums> each = new ArrayList<>();
      query.symbols().forEach(s -> each.add(ask(beside, query.withSymbols(List.of(s)))));
      for (Sums one : each) {
        sum = sum.plus(one.get());
      }
    }
    return sum;
  }

  private static <T> T get(Future<T> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while the plan was priced");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static HistoricalClient.Query query(Chunk like, List<String> symbols, Interval range) {
    return new HistoricalClient.Query(
        like.getDataset(),
        like.getSchemaName(),
        like.getStypeIn(),
        symbols,
        range.startNs(),
        range.endNs());
  }

  private static Chunk estimate(Chunk chunk, Map<String, List<Density>> densities) {
    double records = 0;
    double usd = 0;
    for (String symbol : chunk.getSymbols()) {
      for (Density d : densities.getOrDefault(symbol, List.of())) {
        if (d.range().contains(chunk.getStartNs())) {
          double some = d.recordsPerNano() * (chunk.getEndNs() - chunk.getStartNs());
          records += some;
          usd += some * d.usdPerRecord();
          break;
        }
      }
    }
    return Chunk.newBuilder(chunk)
        .setEstimatedRecords(Math.round(records))
        .setUsdPerRecord(records == 0 ? 0 : usd / records)
        .build();
  }

  /** How many records a nanosecond of one symbol has, and what one costs, within one group. */
  private record Density(Interval range, double recordsPerNano, double usdPerRecord) {
    static Density of(PriceGroup group, Sum sum) {
      return new Density(
          group.range(),
          sum.records() / group.symbols().size() / group.nanos(),
          sum.records() == 0 ? 0 : sum.usd() / sum.records());
    }
  }
}
