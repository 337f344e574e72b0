package dev.backfill.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.DatabaseOptions;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.OutcomeState;
import dev.backfill.transforms.GatherLanded;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loads 4.4 million landed hourly bars (84 symbols, 15.5 years) into a fresh database through the
 * writer, with delete-range, count, coverage and commit, and beside it, in the same run, lets
 * DuckDB insert the same columns from a table in its memory. Prints each round and the medians.
 *
 * <p>Usage: LoadBenchmark [FOLDER [ROUNDS]]
 */
public final class LoadBenchmark {
  private static final int SYMBOLS = 84;
  private static final int SYMBOLS_A_FILE = 21;
  private static final LocalDate FROM = LocalDate.of(2010, 6, 6);
  private static final LocalDate TO = LocalDate.of(2025, 12, 1);
  private static final int YEARS_A_FILE = 4;
  private static final String TABLE = "raw.databento_futures_ohlcv_1h";
  private static final DatabaseOptions OPTIONS = DatabaseOptions.DEFAULT.withMemoryLimit("4GB");

  private final Path folder;
  private final List<Landed> landed = new ArrayList<>();

  /** A file with what makes rows of it. */
  private record Landed(SampleBars bars, LandedChunk chunk) {}

  /**
   * What something took.
   *
   * @param wall seconds
   * @param cpu seconds of all threads of this process
   */
  private record Cost(double wall, double cpu) {}

  /** Work that may fail in the ways of files and databases. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException, SQLException;
  }

  private LoadBenchmark(Path folder) {
    this.folder = folder;
  }

  /** Runs it. */
  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Path.of(args.length > 0 ? args[0] : "benchmarks/target/bench/load");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    new LoadBenchmark(folder).run(rounds);
  }

  private void run(int rounds) throws IOException, SQLException {
    land();
    long rows = landed.stream().mapToLong(file -> file.chunk().getRecordCount()).sum();
    say("%,d bars of %d symbols in %d files", rows, SYMBOLS, landed.size());
    List<Cost> ours = new ArrayList<>();
    List<Cost> floor = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      Path loaded = fresh("loaded.duckdb");
      ours.add(measure(() -> load(loaded, rows)));
      floor.add(insertFromMemory(loaded, fresh("floor.duckdb"), rows));
      say(
          "round %d: writer %s, INSERT SELECT %s",
          round, text(ours.get(round - 1), rows), text(floor.get(round - 1), rows));
    }
    Cost writer = median(ours);
    Cost insert = median(floor);
    say("median writer         %s", text(writer, rows));
    say("median INSERT SELECT  %s", text(insert, rows));
    say(
        "writer: %.2f CPU us a row (at most 1.2); %.2f times INSERT SELECT's CPU, %.2f times its"
            + " wall (at most 2.5)",
        writer.cpu() * 1e6 / rows, writer.cpu() / insert.cpu(), writer.wall() / insert.wall());
  }

  /** Files as a job's chunks leave them: some symbols over some years each. */
  private void land() throws IOException {
    List<SampleSeries> all = SampleSeries.many(SYMBOLS);
    for (int i = 0; i < SYMBOLS; i += SYMBOLS_A_FILE) {
      SampleBars bars = new SampleBars(all.subList(i, i + SYMBOLS_A_FILE));
      for (LocalDate from = FROM; from.isBefore(TO); from = from.plusYears(YEARS_A_FILE)) {
        LocalDate next = from.plusYears(YEARS_A_FILE);
        Path file = folder.resolve("landing/" + i + "-" + from + ".dbn.zst");
        LocalDate to = next.isBefore(TO) ? next : TO;
        landed.add(new Landed(bars, bars.land(file, from, to, Long.MAX_VALUE)));
      }
    }
  }

  private void load(Path file, long rows) throws IOException {
    TargetSpec target = new TargetSpec(file.toString(), TABLE, List.of(), false, "benchmark");
    try (Database database = Database.open(file.toString(), OPTIONS)) {
      Tables.prepare(database, target);
      GroupWriter writer = new GroupWriter(database, target);
      long written = 0;
      List<RowSource> group = new ArrayList<>();
      long records = 0;
      for (Landed one : landed) {
        group.add(one.bars().normalizer(one.chunk()));
        records += one.chunk().getRecordCount();
        if (records >= GatherLanded.GROUP_RECORDS) {
          written += write(writer, group);
          group = new ArrayList<>();
          records = 0;
        }
      }
      written += write(writer, group);
      require(written == rows, written + " rows were written, not " + rows);
    }
  }

  private static long write(GroupWriter writer, List<RowSource> group) {
    long written = 0;
    for (ChunkOutcome outcome : writer.write(group, GroupWriter.DATA_END_UNKNOWN, List.of())) {
      require(outcome.getState() == OutcomeState.LOADED, outcome.toString());
      written += outcome.getRowsWritten();
    }
    return written;
  }

  /** The same rows and columns from a table in memory, in one statement, into a fresh file. */
  private Cost insertFromMemory(Path loaded, Path file, long rows)
      throws IOException, SQLException {
    TargetSpec target = new TargetSpec(file.toString(), TABLE, List.of(), false, "benchmark");
    Database database = Database.open(file.toString(), OPTIONS);
    Tables.prepare(database, target);
    Connection connection = database.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("ATTACH ':memory:' AS memory_only");
      statement.execute("ATTACH '" + loaded + "' AS loaded (READ_ONLY)");
      statement.execute("CREATE TABLE memory_only.bars AS SELECT * FROM loaded." + TABLE);
      statement.execute("DETACH loaded");
      statement.execute("SET preserve_insertion_order = false");
    }
    Cost cost =
        measure(
            () -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO " + TABLE + " SELECT * FROM memory_only.bars");
              }
              connection.close();
              database.close();
            });
    try (Database again = Database.openReadOnly(file.toString());
        Connection reading = again.connect();
        Statement statement = reading.createStatement();
        ResultSet count = statement.executeQuery("SELECT count(*) FROM " + TABLE)) {
      require(count.next() && count.getLong(1) == rows, "INSERT SELECT lost rows");
    }
    return cost;
  }

  private Path fresh(String name) throws IOException {
    for (String ending : List.of("", ".wal", ".lock")) {
      Files.deleteIfExists(folder.resolve(name + ending));
    }
    return folder.resolve(name).toAbsolutePath();
  }

  private static Cost measure(Work work) throws IOException, SQLException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    System.gc();
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    work.run();
    return new Cost((System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
  }

  /** The cost whose CPU time is the median. */
  private static Cost median(List<Cost> costs) {
    List<Cost> sorted = new ArrayList<>(costs);
    sorted.sort((a, b) -> Double.compare(a.cpu(), b.cpu()));
    return sorted.get(sorted.size() / 2);
  }

  private static String text(Cost cost, long rows) {
    return String.format(
        Locale.ROOT,
        "%.2f s wall, %.2f s CPU, %.2f CPU us a row",
        cost.wall(),
        cost.cpu(),
        cost.cpu() * 1e6 / rows);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalStateException(problem);
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
