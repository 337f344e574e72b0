package dev.backfill.emulator.market;

import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resolves symbols of one dataset by UTC date. */
final class Symbology {
  /** Asks for every instrument. */
  static final String ALL = "ALL_SYMBOLS";

  private static final Pattern CONTINUOUS =
      Pattern.compile("([A-Z0-9]{1,8})\\.([cnv])\\.([0-9]{1,2})");
  private static final Pattern PARENT = Pattern.compile("([A-Z0-9]{1,8})\\.(FUT|OPT|SPOT)");
  private static final Pattern RAW =
      Pattern.compile("([A-Z0-9]{1,8}?) *(?:FM[FGHJKMNQUVXZ]00[0-9]{2}!|/?[FGHJKMNQUVXZ][0-9])");
  private static final Pattern OPTION =
      Pattern.compile("([A-Z0-9]{1,8}?)[FGHJKMNQUVXZ][0-9] [CP][0-9]+");
  private static final Pattern SPREAD =
      Pattern.compile("([A-Z0-9]{1,8}?)(?: *FM|/|:BF |)[FGHJKMNQUVXZ][0-9]+-.+");

  private final Floor floor;

  Symbology(Floor floor) {
    this.floor = floor;
  }

  /**
   * One contract on consecutive days.
   *
   * @param trading where it trades
   * @param from first UTC day
   * @param to day after the last
   */
  record Span(Trading trading, Contract contract, int from, int to) {}

  Resolution resolve(SType in, SType out, List<String> symbols, LocalDate start, LocalDate end) {
    int from = (int) start.toEpochDay();
    int to = (int) end.toEpochDay();
    Map<String, List<MappingInterval>> result = new LinkedHashMap<>();
    List<String> partial = new ArrayList<>();
    List<String> notFound = new ArrayList<>();
    for (String symbol : symbols) {
      if (symbol.equals(ALL)) {
        continue;
      }
      if (in.equals(SType.PARENT)) {
        parent(symbol, from, to, result);
        continue;
      }
      List<Span> spans = spans(in, symbol, from, to);
      result.put(symbol, spans.stream().map(s -> interval(out, s)).toList());
      int days = spans.stream().mapToInt(s -> s.to() - s.from()).sum();
      if (days == 0) {
        notFound.add(symbol);
      } else if (days < to - from) {
        partial.add(symbol);
      }
    }
    return new Resolution(result, partial, notFound);
  }

  private static MappingInterval interval(SType out, Span span) {
    boolean toName = out.equals(SType.RAW_SYMBOL);
    return new MappingInterval(
        LocalDate.ofEpochDay(span.from()),
        LocalDate.ofEpochDay(span.to()),
        toName ? span.contract().rawSymbol() : Integer.toString(span.contract().id()));
  }

  private void parent(String symbol, int from, int to, Map<String, List<MappingInterval>> result) {
    for (Span span : parentSpans(symbol, from, to)) {
      result
          .computeIfAbsent(span.contract().rawSymbol(), k -> new ArrayList<>())
          .add(interval(SType.INSTRUMENT_ID, span));
    }
  }

  /**
   * The contracts under a parent: a future's outrights and spreads, or options. Refuses one under
   * which nothing is listed, as it is on Saturdays.
   */
  List<Span> parentSpans(String symbol, int from, int to) {
    Matcher m = match(PARENT, symbol, SType.PARENT, "ROOT.FUT or ROOT.OPT");
    String root = m.group(1);
    List<Span> spans = new ArrayList<>();
    ProductMarket product = floor.product(root);
    SpreadMarket spreads = floor.spreads(root);
    OptionMarket options = floor.options(root);
    boolean saturday = to - from == 1 && isSaturday(from);
    if (product != null && spreads != null && m.group(2).equals("FUT") && !saturday) {
      spans.addAll(listed(product, from, to));
      clip(spreads, spreads.contracts(), from, to, spans);
    } else if (options != null && m.group(2).equals("OPT") && !saturday) {
      for (OptionChain.Month month : options.chain().months(from, to)) {
        List<Option> all = options.chain().options(month);
        clip(options, all.stream().map(Option::contract).toList(), from, to, spans);
      }
    }
    if (spans.isEmpty()) {
      throw new SymbolException(
          SymbolException.Reason.PARENT, symbol, "Could not resolve parent symbol " + symbol);
    }
    return spans;
  }

  private static boolean isSaturday(int epochDay) {
    return LocalDate.ofEpochDay(epochDay).getDayOfWeek() == DayOfWeek.SATURDAY;
  }

  static List<Span> listed(ProductMarket product, int from, int to) {
    List<Span> spans = new ArrayList<>();
    clip(product, product.chain().contracts(), from, to, spans);
    return spans;
  }

