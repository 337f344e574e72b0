package dev.backfill.pipelines.run;

import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.MarketBar;
import dev.backfill.emulator.market.Resolution;
import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.dbn.ZstdOutput;
import dev.backfill.schemas.BarSize;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Files of bars as the service would have sent them, to be imported. */
final class DbnFiles {
  private static final String DATASET = "GLBX.MDP3";

  private final Market market;
  private final BarSize size;
  private final SType stype;
  private final List<String> symbols;
  private final long startNs;
  private final long endNs;

  DbnFiles(
      Market market, BarSize size, SType stype, List<String> symbols, String start, String end) {
    this.market = market;
    this.size = size;
    this.stype = stype;
    this.symbols = symbols;
    this.startNs = ns(start);
    this.endNs = ns(end);
  }

  static long ns(String time) {
    return Times.nanos(Instant.parse(time.length() == 10 ? time + "T00:00:00Z" : time));
  }

  /** All bars of all symbols in the order of the service. */
  List<MarketBar> bars() {
    return market.query(Dataset.GLBX, size, stype, symbols, startNs, endNs).toList();
  }

  /** The bars of one symbol. */
  List<MarketBar> bars(String symbol) {
    return market.bars(DATASET, size, stype, symbol, startNs, endNs);
  }

  /** What the service says before the bars. */
  DbnMetadata metadata() {
    Resolution resolution =
        market.resolve(
            Dataset.GLBX,
            stype,
            SType.INSTRUMENT_ID,
            symbols,
            Times.date(startNs),
            Times.date(endNs - 1).plusDays(1));
    return DbnMetadata.builder(3)
        .dataset(DATASET)
        .schema(schema(size))
        .stypeIn(stype)
        .startNs(startNs)
        .endNs(endNs)
        .symbols(symbols)
        .partial(resolution.partial())
        .notFound(resolution.notFound())
        .mappings(
            resolution.result().entrySet().stream()
                .filter(e -> !e.getValue().isEmpty())
                .map(e -> new SymbolMapping(e.getKey(), e.getValue()))
                .toList())
        .build();
  }

  static DbnSchema schema(BarSize size) {
    return switch (size) {
      case SECOND -> DbnSchema.OHLCV_1S;
      case MINUTE -> DbnSchema.OHLCV_1M;
      case HOUR -> DbnSchema.OHLCV_1H;
      case DAY -> DbnSchema.OHLCV_1D;
    };
  }

  /** Writes the whole answer. */
  Path write(Path file) throws IOException {
    return write(file, UnaryOperator.identity(), bars());
  }

  /** Writes some bars under changed metadata. */
  Path write(Path file, UnaryOperator<DbnMetadata.Builder> change, List<MarketBar> bars)
      throws IOException {
    return write(file, change.apply(metadata().toBuilder()).build(), size, bars);
  }

  /** Writes a file; compressed where its name ends in {@code .zst}. */
  static Path write(Path file, DbnMetadata metadata, BarSize size, List<MarketBar> bars)
      throws IOException {
    OutputStream plain = Files.newOutputStream(file);
    OutputStream out = file.toString().endsWith(".zst") ? ZstdOutput.wrap(plain, 3) : plain;
    try (DbnWriter writer = new DbnWriter(out, metadata)) {
      for (MarketBar bar : bars) {
        writer.ohlcv(
            size.rtype(),
            bar.publisherId(),
            bar.instrumentId(),
            bar.tsEvent(),
            bar.open(),
            bar.high(),
            bar.low(),
            bar.close(),
            bar.volume());
      }
    }
    return file;
  }
}
