package dev.backfill.io.duckdb;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A database in a temporary folder, with short ways to ask it. */
final class TestDatabase implements AutoCloseable {
  static final String HOURLY = "raw.databento_futures_ohlcv_1h";
  static final String DAILY = "raw.databento_futures_ohlcv_1d";
  static final Instant NOW = Instant.parse("2025-12-16T12:00:00Z");

  final Path path;
  final Database database;

  TestDatabase(Path folder) {
    this(folder.resolve("test.duckdb").toString());
  }

  TestDatabase(String name) {
    path = Path.of(name);
    database = Database.open(path.toString());
  }

  TargetSpec target(String table) {
    return new TargetSpec(path.toString(), table, List.of(), false, "run-1");
  }

  TestDatabase prepared(String table) {
    Tables.prepare(database, target(table));
    return this;
  }

  GroupWriter writer(String table) {
    return writer(target(table), step -> {});
  }

  GroupWriter writer(TargetSpec target, GroupTransaction.Boundary boundary) {
    return new GroupWriter(database, target, Clock.fixed(NOW, ZoneOffset.UTC), boundary);
  }

  /** Rows as text, columns parted by a bar, NULL as a dash. */
  List<String> ask(String sql) {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          String value =
              result.getObject(i) instanceof BigDecimal exact
                  ? exact.toPlainString()
                  : result.getString(i);
          row.append(i == 1 ? "" : "|").append(value == null ? "-" : value);
        }
        rows.add(row.toString());
      }
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
    return rows;
  }

  void run(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  List<String> coverage() {
    return ask(
        "SELECT symbol, table_symbol, strftime(range_start, '%Y-%m-%dT%H'), strftime(range_end,"
            + " '%Y-%m-%dT%H'), state, row_count FROM ops.coverage ORDER BY ALL");
  }

  @Override
  public void close() {
    database.close();
  }
}
