package dev.backfill.transforms;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;

import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Forgetting;
import dev.backfill.io.duckdb.GroupWriter;
import dev.backfill.io.duckdb.LedgerCheck;
import dev.backfill.io.duckdb.RowSource;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.Tables;
import dev.backfill.io.duckdb.TargetSpec;
import dev.backfill.schemas.ChunkOutcome;
import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import dev.backfill.schemas.Series;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database in a temporary folder that rows are loaded into. */
final class TestTarget implements AutoCloseable {
  static final String FUTURES = "raw.databento_futures_ohlcv_1d";
  static final String OPTIONS = "raw.databento_options_ohlcv_1d";
  static final String DEFINITIONS = "reference.databento_definitions";
  static final String STATISTICS = "raw.databento_statistics";

  private final boolean keyed;

  final Path path;
  final Database database;

  TestTarget(Path folder) {
    this(folder, false);
  }

  /** Whose tables of bars have their primary keys. */
  static TestTarget keyed(Path folder) {
    return new TestTarget(folder, true);
  }

  private TestTarget(Path folder, boolean keyed) {
    this.keyed = keyed;
    path = folder.resolve("rows.duckdb");
    database = Database.open(path.toString());
  }

  List<ChunkOutcome> load(String table, Answer... answers) {
    RowSource[] rows = new RowSource[answers.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = answers[i].rows();
    }
    return load(table, rows);
  }

  List<ChunkOutcome> load(String table, RowSource... sources) {
    boolean hasKey = keyed && table.contains("ohlcv");
    TargetSpec target = new TargetSpec(path.toString(), table, List.of(), hasKey, "run-1");
    Tables.prepare(database, target);
    return new GroupWriter(database, target)
        .write(List.of(sources), GroupWriter.DATA_END_UNKNOWN, List.of());
  }

  /** Forgets a range of a series with its rows. */
  void forget(String table, Series series, String from, String to) {
    Map<Series, Coverage> what =
        Map.of(series, Coverage.of(new Interval(Answer.ns(from), Answer.ns(to))));
    Instant now = Instant.parse("2025-12-16T12:00:00Z");
    new Forgetting(database)
        .forget(
            table,
            what,
            true,
            forgotten ->
                new RunRow(
                    "forget-1",
                    "forget",
                    null,
                    null,
                    now,
                    now,
                    "success",
                    0,
                    0,
                    0,
                    0,
                    0L,
                    null,
                    null,
                    null,
                    null));
  }

  /** Whether ledger and tables say the same. */
  void requireAgreement() {
    for (LedgerCheck.Finding finding : new LedgerCheck(database).findings()) {
      assertThat(finding.table(), finding.disagreements(), empty());
      assertThat(finding.table(), finding.unexplained(), empty());
    }
  }

  /** Rows as text, columns parted by a bar, NULL as a dash, decimals without trailing zeros. */
  List<String> ask(String sql) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value =
              result.getObject(i) instanceof BigDecimal exact
                  ? exact.stripTrailingZeros().toPlainString()
                  : result.getString(i);
          row.add(value == null ? "-" : value);
        }
        rows.add(String.join("|", row));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
    return rows;
  }

  @Override
  public void close() {
    database.close();
  }
}
