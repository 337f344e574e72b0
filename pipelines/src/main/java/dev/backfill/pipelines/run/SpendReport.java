package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was spent, for people and for machines. */
final class SpendReport {
  private final String database;
  private final Spent spent;
  private final Optional<BigDecimal> monthCap;
  private final String month;

  SpendReport(String database, Spent spent, Optional<BigDecimal> monthCap, Instant now) {
    this.database = database;
    this.spent = spent;
    this.monthCap = monthCap;
    this.month = Spent.month(now);
  }

  /** A line for each month and job, and what is to be said of them. */
  String text() {
    List<String> parts = new ArrayList<>();
    if (spent.lines().isEmpty()) {
      parts.add(database + " has asked for nothing that is billed");
    } else {
      Table table = new Table("month", "job", "requests", "billed bytes", "dollars", "in doubt");
      spent.lines().forEach(line -> row(table, line.month(), line.job(), line));
      row(table, "total", "", spent.total());
      parts.add(table.render());
      parts.add("");
      parts.add("Dollars are by the service's prices when the plans were made.");
    }
    Spent.Line total = spent.total();
    if (total.doubtBytes() > 0) {
      parts.add(
          String.format(
              Locale.ROOT,
              "In doubt: %s bytes more, $%.2f. A run was killed, or gave up waiting, before it saw"
                  + " their answers. The service may have billed them in full, in part or not at"
                  + " all; caps count them.",
              Console.count(total.doubtBytes()),
              total.doubtUsd()));
    }
    if (spent.lines().stream().anyMatch(line -> line.job().equals(Spent.LANDING))) {
      parts.add(
          Spent.LANDING
              + " is what land, or a run into another database, has bought into the same landing.");
    }
    monthCap.ifPresent(
        cap ->
            parts.add(
                String.format(
                    Locale.ROOT,
                    "The monthly cap is $%.2f, of which $%.2f are left in %s.",
                    cap,
                    Math.max(0, cap.doubleValue() - spent.total(month).mostUsd()),
                    month)));
    return String.join(System.lineSeparator(), parts);
  }

  private static void row(Table table, String month, String job, Spent.Line line) {
    table.row(
        month, job, line.requests(), line.bytes(), Table.number(line.usd(), 2), line.doubtBytes());
  }

  /** The same facts for machines. */
  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("database", database);
    ArrayNode lines = node.putArray("months");
    for (Spent.Line line : spent.lines()) {
      put(lines.addObject().put("month", line.month()).put("job", line.job()), line);
    }
    put(node.putObject("total"), spent.total());
    monthCap.ifPresent(cap -> node.put("max_month_usd", cap));
    return node;
  }

  private static void put(ObjectNode node, Spent.Line line) {
    node.put("requests", line.requests())
        .put("billed_bytes", line.bytes())
        .put("cost_estimate_usd", Math.round(line.usd() * 1e6) / 1e6)
        .put("in_doubt_bytes", line.doubtBytes())
        .put("in_doubt_usd", Math.round(line.doubtUsd() * 1e6) / 1e6);
  }
}
