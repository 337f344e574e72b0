package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.Database;
import dev.backfill.io.duckdb.Ledger;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.pipelines.Table;
import dev.backfill.schemas.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a database holds, for people and for machines. Immutable. */
final class StatusReport {
  private final String database;
  private final Map<String, List<SymbolStatus>> tables;
  private final List<RunRow> runs;
  private final boolean isRunning;
  private final StateReport states;

  private StatusReport(
      String database,
      Map<String, List<SymbolStatus>> tables,
      List<RunRow> runs,
      boolean isRunning,
      StateReport states) {
    this.database = database;
    this.tables = tables;
    this.runs = runs;
    this.isRunning = isRunning;
    this.states = states;
  }

  /**
   * Reads it all.
   *
   * @param isRunning whether a command has the database: else a run that the ledger calls running
   *     has stopped
   */
  static StatusReport read(Database database, boolean isRunning) {
    Ledger ledger = new Ledger(database);
    Map<String, List<SymbolStatus>> tables = new LinkedHashMap<>();
    for (String table : ledger.tables()) {
      tables.put(table, ledger.status(table));
    }
    return new StatusReport(
        database.path().toString(),
        tables,
        ledger.runs(1),
        isRunning,
        StateReport.read(database, Instant.now()));
  }

  /** One line a table. */
  String summary() {
    if (tables.isEmpty()) {
      return database + " holds no table of bars yet";
    }
    Table text = new Table("table", "symbols", "rows", "first bar", "last bar");
    tables.forEach(
        (table, symbols) -> {
          if (!symbols.isEmpty()) {
            text.row(
                table,
                symbols.size(),
                symbols.stream().mapToLong(SymbolStatus::rows).sum(),
                when(symbols.stream().map(SymbolStatus::first).min(Comparator.naturalOrder())),
                when(symbols.stream().map(SymbolStatus::last).max(Comparator.naturalOrder())));
          }
        });
    return text.size() == 0 ? database + " holds no bars yet" : text.render();
  }

  /** One line a table, then one line a symbol. */
  String text() {
    List<String> parts = new ArrayList<>();
    parts.add(summary());
    tables.forEach(
        (table, symbols) -> {
          if (!symbols.isEmpty()) {
            Table text = new Table("symbol", "rows", "first bar", "last bar");
            for (SymbolStatus s : symbols) {
              text.row(s.symbol(), s.rows(), when(s.first()), when(s.last()));
            }
            parts.add("");
            parts.add(table);
            parts.add(text.render());
          }
        });
    if (!states.text().isEmpty()) {
      parts.add("");
      parts.add(states.text());
    }
    for (RunRow run : runs) {
      parts.add("");
      parts.add("last run " + run.runId() + " (" + run.jobName() + "): " + word(run));
    }
    return String.join(System.lineSeparator(), parts);
  }

  /** The same facts for machines. */
  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("database", database);
    ArrayNode all = node.putArray("tables");
    tables.forEach(
        (table, symbols) -> {
          ObjectNode one = all.addObject();
          one.put("table", table).put("rows", symbols.stream().mapToLong(SymbolStatus::rows).sum());
          ArrayNode each = one.putArray("symbols");
          for (SymbolStatus s : symbols) {
            each.addObject()
                .put("symbol", s.symbol())
                .put("rows", s.rows())
                .put("first", s.first().toString())
                .put("last", s.last().toString());
          }
        });
    states.json(node);
    for (RunRow run : runs) {
      node.putObject("last_run")
          .put("run_id", run.runId())
          .put("job", run.jobName())
          .put("status", word(run));
    }
    return node;
  }

  private String word(RunRow run) {
    return run.status().equals(RunRow.RUNNING) && !isRunning ? "stopped" : run.status();
  }

  private static String when(Optional<Instant> time) {
    return time.map(StatusReport::when).orElse("");
  }

  /** A date for a daily bar, else date and time, UTC. */
  static String when(Instant time) {
    String text = Times.text(Times.nanos(time));
    return text.length() == 10 ? text : text.substring(0, 16).replace('T', ' ');
  }
}