  private static void clip(
      Trading trading, List<Contract> contracts, int from, int to, List<Span> spans) {
    int first = Math.max(from, (int) trading.product().mapFrom().toEpochDay());
    int end = Math.min(to, (int) trading.product().mapTo().toEpochDay() + 1);
    for (Contract c : contracts) {
      int d0 = Math.max(first, (int) c.listed().toEpochDay());
      int d1 = Math.min(end, (int) c.expiry().toEpochDay() + 1);
      if (d0 < d1) {
        spans.add(new Span(trading, c, d0, d1));
      }
    }
  }

  /** What one symbol stands for; empty where it resolves on no day. */
  List<Span> spans(SType in, String symbol, int from, int to) {
    if (in.equals(SType.CONTINUOUS)) {
      Series series = continuous(symbol, 0);
      return series == null ? List.of() : byDay(series.trading(), from, to, series::on);
    }
    return in.equals(SType.RAW_SYMBOL) ? named(symbol, from, to) : numbered(symbol, from, to);
  }

  private List<Span> named(String symbol, int from, int to) {
    ProductMarket product = floor.product(rootOf(RAW, symbol));
    if (product != null) {
      return byDay(product, from, to, day -> product.chain().byRawSymbol(symbol, day));
    }
    OptionMarket options = floor.options(rootOf(OPTION, symbol));
    if (options != null) {
      return byDay(options, from, to, day -> options.chain().byRawSymbol(symbol, day));
    }
    SpreadMarket spreads = floor.spreads(rootOf(SPREAD, symbol));
    return spreads == null
        ? List.of()
        : byDay(spreads, from, to, day -> spreads.byRawSymbol(symbol, day));
  }

  private static String rootOf(Pattern form, String symbol) {
    Matcher m = form.matcher(symbol);
    return m.matches() ? m.group(1) : "";
  }

  private List<Span> numbered(String symbol, int from, int to) {
    int id = id(symbol);
    ProductMarket product = floor.byId(id);
    if (product != null) {
      return byDay(product, from, to, day -> product.chain().byId(id, day));
    }
    SpreadMarket spreads = floor.spreadsById(id);
    if (spreads != null) {
      return byDay(spreads, from, to, day -> spreads.byId(id, day));
    }
    OptionMarket options = floor.optionsById(id);
    return options == null
        ? List.of()
        : byDay(options, from, to, day -> options.chain().byId(id, day));
  }

  /** The series of a continuous symbol; null for a root that is not known. */
  @Nullable Series continuous(String symbol, int publisher) {
    Matcher m = match(CONTINUOUS, symbol, SType.CONTINUOUS, "ROOT.rule.rank, such as ES.v.0");
    ProductMarket product = floor.product(m.group(1));
    return product == null || !floor.hasContinuous(product)
        ? null
        : Series.continuous(product, m.group(2).charAt(0), Integer.parseInt(m.group(3)), publisher);
  }

  private static int id(String symbol) {
    try {
      return Integer.parseInt(symbol);
    } catch (NumberFormatException e) {
      throw new SymbolException(
          SymbolException.Reason.FORM,
          symbol,
          "Invalid symbol " + symbol + " for stype_in instrument_id: a number is expected");
    }
  }

  private static Matcher match(Pattern pattern, String symbol, SType stype, String form) {
    Matcher m = pattern.matcher(symbol);
    if (!m.matches()) {
      throw new SymbolException(
          SymbolException.Reason.FORM,
          symbol,
          "Invalid symbol "
              + symbol
              + " for stype_in "
              + stype.apiName()
              + ": "
              + form
              + " is expected");
    }
    return m;
  }

  /** Checks the form of a symbol without resolving it. */
  void check(SType in, String symbol) {
    if (symbol.equals(ALL)) {
      return;
    }
    if (in.equals(SType.CONTINUOUS)) {
      match(CONTINUOUS, symbol, in, "ROOT.rule.rank, such as ES.v.0");
    } else if (in.equals(SType.PARENT)) {
      match(PARENT, symbol, in, "ROOT.FUT or ROOT.OPT");
    } else if (in.equals(SType.INSTRUMENT_ID)) {
      id(symbol);
    }
  }

  private static List<Span> byDay(
      Trading trading, int from, int to, IntFunction<@Nullable Contract> on) {
    List<Span> spans = new ArrayList<>();
    Contract open = null;
    int since = from;
    for (int day = from; day < to; day++) {
      Contract now = on.apply(day);
      if (!Objects.equals(now, open)) {
        if (open != null) {
          spans.add(new Span(trading, open, since, day));
        }
        open = now;
        since = day;
      }
    }
    if (open != null) {
      spans.add(new Span(trading, open, since, to));
    }
    return spans;
  }
}
