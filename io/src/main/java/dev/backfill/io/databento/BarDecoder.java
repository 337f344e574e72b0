package dev.backfill.io.databento;

import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.SymbolTimeline;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Bar;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.FixedPrice;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.Times;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bars of a landed file as Avro records, one for each symbol under which the bar was asked for.
 * Streaming; not for several threads.
 */
final class BarDecoder implements Closeable {
  private final Chunk chunk;
  private final DbnReader reader;
  private final SymbolTimeline timeline;
  private final Contracts contracts;

  private BarDecoder(Chunk chunk, DbnReader reader, Contracts contracts) throws IOException {
    this.chunk = chunk;
    this.reader = reader;
    this.timeline = SymbolTimeline.of(reader.metadata());
    this.contracts = contracts;
  }

  /** Opens the file of a landed chunk. */
  static BarDecoder open(LandedChunk landed) throws IOException {
    Contracts contracts = LandingArea.contracts(landed).orElse(Contracts.of(Map.of()));
    DbnReader reader = DbnReader.open(LandingArea.openVerified(landed));
    try {
      return new BarDecoder(landed.getChunk(), reader, contracts);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  /** Gives every bar, each a record of its own, in the order of the file. */
  void forEach(Consumer<Bar> consumer) throws IOException {
    while (reader.next()) {
      if (!RType.isOhlcv(reader.rtype())) {
        continue;
      }
      int handle = timeline.lookup(reader.instrumentId(), Times.epochDay(reader.tsEvent()));
      if (handle == SymbolTimeline.NONE) {
        consumer.accept(bar(null));
      }
      while (handle != SymbolTimeline.NONE) {
        consumer.accept(bar(timeline.mapped(handle).symbol()));
        handle = timeline.nextSame(handle);
      }
    }
  }

  /** The bar at which the reader stands, under the name that the mappings give it. */
  private Bar bar(@Nullable String mapped) throws IOException {
    String contract = contract(mapped);
    Bar.Builder bar =
        Bar.newBuilder()
            .setDataset(chunk.getDataset())
            .setSchemaName(chunk.getSchemaName())
            .setSymbol(symbol(mapped, contract))
            .setInstrumentId(reader.instrumentId())
            .setPublisherId(reader.publisherId())
            .setTsEvent(Times.instant(reader.tsEvent()))
            .setVolume(reader.volume());
    ifKnown(contract, bar::setContractSymbol);
    ifKnown(price(reader.openPrice()), bar::setOpen);
    ifKnown(price(reader.highPrice()), bar::setHigh);
    ifKnown(price(reader.lowPrice()), bar::setLow);
    ifKnown(price(reader.closePrice()), bar::setClose);
    return bar.build();
  }

  private static <T> void ifKnown(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  private @Nullable String contract(@Nullable String mapped) {
    return mapped != null && ContractsAsker.namesContract(chunk, mapped)
        ? mapped
        : contracts.lookup(reader.instrumentId(), Times.epochDay(reader.tsEvent()));
  }

  private String symbol(@Nullable String mapped, @Nullable String contract) {
    String id = Long.toString(reader.instrumentId());
    return switch (chunk.getStypeIn()) {
      case "instrument_id" -> id;
      case "parent" -> contract == null ? id : contract;
      default -> mapped == null ? id : mapped;
    };
  }

  private @Nullable BigDecimal price(long raw) throws IOException {
    if (!FixedPrice.fits(raw)) {
      throw new IOException(
          "Bar "
              + reader.recordIndex()
              + " of chunk "
              + chunk.getChunkId()
              + " has the price "
              + raw
              + "e-9, which decimal(18,9) cannot hold");
    }
    return raw == FixedPrice.UNDEFINED ? null : FixedPrice.decimal(raw);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
