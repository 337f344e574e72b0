package dev.backfill.io.duckdb;

import com.sun.management.OperatingSystemMXBean;
import dev.backfill.schemas.BarBatch;
import dev.backfill.schemas.BarSegment;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A trial for people, not a test: loads 4.4M made-up hourly bars, 84 symbols in 16 chunks, groups
 * of four chunks, into a fresh file, and DuckDB's own INSERT SELECT of the same columns from an
 * in-memory table beside it. Prints CPU and wall time a row.
 */
final class LoadTrial {
  private static final int SYMBOLS = 84;
  private static final int CHUNKS = 16;
  private static final int HOURS = 3276;
  private static final int BATCH = 4096;

  private LoadTrial() {}

  public static void main(String[] args) throws IOException, SQLException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    Path folder = Files.createTempDirectory("trial");
    for (int round = 0; round < rounds; round++) {
      Path file = folder.resolve("t" + round + ".duckdb");
      Path peer = folder.resolve("p" + round + ".duckdb");
      write(file);
      write(file);
      own(file, peer);
      Files.delete(file);
      Files.delete(peer);
    }
  }

  private static void write(Path file) {
    TargetSpec target =
        new TargetSpec(file.toString(), TestDatabase.HOURLY, List.of(), false, "run");
    Meter meter = new Meter();
    long rows = 0;
    try (Database database = Database.open(file.toString())) {
      Tables.prepare(database, target);
      GroupWriter writer = new GroupWriter(database, target);
      for (int group = 0; group < CHUNKS; group += 4) {
        List<RowSource> sources = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          sources.add(new Made(group + i));
        }
        rows +=
            writer.write(sources, GroupWriter.DATA_END_UNKNOWN, List.of()).stream()
                .mapToLong(outcome -> outcome.getRowsWritten())
                .sum();
      }
    }
    meter.print("writer", rows);
  }

  private static void own(Path from, Path to) throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:duckdb:")) {
      Sql.execute(c, "ATTACH '" + from + "' AS src (READ_ONLY)");
      Sql.execute(c, "CREATE TABLE rows AS FROM src." + TestDatabase.HOURLY);
      Sql.execute(c, "DETACH src");
      Meter meter = new Meter();
      Sql.execute(c, "ATTACH '" + to + "' AS dst (STORAGE_VERSION 'v1.5.0')");
      Sql.execute(c, "CREATE SCHEMA dst.raw");
      Sql.execute(
          c,
          dev.backfill.schemas.TableSql.of(TestDatabase.HOURLY)
              .create()
              .replace(TestDatabase.HOURLY, "dst." + TestDatabase.HOURLY));
      long rows = Sql.execute(c, "INSERT INTO dst." + TestDatabase.HOURLY + " FROM rows");
      Sql.execute(c, "DETACH dst");
      meter.print("DuckDB's own INSERT SELECT", rows);
    }
  }

  private static final class Meter {
    private final OperatingSystemMXBean os =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final long cpu = os.getProcessCpuTime();
    private final long wall = System.nanoTime();

    void print(String what, long rows) {
      double cpuSeconds = (os.getProcessCpuTime() - cpu) / 1e9;
      double wallSeconds = (System.nanoTime() - wall) / 1e9;
      System.out.printf(
          "%-28s %,d rows, %.2f s, %.2f CPU s, %.3f CPU us a row%n",
          what, rows, wallSeconds, cpuSeconds, cpuSeconds * 1e6 / rows);
    }
  }

  /** One chunk: a year of every symbol, made as it is read, in order of symbol and time. */
  private record Made(int number, long startNs, int[] next) implements RowSource {
    private static final long HOUR_NS = 3_600L * Times.SECOND_NS;

    Made(int number) {
      this(number, Times.nanos(java.time.LocalDate.of(2008 + number, 1, 1)), new int[1]);
    }

    private long endNs() {
      return startNs + HOURS * HOUR_NS;
    }

    @Override
    public LandedChunk landed() {
      return LandedChunk.newBuilder()
          .setChunk(
              new Chunk(
                  "c" + number,
                  "databento",
                  "GLBX.MDP3",
                  "ohlcv-1h",
                  "continuous",
                  List.of("ALL"),
                  startNs,
                  endNs(),
                  -1L,
                  0.0,
                  0L))
          .setState(LandedState.LANDED)
          .setFile("f")
          .setContractsFile("")
          .setFormat("dbn.zst")
          .setBytes(1)
          .setSha256("")
          .setRecordCount((long) SYMBOLS * HOURS)
          .setExpectedRecords(-1)
          .setVerified(true)
          .setRequestId("")
          .setWarnings(List.of())
          .setAskedAtNs(number)
          .setAttempts(1)
          .setCostEstimateUsd(0)
          .setHttpStatus(200)
          .setError("")
          .setRunId("run")
          .setPieces(List.of())
          .build();
    }

    @Override
    public Opening open() {
      next[0] = 0;
      List<BarSegment> segments = new ArrayList<>();
      List<Stretch> stretches = new ArrayList<>();
      for (int s = 0; s < SYMBOLS; s++) {
        String root = "S" + s;
        stretches.add(new Stretch(root + ".v.0", root, startNs, endNs(), true, true));
        for (int contract = 0; contract < 4; contract++) {
          segments.add(
              new BarSegment(
                  root,
                  1000L * number + 4L * s + contract,
                  root + "HMUZ".charAt(contract) + (number % 10),
                  java.time.LocalDate.of(2008 + number, 3 * contract + 3, 1),
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null));
        }
      }
      return new Opening(segments, stretches);
    }

    @Override
    public @Nullable IndexedRecord nextBatch() {
      int from = next[0];
      int n = Math.min(BATCH, SYMBOLS * HOURS - from);
      if (n <= 0) {
        return null;
      }
      next[0] += n;
      ByteBuffer[] c = new ByteBuffer[8];
      for (int i = 0; i < 8; i++) {
        c[i] = ByteBuffer.allocate(n * (i == 0 || i == 7 ? 4 : 8)).order(ByteOrder.LITTLE_ENDIAN);
      }
      for (int i = from; i < from + n; i++) {
        int hour = i % HOURS;
        long price =
            100_000_000_000L + (Integer.toUnsignedLong(i * 0x9E3779B9) >>> 20) * 10_000_000L;
        c[0].putInt(i / HOURS * 4 + hour * 4 / HOURS);
        c[1].putLong((startNs + hour * HOUR_NS) / 1000);
        c[2].putLong(price);
        c[3].putLong(price + 20_000_000L);
        c[4].putLong(price - 30_000_000L);
        c[5].putLong(price + 10_000_000L);
        c[6].putLong(Integer.toUnsignedLong(i * 0x85EBCA6B) >>> 18);
        c[7].putInt(1);
      }
      for (ByteBuffer b : c) {
        b.flip();
      }
      return new BarBatch(n, false, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
    }

    @Override
    public List<Reject> takeRejects() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
