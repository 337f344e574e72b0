package dev.backfill.benchmarks;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.BarSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBConnection;

/**
 * Makes a job of 87 symbols and 15.5 years of hours and a ledger that covers all of it in a given
 * number of rows, no two of which say the same: what planning has to read at worst.
 */
public final class LargeLedger {
  private static final int SYMBOLS = 87;
  private static final String FROM = "2010-06-06";
  private static final String TO = "2025-12-01";
  private static final String TABLE = BarSize.HOUR.futuresTable();

  private LargeLedger() {}

  /** Takes a folder and how many rows; makes {@code job.yaml} and {@code <rows>.duckdb} in it. */
  public static void main(String[] args) throws IOException, SQLException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int rows = Integer.parseInt(args[1]);
    Files.writeString(folder.resolve("job.yaml"), job());
    Path file = folder.resolve(rows + ".duckdb");
    Files.deleteIfExists(file);
    TargetSpec target = new TargetSpec(file.toString(), TABLE, List.of(), false, "benchmark");
    try (Database database = Database.open(file.toString())) {
      Tables.prepare(database, target);
      try (DuckDBConnection connection = database.connect()) {
        cover(connection, Math.max(1, (rows + SYMBOLS - 1) / SYMBOLS));
      }
    }
  }

  private static String job() {
    String symbols =
        IntStream.range(0, SYMBOLS)
            .mapToObj(i -> symbol(i) + ".v.0")
            .collect(Collectors.joining(", "));
    return """
        name: large-ledger
        source: databento
        dataset: GLBX.MDP3
        schema: ohlcv-1h
        stype_in: continuous
        symbols: [%s]
        from: %s
        to: %s
        table: %s
        """
        .formatted(symbols, FROM, TO, TABLE);
  }

  private static String symbol(int i) {
    return "B" + i;
  }

  /** Cuts the range of each symbol; each piece has a change date of its own. */
  private static void cover(DuckDBConnection connection, int pieces) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO ops.coverage SELECT ?, 'databento', 'GLBX.MDP3', 'ohlcv-1h', 'continuous',"
                + " 'B' || s || '.v.0', 'B' || s, '*', lo, hi, if(i % 7 = 3, 'empty', 'loaded'),"
                + " if(i % 7 = 3, 0, 100), true, NULL, DATE '2000-01-01' + CAST(i AS INTEGER),"
                + " 'c' || i, 'run-' || i, hi FROM range("
                + SYMBOLS
                + ") symbols(s), (SELECT i, TIMESTAMP '"
                + FROM
                + "' + INTERVAL 1 HOUR * (hours * i // n) AS lo, TIMESTAMP '"
                + FROM
                + "' + INTERVAL 1 HOUR * (hours * (i + 1) // n) AS hi FROM range("
                + pieces
                + ") pieces(i), (SELECT date_diff('hour', DATE '"
                + FROM
                + "', DATE '"
                + TO
                + "') AS hours, "
                + pieces
                + " AS n))")) {
      insert.setString(1, TABLE);
      insert.execute();
    }
  }
}
