package dev.backfill.emulator.http;

import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.Resolution;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnRecord;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.dbn.ZstdOutput;
import dev.backfill.schemas.BarSize;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one data answer in its encoding; faults inside the data happen here. */
final class BodyWriter {
  private static final int PART_OF_RECORD = 20;

  private final EmulatorConfig config;
  private final Market market;
  private final DataRequest request;
  private final Resolution resolution;
  private final Encoding encoding;
  private final @Nullable Fault fault;
  private long records;

  BodyWriter(
      EmulatorConfig config,
      Market market,
      DataRequest request,
      Resolution resolution,
      Encoding encoding,
      @Nullable Fault fault) {
    this.config = config;
    this.market = market;
    this.request = request;
    this.resolution = resolution;
    this.encoding = encoding;
    this.fault = fault;
  }

  /** Records written so far. */
  long records() {
    return records;
  }

  /** Says how many records an answer from the cache holds. */
  void countCached(long count) {
    records = count;
  }

  /** Writes the whole body; does not close the stream. */
  void write(OutputStream out) throws IOException {
    if (!encoding.zstd()) {
      plain(new Unclosed(out), null);
      return;
    }
    try (ZstdOutput zstd = ZstdOutput.wrap(new Unclosed(out), config.zstdLevel())) {
      plain(zstd, zstd);
    }
  }

  private void plain(OutputStream out, @Nullable ZstdOutput zstd) throws IOException {
    if (encoding.name().equals("dbn")) {
      dbn(out, zstd);
    } else {
      text(out);
    }
  }

  private void text(OutputStream out) throws IOException {
    boolean ids = request.stypeIn().equals(SType.INSTRUMENT_ID);
    SymbolNames names = encoding.mapSymbols() ? new SymbolNames(resolution, ids) : null;
    BarSize size = request.schema().barSize();
    if (size == null) {
      RecordText records = new RecordText(out, request.schema(), encoding, names);
      each(new Selection(), records::write);
      records.finish();
      return;
    }
    TextWriter writer =
        new TextWriter(
            out,
            encoding.name().equals("json"),
            encoding.prettyPrices(),
            encoding.prettyTimes(),
            names,
            size.rtype());
    Selection selection = new Selection();
    request
        .bars(market)
        .forEach(
            (ts, publisher, id, o, h, l, c, v) -> {
              if (selection.takes()) {
                writer.bar(ts, publisher, id, o, h, l, c, v);
              }
              return selection.wantsMore();
            });
    writer.finish();
  }

  private void dbn(OutputStream out, @Nullable ZstdOutput zstd) throws IOException {
    Truncated truncated = new Truncated(out);
    DbnWriter writer = new DbnWriter(truncated, metadata());
    Selection selection = new Selection();
    BarSize size = request.schema().barSize();
    if (size == null) {
      each(
          selection,
          record -> {
            cutRecord(truncated, writer);
            writer.write(record);
            endFrame(writer, zstd);
          });
    } else {
      int rtype = size.rtype();
      request
          .bars(market)
          .forEach(
              (ts, publisher, id, o, h, l, c, v) -> {
                if (selection.takes()) {
                  cutRecord(truncated, writer);
                  writer.ohlcv(rtype, publisher, id, ts, o, h, l, c, v);
                  endFrame(writer, zstd);
                }
                return selection.wantsMore();
              });
    }
    writer.flush();
  }

  /** Loses the end of the record that is written next, where that is the fault. */
  private void cutRecord(Truncated truncated, DbnWriter writer) {
    if (fault != null && fault.kind() == Fault.Kind.CUT_RECORD && records == fault.at() + 1) {
      truncated.limit = writer.byteCount() + PART_OF_RECORD;
    }
  }

  private void endFrame(DbnWriter writer, @Nullable ZstdOutput zstd) throws IOException {
    int perFrame = config.recordsPerFrame();
    if (zstd != null && perFrame > 0 && records % perFrame == 0) {
      writer.flush();
      zstd.endFrame();
    }
  }

  /** Takes a definition or a statistic. */
  private interface RecordTaker {
    void take(DbnRecord record) throws IOException;
  }

  private void each(Selection selection, RecordTaker taker) throws IOException {
    if (request.schema() == Schema.DEFINITION) {
      boolean legs = config.dbnVersion() >= DataRequest.LEGS_FROM;
      request.definitions(market).forEach(legs, record -> take(record, selection, taker));
    } else {
      request.statistics(market).forEach(record -> take(record, selection, taker));
    }
  }

  private static boolean take(DbnRecord record, Selection selection, RecordTaker taker)
      throws IOException {
    if (selection.takes()) {
      taker.take(record);
    }
    return selection.wantsMore();
  }

  /** Which records are sent: limits and faults. */
  private final class Selection {
    private final long most;
    private final long every;
    private long seen;

    Selection() {
      long limit = request.limit() == 0 ? Long.MAX_VALUE : request.limit();
      boolean cut =
          fault != null
              && (fault.kind() == Fault.Kind.CUT_BETWEEN_FRAMES
                  || fault.kind() == Fault.Kind.CUT_RECORD);
      long extra = fault != null && fault.kind() == Fault.Kind.CUT_RECORD ? 1 : 0;
      most = cut && fault != null ? Math.min(limit, fault.at() + extra) : limit;
      every = fault != null && fault.kind() == Fault.Kind.DROP_BARS ? fault.at() : 0;
    }

    boolean takes() {
      seen++;
      if (records >= most || (every > 0 && seen % every == 0)) {
        return false;
      }
      records++;
      return true;
    }

    boolean wantsMore() {
      return records < most;
    }
  }

  private DbnMetadata metadata() {
    List<SymbolMapping> mappings =
        request.wholeUniverse()
            ? List.of()
            : resolution.result().entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> new SymbolMapping(e.getKey(), e.getValue()))
                .toList();
    return DbnMetadata.builder(config.dbnVersion())
        .dataset(request.dataset().code())
        .schema(DbnSchema.parse(request.schema().apiName()))
        .stypeIn(request.stypeIn())
        .stypeOut(request.stypeOut())
        .startNs(request.startNs())
        .endNs(request.endNs())
        .limit(request.limit())
        .symbols(request.symbols())
        .partial(resolution.partial())
        .notFound(resolution.notFound())
        .mappings(mappings)
        .build();
  }

  /** Passes bytes on and leaves the stream below open. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
    }

    @Override
    public void flush() {
      // The network decides when to send; small flushes would make small packets.
    }

    @Override
    public void close() {
      // What is below is closed where it was opened.
    }
  }

  /** Loses all bytes after a limit. */
  private static final class Truncated extends FilterOutputStream {
    private long limit = Long.MAX_VALUE;
    private long passed;

    Truncated(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      int part = (int) Math.min(len, Math.max(0, limit - passed));
      out.write(b, off, part);
      passed += len;
    }
  }
}
