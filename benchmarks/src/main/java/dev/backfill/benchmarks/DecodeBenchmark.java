package dev.backfill.benchmarks;

import dev.backfill.io.dbn.DbnReader;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.schemas.BarBatch;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.transforms.BarNormalizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Decoding one zstd DBN file of 5 million hourly bars on one thread: read alone, and all the way
 * into the columns that the writer takes. The score is bars a second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 7, time = 2)
public class DecodeBenchmark {
  static final int BARS = 5_000_000;

  /** The file's place, from the repository's root; the Rust decoder reads the same. */
  static final String FILE = "benchmarks/target/bench/hourly-5m.dbn.zst";

  private static final int SYMBOLS = 84;
  private static final LocalDate FROM = LocalDate.of(2006, 1, 1);
  private static final LocalDate TO = LocalDate.of(2026, 1, 1);

  private final SampleBars bars = new SampleBars(SampleSeries.many(SYMBOLS));
  private LandedChunk landed = new LandedChunk();

  /** Makes the file, unless an earlier run has. */
  @Setup
  public void file() throws IOException {
    Path file = Path.of(System.getProperty("backfill.root", "."), FILE);
    landed =
        Files.exists(file) ? bars.landed(file, FROM, TO, BARS) : bars.land(file, FROM, TO, BARS);
    if (landed.getRecordCount() != BARS) {
      throw new IOException(file + " has only " + landed.getRecordCount() + " bars");
    }
  }

  /** Every field of every bar by the reader's cursor. */
  @Benchmark
  @OperationsPerInvocation(BARS)
  public long read() throws IOException {
    long sum = 0;
    try (DbnReader reader = DbnReader.open(Files.newInputStream(Path.of(landed.getFile())))) {
      while (reader.next()) {
        sum +=
            (reader.tsEvent() ^ reader.instrumentId())
                + reader.publisherId()
                + (reader.openPrice() ^ reader.highPrice())
                + (reader.lowPrice() ^ reader.closePrice())
                + reader.volume();
      }
      check(reader.recordCount());
    }
    return sum;
  }

  /** Decoded, mapped to symbol and contract, checked, packed into the batch's columns. */
  @Benchmark
  @OperationsPerInvocation(BARS)
  public long normalize() throws IOException {
    long rows = 0;
    try (BarNormalizer source = bars.normalizer(landed)) {
      RowSource.Opening opening = source.open();
      for (BarBatch batch = source.nextBatch(); batch != null; batch = source.nextBatch()) {
        rows += batch.getRows();
      }
      check(rows + source.takeRejects().size());
      return rows + opening.segments().size();
    }
  }

  private static void check(long bars) {
    if (bars != BARS) {
      throw new IllegalStateException("Decoded " + bars + " bars, not " + BARS);
    }
  }
}
