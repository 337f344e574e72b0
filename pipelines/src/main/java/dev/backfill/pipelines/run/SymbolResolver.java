package dev.backfill.pipelines.run;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.databento.HistoricalClient.Resolution;
import dev.backfill.io.duckdb.RollRow;
import dev.backfill.pipelines.run.SymbolFacts.State;
import dev.backfill.transforms.ContractChanges;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks the service what symbols stand for: all at once, parents one by one, because a parent that
 * does not resolve takes its whole request with it, and the instruments' names after that. An
 * answer that is too large for the service is asked for year by year. All of it is free. Used once.
 */
final class SymbolResolver {
  /** The most symbols in one request. */
  private static final int MOST_SYMBOLS = 2_000;

  /**
   * What a service or a gateway says that has taken too long over an answer, or finds it too big.
   */
  private static final Set<Integer> TOO_LARGE = Set.of(408, 413, 504);

  private final HistoricalClient client;
  private final String dataset;
  private final String stypeIn;
  private final LocalDate from;
  private final LocalDate to;
  private final Map<String, List<Mapped>> found = new LinkedHashMap<>();
  private final Map<String, SymbolFacts> settled = new LinkedHashMap<>();

  /**
   * Asks of one dataset and stype.
   *
   * @param from first UTC date
   * @param to UTC date after the last
   */
  SymbolResolver(
      HistoricalClient client, String dataset, String stypeIn, LocalDate from, LocalDate to) {
    this.client = client;
    this.dataset = dataset;
    this.stypeIn = stypeIn;
    this.from = from;
    this.to = to;
  }

  private boolean isParent() {
    return stypeIn.equals("parent");
  }

  /** The facts of each symbol, in the order in which they are given. */
  List<SymbolFacts> resolve(List<String> symbols) throws IOException {
    int atOnce = isParent() ? 1 : MOST_SYMBOLS;
    for (int i = 0; i < symbols.size(); i += atOnce) {
      ask(symbols.subList(i, Math.min(symbols.size(), i + atOnce)));
    }
    Map<String, List<Mapped>> names = isParent() ? Map.of() : names();
    List<SymbolFacts> facts = new ArrayList<>();
    for (String symbol : symbols) {
      SymbolFacts known = settled.get(symbol);
      facts.add(known == null ? facts(symbol, names) : known);
    }
    return facts;
  }

  private SymbolFacts facts(String symbol, Map<String, List<Mapped>> names) {
    List<RollRow> rows = new ArrayList<>();
    for (Mapped mapped : found.getOrDefault(symbol, List.of())) {
      rows.addAll(named(symbol, mapped, names));
    }
    rows.sort(Comparator.comparing(RollRow::start));
    if (rows.isEmpty()) {
      return SymbolFacts.nothing(symbol, State.UNKNOWN, "");
    }
    return new SymbolFacts(symbol, state(rows), "", rows, ContractChanges.of(rows));
  }

  private State state(List<RollRow> rows) {
    boolean isEnded = rows.stream().allMatch(row -> row.end().isBefore(to));
    return isEnded ? State.ENDED : State.RESOLVES;
  }

  /** A parent's contracts, each with its own name and days. */
  private SymbolFacts parent(String symbol, Map<String, List<Mapped>> contracts) {
    List<RollRow> rows = new ArrayList<>();
    Set<String> different = new TreeSet<>();
    contracts.forEach(
        (name, mapped) -> {
          for (Mapped one : mapped) {
            long id = Long.parseLong(one.symbol());
            rows.add(new RollRow(symbol, one.startDate(), one.endDate(), id, name));
            // A name and an id come back, but not together.
            different.add(name + " " + id);
          }
        });
    if (rows.isEmpty()) {
      return SymbolFacts.nothing(symbol, State.NOTHING_LISTED, "");
    }
    rows.sort(Comparator.comparing(RollRow::start));
    return new SymbolFacts(
        symbol,
        state(rows),
        "",
        rows,
        new ContractChanges(different.size(), 0, List.of(), Optional.empty()));
  }

