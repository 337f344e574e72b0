package dev.backfill.pipelines.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.io.duckdb.RollRow;
import dev.backfill.io.duckdb.Rolls;
import dev.backfill.pipelines.Console;
import dev.backfill.pipelines.ExitCodes;
import dev.backfill.pipelines.Table;
import dev.backfill.pipelines.run.SymbolFacts.State;
import dev.backfill.pipelines.run.SymbolsAction.Days;
import dev.backfill.schemas.Job;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a job's symbols resolve to, for people and for machines. */
final class SymbolsReport implements Report {
  /** What is said above those that do not resolve, by state. */
  private static final Map<State, String> HEADINGS = headings();

  private final Job job;
  private final Optional<Days> days;
  private final List<SymbolFacts> symbols;
  private final OptionalLong written;

  /**
   * A report.
   *
   * @param days the wanted days; empty where the service has none of them
   * @param written rows of the symbols in the roll table; empty where it was not written
   */
  SymbolsReport(Job job, Optional<Days> days, List<SymbolFacts> symbols, OptionalLong written) {
    this.job = job;
    this.days = days;
    this.symbols = symbols;
    this.written = written;
  }

  private static Map<State, String> headings() {
    Map<State, String> headings = new LinkedHashMap<>();
    headings.put(State.ENDED, "Resolve no more:");
    headings.put(State.UNKNOWN, "Never resolve:");
    headings.put(State.NOTHING_LISTED, "Parents with nothing listed:");
    headings.put(State.WRONG_FORM, "Are no symbols of this kind:");
    headings.put(State.ELSEWHERE, "Are on another dataset:");
    return headings;
  }

  @Override
  public int exitCode() {
    return !symbols.isEmpty() && symbols.stream().allMatch(one -> one.state() == State.NOT_ENTITLED)
        ? ExitCodes.REFUSED
        : ExitCodes.OK;
  }

  @Override
  public String text() {
    List<String> lines = new ArrayList<>();
    String what = job.name() + ": " + job.dataset() + ", " + job.stypeIn();
    if (exitCode() == ExitCodes.REFUSED) {
      return what
          + ": "
          + job.dataset()
          + " is not in this key's subscription, and none of the "
          + SummaryReport.counted(symbols.size(), "symbol")
          + " can be resolved with it; nothing was spent";
    }
    if (days.isEmpty()) {
      return what + ": the service has nothing of the wanted range";
    }
    long resolving = symbols.stream().filter(SymbolFacts::resolves).count();
    lines.add(
        what
            + ", "
            + days.get().from()
            + " to "
            + days.get().to()
            + ": "
            + resolving
            + " of "
            + SummaryReport.counted(symbols.size(), "symbol")
            + (symbols.size() == 1 ? " resolves" : " resolve"));
    if (resolving > 0) {
      lines.add("");
      lines.add(table());
    }
    HEADINGS.forEach((state, heading) -> describe(lines, state, heading));
    describe(lines, "Days without a contract in between:", gaps());
    describe(
        lines,
        "Warning: flip back and forth, so that their prices jump where nothing has happened;"
            + " contract_symbol says whose they are:",
        flips());
    if (written.isPresent()) {
      lines.add("");
      lines.add(
          SummaryReport.counted(written.getAsLong(), "row")
              + " of these symbols are now in "
              + Rolls.TABLE);
    }
    return String.join(System.lineSeparator(), lines);
  }

  private boolean isParent() {
    return job.stypeIn().equals("parent");
  }

  private String table() {
    Table table =
        isParent()
            ? new Table("symbol", "from", "to", "instruments", "at the end")
            : new Table("symbol", "from", "to", "contracts", "rolls", "flips", "contract", "since");
    for (SymbolFacts one : symbols) {
      if (one.resolves() && isParent()) {
        table.row(one.symbol(), one.from(), one.to(), one.changes().contracts(), one.listedLast());
      } else if (one.resolves()) {
        RollRow last = one.changes().current().orElseThrow();
        table.row(
            one.symbol(),
            one.from(),
            one.to(),
            one.changes().contracts(),
            one.changes().rolls(),
            one.changes().flips().size(),
            name(last),
            last.start());
      }
    }
    return table.render();
  }

  private static String name(RollRow row) {
    String contract = row.contract();
    return contract == null ? "id " + row.instrumentId() : contract;
  }

  private void describe(List<String> lines, State state, String heading) {
    Map<String, String> those = new LinkedHashMap<>();
    for (SymbolFacts one : symbols) {
      if (one.state() == state) {
        String until = one.resolves() ? "since " + one.to() : "";
        String gap = until.isEmpty() || one.reason().isEmpty() ? "" : "; ";
        those.put(one.symbol(), until + gap + one.reason());
      }
    }
    describe(lines, heading, those);
  }

  private static void describe(List<String> lines, String heading, Map<String, String> bySymbol) {
    if (bySymbol.isEmpty()) {
      return;
    }
    int width = bySymbol.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.add("");
    lines.add(heading);
    bySymbol.forEach(
        (symbol, what) ->
            lines.add("  " + symbol + " ".repeat(width - symbol.length()) + "  " + what));
  }

  private Map<String, String> gaps() {
    Map<String, String> gaps = new LinkedHashMap<>();
    for (SymbolFacts one : symbols) {
      if (!isParent() && one.daysWithout() > 0) {
        gaps.put(one.symbol(), Console.count(one.daysWithout()));
      }
    }
    return gaps;
  }

  private Map<String, String> flips() {
    Map<String, String> flips = new LinkedHashMap<>();
    for (SymbolFacts one : symbols) {
      if (one.changes().flipsBackAndForth()) {
        flips.put(
            one.symbol(),
            Console.count(one.changes().flips().size())
                + " of "
                + SummaryReport.counted(one.changes().rolls(), "roll")
                + " went back to a contract that was left");
      }
    }
    return flips;
  }

  @Override
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("job", job.name())
        .put("dataset", job.dataset())
        .put("stype_in", job.stypeIn())
        .put("exit_code", exitCode());
    days.ifPresent(
        wanted -> node.put("from", wanted.from().toString()).put("to", wanted.to().toString()));
    ArrayNode all = node.putArray("symbols");
    symbols.forEach(one -> json(all.addObject(), one));
    flips().keySet().forEach(node.putArray("flip_back_and_forth")::add);
    written.ifPresent(rows -> node.put("roll_rows", rows));
    return node;
  }

  private void json(ObjectNode node, SymbolFacts one) {
    node.put("symbol", one.symbol()).put("state", one.state().text()).put("reason", one.reason());
    if (!one.resolves()) {
      return;
    }
    node.put("from", one.from().toString()).put("to", one.to().toString());
    if (isParent()) {
      node.put("instruments", one.changes().contracts())
          .put("instruments_at_end", one.listedLast());
      return;
    }
    node.put("contracts", one.changes().contracts())
        .put("days_without", one.daysWithout())
        .put("rolls", one.changes().rolls());
    ArrayNode flips = node.putArray("flips");
    one.changes().flips().forEach(day -> flips.add(day.toString()));
    one.changes()
        .current()
        .ifPresent(
            last ->
                node.putObject("last")
                    .put("contract", last.contract())
                    .put("instrument_id", last.instrumentId())
                    .put("since", last.start().toString()));
  }
}
