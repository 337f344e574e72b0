package dev.backfill.emulator.market;

import dev.backfill.io.dbn.DefinitionRecord;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.StatisticsRecord;
import dev.backfill.schemas.BarSize;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The whole market under one seed. Bars are a pure function of (seed, product, time): however a
 * range is asked for, it holds the same bars, and a day is the sum of its hours, an hour of its
 * minutes, a minute of its seconds. Times are UTC ns, ranges half-open. Thread-safe.
 */
public final class Market {
  /** Changes whenever the function changes, so that data of two versions are never mixed. */
  public static final String VERSION = "1";

  private static final long SECOND_NS = 1_000_000_000L;
  private static final long DAY_SECONDS = 86_400;
  private static final long DEFAULT_CACHE_BYTES = 128L << 20;

  private final long seed;
  private final BlockStore store;
  private final Derived derived = Derived.usual();
  private final Revisions revisions = new Revisions();
  private final Map<Dataset, Floor> floors = new EnumMap<>(Dataset.class);

  private Market(long seed, long cacheBytes, Set<Dataset> withoutContinuous) {
    this.seed = seed;
    this.store = new BlockStore(cacheBytes);
    Map<String, List<Product>> byDataset =
        Products.load().stream().collect(Collectors.groupingBy(Product::dataset));
    for (Dataset dataset : Dataset.values()) {
      List<Product> products = byDataset.getOrDefault(dataset.code(), List.of());
      boolean continuous = !withoutContinuous.contains(dataset);
      floors.put(dataset, new Floor(products, OptionSpec.load(), seed, continuous, derived));
    }
  }

  /** The market of a seed. */
  public static Market of(long seed) {
    return of(seed, DEFAULT_CACHE_BYTES);
  }

  /** The market of a seed that keeps up to so many bytes of bars in memory. */
  public static Market of(long seed, long cacheBytes) {
    return new Market(seed, cacheBytes, Set.of());
  }

  /** The market of a seed in which continuous symbols resolve in no product of some datasets. */
  public static Market of(long seed, long cacheBytes, Set<Dataset> withoutContinuous) {
    return new Market(seed, cacheBytes, withoutContinuous);
  }

  /** The seed. */
  public long seed() {
    return seed;
  }

  /** The days that were corrected after they were published. */
  public Revisions revisions() {
    return revisions;
  }

  /** What is kept beside the bars. */
  Derived derived() {
    return derived;
  }

  private Floor floor(Dataset dataset) {
    return Objects.requireNonNull(floors.get(dataset));
  }

  /** The roots of a dataset's products. */
  public List<String> roots(Dataset dataset) {
    return floor(dataset).roots();
  }

  /** The options' own roots, each a parent {@code ROOT.OPT}. */
  public List<String> optionRoots(Dataset dataset) {
    return floor(dataset).optionRoots();
  }

  /**
   * Resolves symbols on the UTC dates [start, end).
   *
   * @param in raw_symbol, continuous, parent or instrument_id
   * @param out raw_symbol gives names, anything else instrument ids
   * @throws SymbolException for a form that does not fit, or a parent without contracts
   */
  public Resolution resolve(
      Dataset dataset, SType in, SType out, List<String> symbols, LocalDate start, LocalDate end) {
    return new Symbology(floor(dataset)).resolve(in, out, symbols, start, end);
  }

  /**
   * Checks the form of a symbol.
   *
   * @throws SymbolException where it does not fit the symbology
   */
  public void checkForm(Dataset dataset, SType in, String symbol) {
    new Symbology(floor(dataset)).check(in, symbol);
  }

  /**
   * The bars that start in [startNs, endNs), merged by time.
   *
   * @param symbols requested symbols, or {@code ALL_SYMBOLS}
   * @throws SymbolException as {@link #resolve}
   */
  public BarQuery query(
      Dataset dataset, BarSize size, SType in, List<String> symbols, long startNs, long endNs) {
    Symbology symbology = new Symbology(floor(dataset));
    long start = ceilDiv(startNs, SECOND_NS);
    long end = ceilDiv(endNs, SECOND_NS);
    List<BarQuery.Part> parts = new ArrayList<>();
    for (int publisher = 0; publisher < dataset.publishers().size(); publisher++) {
      for (String symbol : new LinkedHashSet<>(symbols)) {
        parts.addAll(parts(symbology, dataset, in, symbol, start, end, publisher));
      }
    }
    return new BarQuery(
        store, revisions, dataset, size, new ArrayList<>(new LinkedHashSet<>(parts)));
  }

