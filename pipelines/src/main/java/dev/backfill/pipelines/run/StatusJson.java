package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.RunRow;
import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.pipelines.run.StatusReport.OfTable;
import java.time.Instant;

/** A {@link StatusReport} for machines. Keys are only ever added. */
final class StatusJson {
  private StatusJson() {}

  static ObjectNode of(StatusReport report) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("database", report.database());
    ArrayNode all = node.putArray("tables");
    for (OfTable table : report.tables()) {
      ObjectNode one = all.addObject();
      one.put("table", table.name()).put("rows", table.rows());
      if (table.isOfFred()) {
        one.put("series", table.symbols().size()).put("observations", table.rows());
      }
      ArrayNode each = one.putArray("symbols");
      for (SymbolStatus s : table.symbols()) {
        each.addObject()
            .put("symbol", s.symbol())
            .put("rows", s.rows())
            .put("first", s.first().toString())
            .put("last", s.last().toString());
      }
      one.put("stale", table.isStale());
      groups(one.putArray("groups"), table);
    }
    report.states().json(node);
    runs(node, report);
    ArrayNode next = node.putArray("next");
    report
        .next()
        .forEach((why, command) -> next.addObject().put("why", why).put("command", command));
    return node;
  }

  private static void groups(ArrayNode groups, OfTable table) {
    for (SymbolGroups.Group group : table.groups().groups()) {
      ObjectNode one = groups.addObject().put("group", group.title()).put("rows", group.rows());
      ArrayNode symbols = one.putArray("symbols");
      group.names().forEach(symbols::add);
      ArrayNode missing = one.putArray("missing");
      group
          .missing()
          .forEach(
              (symbol, why) ->
                  missing
                      .addObject()
                      .put("symbol", symbol)
                      .put("reason", why.name().toLowerCase(java.util.Locale.ROOT)));
    }
  }

  private static void runs(ObjectNode node, StatusReport report) {
    if (report.runs().isEmpty()) {
      return;
    }
    RunRow last = report.runs().get(0);
    node.putObject("last_run")
        .put("run_id", last.runId())
        .put("job", last.jobName())
        .put("status", report.word(last));
    ArrayNode runs = node.putArray("runs");
    for (RunRow run : report.runs()) {
      Instant finished = run.finishedAt();
      runs.addObject()
          .put("run_id", run.runId())
          .put("job", run.jobName())
          .put("status", report.word(run))
          .put("started_at", run.startedAt().toString())
          .put("finished_at", finished == null ? null : finished.toString())
          .put("rows_written", run.rowsWritten())
          .put("chunks_failed", run.chunksFailed())
          .put("cost_estimate_usd", StatusText.spent(run))
          .put("note", run.note());
    }
  }
}
