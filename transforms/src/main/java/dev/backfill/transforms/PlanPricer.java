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
 * interval, however finely it is cut into chunks, so that pricing a large plan takes a few
 * requests. A chunk's share is by symbols and time, an estimate.
 */
public final class PlanPricer {
  /** The service's limit. */
  private static final int SYMBOLS_PER_REQUEST = 2_000;

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
   * @param chunks the plan's chunks with their estimates
   */
  public record Price(long records, long billableBytes, double usd, List<Chunk> chunks) {}

  /** Asks for counts, sizes and dollars of everything that is to be asked. */
  public Price price(List<Chunk> toAsk) throws IOException {
    Map<String, Coverage> asked = new LinkedHashMap<>();
    for (Chunk chunk : toAsk) {
      Coverage range = Coverage.of(new Interval(chunk.getStartNs(), chunk.getEndNs()));
      chunk.getSymbols().forEach(s -> asked.merge(s, range, Coverage::union));
    }
    Map<Interval, List<String>> groups = new LinkedHashMap<>();
    asked.forEach(
        (symbol, gaps) ->
            gaps.intervals()
                .forEach(i -> groups.computeIfAbsent(i, k -> new ArrayList<>()).add(symbol)));
    long records = 0;
    long bytes = 0;
    double usd = 0;
    Map<String, Map<Interval, Density>> densities = new HashMap<>();
    for (Map.Entry<Interval, List<String>> group : groups.entrySet()) {
      List<String> symbols = group.getValue();
      for (int i = 0; i < symbols.size(); i += SYMBOLS_PER_REQUEST) {
        List<String> part = symbols.subList(i, Math.min(i + SYMBOLS_PER_REQUEST, symbols.size()));
        Sum sum = ask(query(toAsk.get(0), part, group.getKey()));
        records += sum.records();
        bytes += sum.bytes();
        usd += sum.usd();
        Density density = Density.of(sum.records(), sum.usd(), part.size(), group.getKey());
        part.forEach(
            s -> densities.computeIfAbsent(s, k -> new HashMap<>()).put(group.getKey(), density));
      }
    }
    return new Price(
        records, bytes, usd, toAsk.stream().map(chunk -> estimate(chunk, densities)).toList());
  }

  private record Sum(long records, long bytes, double usd) {
    Sum plus(Sum other) {
      return new Sum(records + other.records, bytes + other.bytes, usd + other.usd);
    }
  }

  /**
   * Symbols that do not exist hold nothing and cost nothing; the plan keeps them, so that landing
   * finds out and the ledger remembers. One parent that does not exist refuses all that were asked
   * with it, so parents are then asked one by one.
   */
  private Sum ask(HistoricalClient.Query query) throws IOException {
    // The service counts anew for each of the three, so they are asked side by side.
    ExecutorService beside = Executors.newFixedThreadPool(2);
    try {
      Future<Long> bytes = beside.submit(() -> client.billableSize(query));
      Future<Double> usd = beside.submit(() -> client.cost(query));
      return new Sum(client.recordCount(query), get(bytes), get(usd));
    } catch (DatabentoApiException e) {
      if (!UNRESOLVED.equals(e.errorCase())) {
        throw e;
      }
      Sum sum = new Sum(0, 0, 0);
      if (query.symbols().size() > 1 && query.stypeIn().equals("parent")) {
        for (String symbol : query.symbols()) {
          sum = sum.plus(ask(query.withSymbols(List.of(symbol))));
        }
      }
      return sum;
    } finally {
      beside.shutdown();
    }
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

  private static Chunk estimate(Chunk chunk, Map<String, Map<Interval, Density>> densities) {
    double records = 0;
    double usdPerRecord = 0;
    for (String symbol : chunk.getSymbols()) {
      for (Map.Entry<Interval, Density> d : densities.getOrDefault(symbol, Map.of()).entrySet()) {
        if (d.getKey().contains(chunk.getStartNs())) {
          records += d.getValue().recordsPerNano() * (chunk.getEndNs() - chunk.getStartNs());
          usdPerRecord = d.getValue().usdPerRecord();
        }
      }
    }
    return Chunk.newBuilder(chunk)
        .setEstimatedRecords(Math.round(records))
        .setUsdPerRecord(usdPerRecord)
        .build();
  }

  /** How many records a nanosecond of one symbol has, and what one costs, within one group. */
  private record Density(double recordsPerNano, double usdPerRecord) {
    static Density of(long records, double usd, int symbols, Interval range) {
      return new Density(
          (double) records / symbols / (range.endNs() - range.startNs()),
          records == 0 ? 0 : usd / records);
    }
  }
}
