package dev.backfill.emulator.market;

import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
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
  private static final Pattern RAW = Pattern.compile("([A-Z0-9]{1,8})[FGHJKMNQUVXZ][0-9]");

  private final Floor floor;

  Symbology(Floor floor) {
    this.floor = floor;
  }

  /**
   * One contract on consecutive days.
   *
   * @param from first UTC day
   * @param to day after the last
   */
  record Span(Contract contract, int from, int to) {}

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

  /** The contracts under a parent; refuses one under which nothing is listed. */
  List<Span> parentSpans(String symbol, int from, int to) {
    Matcher m = match(PARENT, symbol, SType.PARENT, "ROOT.FUT or ROOT.OPT");
    ProductMarket product = floor.product(m.group(1));
    List<Span> spans = new ArrayList<>();
    if (product != null && m.group(2).equals("FUT")) {
      spans = listed(product, from, to);
    }
    if (spans.isEmpty()) {
      throw new SymbolException(
          SymbolException.Reason.PARENT, symbol, "Could not resolve parent symbol " + symbol);
    }
    return spans;
  }

  static List<Span> listed(ProductMarket product, int from, int to) {
    List<Span> spans = new ArrayList<>();
    int first = Math.max(from, (int) product.product().mapFrom().toEpochDay());
    int end = Math.min(to, (int) product.product().mapTo().toEpochDay() + 1);
    for (Contract c : product.chain().contracts()) {
      int d0 = Math.max(first, (int) c.listed().toEpochDay());
      int d1 = Math.min(end, (int) c.expiry().toEpochDay() + 1);
      if (d0 < d1) {
        spans.add(new Span(c, d0, d1));
      }
    }
    return spans;
  }

  /** What one symbol stands for; empty where it resolves on no day. */
  List<Span> spans(SType in, String symbol, int from, int to) {
    if (in.equals(SType.CONTINUOUS)) {
      Series series = continuous(symbol, 0);
      return series == null ? List.of() : byDay(from, to, series::on);
    }
    if (in.equals(SType.RAW_SYMBOL)) {
      ProductMarket product = rawRoot(symbol);
      return product == null
          ? List.of()
          : byDay(from, to, day -> product.chain().byRawSymbol(symbol, day));
    }
    int id = id(symbol);
    ProductMarket product = floor.byId(id);
    return product == null ? List.of() : byDay(from, to, day -> product.chain().byId(id, day));
  }

  /** The series of a continuous symbol; null for a root that is not known. */
  @Nullable Series continuous(String symbol, int publisher) {
    Matcher m = match(CONTINUOUS, symbol, SType.CONTINUOUS, "ROOT.rule.rank, such as ES.v.0");
    ProductMarket product = floor.product(m.group(1));
    return product == null
        ? null
        : Series.continuous(product, m.group(2).charAt(0), Integer.parseInt(m.group(3)), publisher);
  }

  private @Nullable ProductMarket rawRoot(String symbol) {
    Matcher m = RAW.matcher(symbol);
    return m.matches() ? floor.product(m.group(1)) : null;
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

  private static List<Span> byDay(int from, int to, IntFunction<@Nullable Contract> on) {
    List<Span> spans = new ArrayList<>();
    Contract open = null;
    int since = from;
    for (int day = from; day < to; day++) {
      Contract now = on.apply(day);
      if (!Objects.equals(now, open)) {
        if (open != null) {
          spans.add(new Span(open, since, day));
        }
        open = now;
        since = day;
      }
    }
    if (open != null) {
      spans.add(new Span(open, since, to));
    }
    return spans;
  }
}