  private List<BarQuery.Part> parts(
      Symbology symbology,
      Dataset dataset,
      SType in,
      String symbol,
      long start,
      long end,
      int publisher) {
    if (in.equals(SType.CONTINUOUS) && !symbol.equals(Symbology.ALL)) {
      Series series = symbology.continuous(symbol, publisher);
      return series == null ? List.of() : List.of(new BarQuery.Part(series, start, end));
    }
    int from = (int) Math.floorDiv(start, DAY_SECONDS);
    int to = (int) ceilDiv(end, DAY_SECONDS);
    List<BarQuery.Part> parts = new ArrayList<>();
    for (Symbology.Span span : spans(symbology, dataset, in, symbol, from, to)) {
      parts.add(
          new BarQuery.Part(
              Series.of(span.trading(), span.contract(), publisher),
              Math.max(start, span.from() * DAY_SECONDS),
              Math.min(end, span.to() * DAY_SECONDS)));
    }
    return parts;
  }

  private List<Symbology.Span> spans(
      Symbology symbology, Dataset dataset, SType in, String symbol, int from, int to) {
    if (symbol.equals(Symbology.ALL)) {
      List<Symbology.Span> spans = new ArrayList<>();
      for (String root : floor(dataset).roots()) {
        spans.addAll(Symbology.listed(product(dataset, root), from, to));
      }
      return spans;
    }
    return in.equals(SType.PARENT)
        ? symbology.parentSpans(symbol, from, to)
        : symbology.spans(in, symbol, from, to);
  }

  /**
   * The definitions received in [startNs, endNs).
   *
   * @param symbols requested symbols, or {@code ALL_SYMBOLS} for all outrights
   * @throws SymbolException as {@link #resolve}
   */
  public DefinitionQuery definitions(
      Dataset dataset, SType in, List<String> symbols, long startNs, long endNs) {
    return new DefinitionQuery(
        dataset, instruments(dataset, in, symbols, startNs, endNs), startNs, endNs);
  }

  /**
   * The statistics received in [startNs, endNs).
   *
   * @param symbols requested symbols, or {@code ALL_SYMBOLS} for all outrights
   * @throws SymbolException as {@link #resolve}
   */
  public StatisticsQuery statistics(
      Dataset dataset, SType in, List<String> symbols, long startNs, long endNs) {
    return new StatisticsQuery(
        revisions, dataset, instruments(dataset, in, symbols, startNs, endNs), startNs, endNs);
  }

  private List<InstrumentDays> instruments(
      Dataset dataset, SType in, List<String> symbols, long startNs, long endNs) {
    Symbology symbology = new Symbology(floor(dataset));
    int from = (int) Math.floorDiv(startNs, Life.DAY_NS);
    int to = (int) ceilDiv(endNs, Life.DAY_NS);
    InstrumentDays.Collector collector = new InstrumentDays.Collector();
    for (String symbol : new LinkedHashSet<>(symbols)) {
      spans(symbology, dataset, in, symbol, from, to).forEach(collector::add);
    }
    return collector.parts();
  }

  private ProductMarket product(Dataset dataset, String root) {
    return Objects.requireNonNull(floor(dataset).product(root));
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }

  /** The bars of one symbol as a list, for tests: what a table must hold. */
  public List<MarketBar> bars(
      String dataset, BarSize size, SType in, String symbol, long startNs, long endNs) {
    return query(dataset(dataset), size, in, List.of(symbol), startNs, endNs).toList();
  }

  /** The definitions of one symbol as a list, for tests, as version 3 has them. */
  public List<DefinitionRecord> definitions(
      String dataset, SType in, String symbol, long startNs, long endNs) {
    return definitions(dataset(dataset), in, List.of(symbol), startNs, endNs).toList();
  }

  /** The statistics of one symbol as a list, for tests. */
  public List<StatisticsRecord> statistics(
      String dataset, SType in, String symbol, long startNs, long endNs) {
    return statistics(dataset(dataset), in, List.of(symbol), startNs, endNs).toList();
  }

  private static Dataset dataset(String code) {
    return Dataset.of(code).orElseThrow(() -> new IllegalArgumentException("no dataset " + code));
  }
}
