package dev.backfill.io.databento;

import com.github.luben.zstd.ZstdOutputStream;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Times;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A service that answers as it is told, and otherwise with one bar a day for each symbol that it
 * knows. As strict as the real one about what it is asked.
 */
class FakeClient implements HistoricalClient {
  /** One answer of get_range. */
  @FunctionalInterface
  interface Reply {
    Answer answer(Query query) throws IOException;
  }

  /** One answer of get_record_count. */
  @FunctionalInterface
  interface CountReply {
    long count(Query query) throws IOException;
  }

  final List<Query> asked = new ArrayList<>();
  final List<List<String>> resolved = new ArrayList<>();
  final Deque<Reply> replies = new ArrayDeque<>();
  final Deque<CountReply> counts = new ArrayDeque<>();
  final Map<String, Long> instruments = new HashMap<>();
  Runnable beforeAnswer = () -> {};
  Reply resolveFailure = query -> null;
  int countsAsked;
  final AtomicInteger openAnswers = new AtomicInteger();
  boolean closed;

  FakeClient() {
    instruments.put("ZL.v.0", 100L);
    instruments.put("CL.v.0", 200L);
    instruments.put("ESH4", 300L);
  }

  /** The bars of a symbol: one at the start of each UTC day. */
  static long barsOf(Query query) {
    return (query.endNs() - query.startNs()) / Times.DAY_NS;
  }

  static Answer body(InputStream body) {
    return new Answer() {
      @Override
      public InputStream body() {
        return body;
      }

      @Override
      public String requestId() {
        return "req-1";
      }

      @Override
      public List<String> warnings() {
        return List.of("Warning: reduced quality");
      }

      @Override
      public void close() throws IOException {
        body.close();
      }
    };
  }

  static Answer body(byte[] bytes) {
    return body(new ByteArrayInputStream(bytes));
  }

  /** A body that breaks after some bytes. */
  static Answer broken(byte[] bytes, int after) {
    return body(
        new FilterInputStream(new ByteArrayInputStream(bytes, 0, after)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n < 0) {
              throw ServiceConnectionException.passing("the connection was reset", null);
            }
            return n;
          }
        });
  }

  static DatabentoApiException refusal(int status, String errorCase) {
    return DatabentoApiException.of(
        "timeseries.get_range",
        status,
        "req-" + status,
        null,
        "{\"detail\": {\"case\": \""
            + errorCase
            + "\", \"message\": \"the service's words\", \"status_code\": "
            + status
            + "}}");
  }

  DbnMetadata metadata(Query query) {
    LocalDate start = Times.date(query.startNs());
    LocalDate end = Times.date(query.endNs());
    List<String> known = query.symbols().stream().filter(instruments::containsKey).toList();
    return DbnMetadata.builder(3)
        .dataset(query.dataset())
        .schema(DbnSchema.parse(query.schema()))
        .stypeIn(SType.parse(query.stypeIn()))
        .startNs(query.startNs())
        .endNs(query.endNs())
        .symbols(query.symbols())
        .notFound(query.symbols().stream().filter(s -> !known.contains(s)).toList())
        .mappings(
            known.stream()
                .map(
                    symbol ->
                        new SymbolMapping(
                            symbol,
                            List.of(
                                new MappingInterval(
                                    start, end, instruments.get(symbol).toString()))))
                .toList())
        .build();
  }

  /** The whole answer, in zstd. */
  byte[] whole(Query query) throws IOException {
    return answer(query, barsOf(query), m -> m);
  }

  /** An answer with so many days of bars. */
  byte[] answer(Query query, long days, UnaryOperator<DbnMetadata> change) throws IOException {
    return answer(query, days, change, 3);
  }

  byte[] answer(Query query, long days, UnaryOperator<DbnMetadata> change, int level)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DbnMetadata metadata = metadata(query);
    try (DbnWriter writer =
        new DbnWriter(new ZstdOutputStream(bytes, level), change.apply(metadata))) {
      for (int day = 0; day < days; day++) {
        for (String symbol : query.symbols()) {
          if (instruments.containsKey(symbol)) {
            bar(writer, query, instruments.get(symbol), query.startNs() + day * Times.DAY_NS);
          }
        }
      }
    }
    return bytes.toByteArray();
  }

  static void bar(DbnWriter writer, Query query, long instrument, long at) throws IOException {
    int rtype = BarSize.ofSchema(query.schema()).orElseThrow().rtype();
    long open = 6_613_500L + Times.epochDay(at);
    writer.ohlcv(rtype, 1, instrument, at, open, open + 10, -open, Long.MAX_VALUE, 42);
  }

  @Override
  public Answer getRange(Query query) throws IOException {
    Reply reply;
    synchronized (this) {
      checkOpen();
      if (query.startNs() >= query.endNs() || query.symbols().isEmpty()) {
        throw refusal(422, "data_time_range_start_on_or_after_end");
      }
      asked.add(query);
      reply = replies.isEmpty() ? q -> body(whole(q)) : replies.remove();
    }
    beforeAnswer.run();
    Answer answer = reply.answer(query);
    openAnswers.incrementAndGet();
    return new Answer() {
      @Override
      public InputStream body() {
        return answer.body();
      }

      @Override
      public String requestId() {
        return answer.requestId();
      }

      @Override
      public List<String> warnings() {
        return answer.warnings();
      }

      @Override
      public void close() throws IOException {
        openAnswers.decrementAndGet();
        answer.close();
      }
    };
  }

  @Override
  public long recordCount(Query query) throws IOException {
    CountReply reply;
    synchronized (this) {
      checkOpen();
      countsAsked++;
      reply =
          counts.isEmpty()
              ? q -> barsOf(q) * q.symbols().stream().filter(instruments::containsKey).count()
              : counts.remove();
    }
    return reply.count(query);
  }

  @Override
  public synchronized Resolution resolve(
      String dataset,
      List<String> symbols,
      String stypeIn,
      String stypeOut,
      LocalDate startDate,
      LocalDate endDate)
      throws IOException {
    checkOpen();
    if (symbols.size() > 2_000 || symbols.isEmpty() || !startDate.isBefore(endDate)) {
      throw refusal(422, "validation_failed");
    }
    resolved.add(symbols);
    resolveFailure.answer(
        new Query(dataset, "", stypeIn, symbols, Times.nanos(startDate), Times.nanos(endDate)));
    Map<String, List<Mapped>> result = new HashMap<>();
    for (String symbol : symbols) {
      boolean byId = stypeIn.equals("instrument_id");
      String name =
          byId ? "CONTRACT" + symbol : String.valueOf(instruments.getOrDefault(symbol, 0L));
      boolean known = byId || instruments.containsKey(symbol);
      result.put(symbol, known ? List.of(new Mapped(startDate, endDate, name)) : List.<Mapped>of());
    }
    return new Resolution(result, List.of(), List.of());
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The client is closed");
    }
  }

  @Override
  public Origin origin() {
    return new Origin("emulator:fake:1");
  }

  @Override
  public DatasetRange datasetRange(String dataset) {
    throw new UnsupportedOperationException("not asked when landing");
  }

  @Override
  public List<DayCondition> datasetCondition(String dataset, LocalDate first, LocalDate last) {
    throw new UnsupportedOperationException("not asked when landing");
  }

  @Override
  public long billableSize(Query query) {
    throw new UnsupportedOperationException("not asked when landing");
  }

  @Override
  public double cost(Query query) {
    throw new UnsupportedOperationException("not asked when landing");
  }

  @Override
  public Map<String, Double> unitPrices(String dataset) {
    throw new UnsupportedOperationException("not asked when landing");
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