  /** A stretch with one instrument, cut where the instrument's name changes. */
  private static List<RollRow> named(
      String symbol, Mapped mapped, Map<String, List<Mapped>> names) {
    List<RollRow> rows = new ArrayList<>();
    long id = Long.parseLong(mapped.symbol());
    LocalDate day = mapped.startDate();
    for (Mapped name : names.getOrDefault(mapped.symbol(), List.of())) {
      LocalDate start = name.startDate().isAfter(day) ? name.startDate() : day;
      LocalDate end = name.endDate().isBefore(mapped.endDate()) ? name.endDate() : mapped.endDate();
      if (start.isBefore(end)) {
        if (day.isBefore(start)) {
          rows.add(new RollRow(symbol, day, start, id, null));
        }
        rows.add(new RollRow(symbol, start, end, id, name.symbol()));
        day = end;
      }
    }
    if (day.isBefore(mapped.endDate())) {
      rows.add(new RollRow(symbol, day, mapped.endDate(), id, null));
    }
    return rows;
  }

  /** Asks for some symbols; where one of them spoils the request, for the halves. */
  private void ask(List<String> symbols) throws IOException {
    try {
      Map<String, List<Mapped>> answer = pages(symbols, stypeIn, "instrument_id");
      if (isParent()) {
        settled.put(symbols.get(0), parent(symbols.get(0), answer));
      } else {
        found.putAll(answer);
      }
    } catch (DatabentoApiException e) {
      boolean isForm = "symbology_invalid_symbol".equals(e.errorCase());
      if (!isForm && !isUnresolved(e)) {
        throw e;
      }
      if (symbols.size() > 1) {
        ask(symbols.subList(0, symbols.size() / 2));
        ask(symbols.subList(symbols.size() / 2, symbols.size()));
        return;
      }
      State state = isForm ? State.WRONG_FORM : isParent() ? State.NOTHING_LISTED : State.UNKNOWN;
      settled.put(
          symbols.get(0), SymbolFacts.nothing(symbols.get(0), state, isForm ? e.detail() : ""));
    }
  }

  private static boolean isUnresolved(DatabentoApiException e) {
    return "symbology_invalid_request".equals(e.errorCase());
  }

  /** One answer for all days, or one a year where that is too much. */
  private Map<String, List<Mapped>> pages(List<String> symbols, String in, String out)
      throws IOException {
    try {
      return client.resolve(dataset, symbols, in, out, from, to).result();
    } catch (DatabentoApiException e) {
      if (!TOO_LARGE.contains(e.status()) || !from.plusYears(1).isBefore(to)) {
        throw e;
      }
    }
    Map<String, List<Mapped>> all = new LinkedHashMap<>();
    DatabentoApiException unresolved = null;
    for (LocalDate start = from; start.isBefore(to); start = start.plusYears(1)) {
      LocalDate end = start.plusYears(1).isBefore(to) ? start.plusYears(1) : to;
      try {
        Resolution page = client.resolve(dataset, symbols, in, out, start, end);
        page.result().forEach((s, m) -> all.computeIfAbsent(s, k -> new ArrayList<>()).addAll(m));
      } catch (DatabentoApiException e) {
        // A year in which nothing was listed under a parent is no year without an answer.
        if (!isUnresolved(e)) {
          throw e;
        }
        unresolved = e;
      }
    }
    if (all.isEmpty() && unresolved != null) {
      throw unresolved;
    }
    return all;
  }

  /** The contracts' own names by instrument id, in order of days. */
  private Map<String, List<Mapped>> names() throws IOException {
    Set<String> ids = new TreeSet<>();
    found.values().forEach(mapped -> mapped.forEach(one -> ids.add(one.symbol())));
    Map<String, List<Mapped>> names = new LinkedHashMap<>();
    List<String> all = List.copyOf(ids);
    for (int i = 0; i < all.size(); i += MOST_SYMBOLS) {
      pages(all.subList(i, Math.min(all.size(), i + MOST_SYMBOLS)), "instrument_id", "raw_symbol")
          .forEach(
              (id, named) ->
                  names.put(
                      id, named.stream().sorted(Comparator.comparing(Mapped::startDate)).toList()));
    }
    return names;
  }
}
