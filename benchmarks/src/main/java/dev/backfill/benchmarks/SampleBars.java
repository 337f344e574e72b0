package dev.backfill.benchmarks;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.ZstdOutput;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.ChunkId;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import dev.backfill.transforms.BarNormalizer;
import dev.backfill.transforms.ContractNames;
import dev.backfill.transforms.WantedPiece;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Files of made-up hourly bars of many symbols, merged by time as the service sends them, as if one
 * chunk had landed. Deterministic.
 */
final class SampleBars {
  private static final String DATASET = "GLBX.MDP3";
  private static final String SCHEMA = "ohlcv-1h";
  private static final int ZSTD_LEVEL = 3;
  private static final long HOUR_NS = 3_600 * Times.SECOND_NS;
  private static final int CLOSED_HOUR = 21;

  private final List<SampleSeries> series;

  SampleBars(List<SampleSeries> series) {
    this.series = List.copyOf(series);
  }

  /**
   * Writes the bars of some days to a file, unless it is there.
   *
   * @param from inclusive
   * @param to exclusive
   * @param mostBars the file ends after so many
   * @return what landed
   */
  LandedChunk land(Path file, LocalDate from, LocalDate to, long mostBars) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.createDirectories(part.toAbsolutePath().getParent());
    long bars;
    try (OutputStream out = Files.newOutputStream(part);
        DbnWriter writer = new DbnWriter(ZstdOutput.wrap(out, ZSTD_LEVEL), metadata(from, to))) {
      for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
        writeDay(writer, day, mostBars);
      }
      bars = writer.recordCount();
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    return landed(file, from, to, bars);
  }

  private void writeDay(DbnWriter writer, LocalDate day, long mostBars) throws IOException {
    long[] instruments = series.stream().mapToLong(s -> s.instrument(day)).toArray();
    int weekday = day.getDayOfWeek().getValue();
    int first = weekday == 7 ? CLOSED_HOUR + 1 : 0;
    int last = weekday == 5 ? CLOSED_HOUR : weekday == 6 ? 0 : 24;
    for (int hour = first; hour < last; hour++) {
      long startNs = Times.nanos(day) + hour * HOUR_NS;
      for (int i = 0; hour != CLOSED_HOUR && i < instruments.length; i++) {
        if (writer.recordCount() < mostBars) {
          series.get(i).write(writer, instruments[i], startNs);
        }
      }
    }
  }

  private DbnMetadata metadata(LocalDate from, LocalDate to) {
    return DbnMetadata.builder(DbnMetadata.NEWEST_VERSION)
        .dataset(DATASET)
        .schema(DbnSchema.OHLCV_1H)
        .stypeIn(SType.CONTINUOUS)
        .stypeOut(SType.INSTRUMENT_ID)
        .startNs(Times.nanos(from))
        .endNs(Times.nanos(to))
        .symbols(symbols())
        .mappings(series.stream().map(s -> s.mapping(from, to)).toList())
        .build();
  }

  private List<String> symbols() {
    return series.stream().map(SampleSeries::symbol).toList();
  }

  /** Describes a file that {@link #land} has written. */
  LandedChunk landed(Path file, LocalDate from, LocalDate to, long bars) throws IOException {
    long startNs = Times.nanos(from);
    long endNs = Times.nanos(to);
    Chunk chunk =
        Chunk.newBuilder()
            .setChunkId(
                ChunkId.of("databento", DATASET, SCHEMA, "continuous", symbols(), startNs, endNs))
            .setSource("databento")
            .setDataset(DATASET)
            .setSchemaName(SCHEMA)
            .setStypeIn("continuous")
            .setSymbols(symbols())
            .setStartNs(startNs)
            .setEndNs(endNs)
            .setEstimatedRecords(bars)
            .setUsdPerRecord(0)
            .build();
    return LandedChunk.newBuilder()
        .setChunk(chunk)
        .setState(LandedState.LANDED)
        .setFile(file.toString())
        .setContractsFile("")
        .setFormat("dbn.zst")
        .setBytes(Files.size(file))
        .setSha256("")
        .setRecordCount(bars)
        .setExpectedRecords(bars)
        .setVerified(true)
        .setRequestId("")
        .setWarnings(List.of())
        .setAskedAtNs(Times.nanos(to.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC)))
        .setAttempts(1)
        .setCostEstimateUsd(0)
        .setHttpStatus(200)
        .setError("")
        .setRunId("benchmark")
        .setPieces(List.of())
        .build();
  }

  /** The normalizer that turns a landed file into batches, as a load uses it. */
  BarNormalizer normalizer(LandedChunk landed) {
    return new BarNormalizer(
        landed,
        List.of(landed.getFile()),
        WantedPiece.of(landed),
        List.of(),
        file -> Files.newInputStream(Path.of(file)),
        names());
  }

  private ContractNames names() {
    Map<Long, SampleSeries> byThousand =
        series.stream().collect(Collectors.toMap(SampleSeries::thousand, Function.identity()));
    return id -> {
      SampleSeries owner = byThousand.get(id / SampleSeries.IDS);
      return owner == null ? List.of() : owner.names(id);
    };
  }
}
