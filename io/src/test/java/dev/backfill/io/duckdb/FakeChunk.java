package dev.backfill.io.duckdb;

import dev.backfill.schemas.BarBatch;
import dev.backfill.schemas.BarSegment;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Series;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** A landed chunk of hand-made bars, as strict as a real one. */
final class FakeChunk implements RowSource {
  static final long UNDEFINED = Long.MAX_VALUE;

  private record Row(int segment, long micros, long open, long close, long volume, int publisher) {}

  private final String id;
  private String schema = "ohlcv-1h";
  private String stypeIn = "continuous";
  private LandedState state = LandedState.LANDED;
  private long askedAtNs;
  private int batchRows = 2;
  private boolean verified = true;
  private @Nullable Exception failure;
  private int failAfterBatches = Integer.MAX_VALUE;
  private final List<BarSegment> segments = new ArrayList<>();
  private final List<Stretch> stretches = new ArrayList<>();
  private final List<Row> rows = new ArrayList<>();
  private final List<Reject> rejects = new ArrayList<>();
  private int next = -1;
  private int rejectsTaken;
  private int opened;
  private boolean closed;

  FakeChunk(String id) {
    this.id = id;
  }

  /** Three bars of ZL in one day: an odd price, a negative and an absent one, and the extremes. */
  static FakeChunk threeHours() {
    return new FakeChunk("c1")
        .stretch("ZL.v.0", "2024-01-01", "2024-01-02")
        .segment("ZL", 7, "ZLF4", null)
        .bar("2024-01-01T01:00:00Z", 50_000_000_000L, 50_010_000_001L)
        .bar("2024-01-01T02:00:00Z", -37_630_000_000L, UNDEFINED)
        .bar("2024-01-01T03:00:00Z", 6_612_500L, 999_999_999_999_999_999L);
  }

  static long ns(String time) {
    return Times.nanos(Instant.parse(time.length() == 10 ? time + "T00:00:00Z" : time));
  }

  FakeChunk schema(String name) {
    schema = name;
    return this;
  }

  FakeChunk stype(String name) {
    stypeIn = name;
    return this;
  }

  FakeChunk state(LandedState other) {
    state = other;
    return this;
  }

  FakeChunk asked(long ns) {
    askedAtNs = ns;
    return this;
  }

  FakeChunk unverified() {
    verified = false;
    return this;
  }

  FakeChunk batches(int rowsEach) {
    batchRows = rowsEach;
    return this;
  }

  FakeChunk failsAfter(int batches, Exception how) {
    failAfterBatches = batches;
    failure = how;
    return this;
  }

  FakeChunk reject(String reason, String record) {
    rejects.add(new Reject(reason, record));
    return this;
  }

  FakeChunk stretch(String symbol, String from, String to) {
    return stretch(symbol, from, to, true, true);
  }

  FakeChunk stretch(String symbol, String from, String to, boolean resolved, boolean covered) {
    String tableSymbol =
        new Series("databento", "GLBX.MDP3", schema, stypeIn, symbol).tableSymbol().orElse(null);
    stretches.add(new Stretch(symbol, tableSymbol, ns(from), ns(to), resolved, covered));
    return this;
  }

  FakeChunk segment(
      String symbol, long instrument, @Nullable String contract, @Nullable String parent) {
    segments.add(
        new BarSegment(
            symbol, instrument, contract, null, parent, null, null, null, null, null, null));
    return this;
  }

  /** A row of the newest segment; prices in units of 1e-9. */
  FakeChunk bar(String time, long open, long close, long volume, int publisher) {
    rows.add(new Row(segments.size() - 1, ns(time) / 1000, open, close, volume, publisher));
    return this;
  }

  FakeChunk bar(String time, long open, long close) {
    return bar(time, open, close, 10, 1);
  }

  /** How often it was opened. */
  int opened() {
    return opened;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public LandedChunk landed() {
    LinkedHashSet<String> symbols = new LinkedHashSet<>();
    stretches.forEach(s -> symbols.add(s.symbol()));
    long start = stretches.stream().mapToLong(Stretch::startNs).min().orElse(0);
    long end = stretches.stream().mapToLong(Stretch::endNs).max().orElse(1);
    Chunk chunk =
        new Chunk(
            id,
            "databento",
            "GLBX.MDP3",
            schema,
            stypeIn,
            List.copyOf(symbols),
            start,
            end,
            -1L,
            0.0,
            0L);
    boolean landed = state == LandedState.LANDED;
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(state)
        .setFile(landed ? "file:///landing/" + id + ".dbn.zst" : "")
        .setContractsFile("")
        .setFormat("dbn.zst")
        .setBytes(100)
        .setSha256("ab")
        .setRecordCount(rows.size())
        .setExpectedRecords(rows.size())
        .setVerified(verified)
        .setRequestId("r-" + id)
        .setWarnings(List.of())
        .setAskedAtNs(askedAtNs)
        .setAttempts(2)
        .setCostEstimateUsd(0.25)
        .setHttpStatus(landed ? 200 : 403)
        .setError(landed || state == LandedState.UNRESOLVED ? "" : "the service said no")
        .setRunId("run-land")
        .setPieces(List.of())
        .build();
  }

  @Override
  public Opening open() throws IOException {
    next = 0;
    rejectsTaken = 0;
    opened++;
    closed = false;
    if (failAfterBatches < 0 && failure instanceof IOException io) {
      throw io;
    }
    return new Opening(segments, stretches);
  }

  @Override
  public @Nullable IndexedRecord nextBatch() throws IOException {
    if (next / batchRows >= failAfterBatches) {
      if (failure instanceof IOException io) {
        throw io;
      }
      throw (RuntimeException) failure;
    }
    if (next >= rows.size()) {
      return null;
    }
    List<Row> some = rows.subList(next, Math.min(rows.size(), next + batchRows));
    next += batchRows;
    int n = some.size();
    BarBatch batch =
        new BarBatch(
            n, false, ints(n), longs(n), longs(n), longs(n), longs(n), longs(n), longs(n), ints(n));
    for (Row row : some) {
      if (row.open == UNDEFINED || row.close == UNDEFINED) {
        batch.setHasUndefined(true);
      }
      batch.getSegment().putInt(row.segment);
      batch.getTsEvent().putLong(row.micros);
      batch.getOpen().putLong(row.open);
      batch.getHigh().putLong(Math.max(row.open, row.close));
      batch.getLow().putLong(Math.min(row.open, row.close));
      batch.getClose().putLong(row.close);
      batch.getVolume().putLong(row.volume);
      batch.getPublisherId().putInt(row.publisher);
    }
    for (int i = 2; i < 10; i++) {
      ((ByteBuffer) batch.get(i)).flip();
    }
    return batch;
  }

  private static ByteBuffer ints(int n) {
    return ByteBuffer.allocate(n * 4).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer longs(int n) {
    return ByteBuffer.allocate(n * 8).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public List<Reject> takeRejects() {
    if (next < rows.size()) {
      return List.of();
    }
    List<Reject> taken = List.copyOf(rejects.subList(rejectsTaken, rejects.size()));
    rejectsTaken = rejects.size();
    return taken;
  }

  @Override
  public void close() {
    closed = true;
  }
}
