package dev.backfill.transforms;

import dev.backfill.schemas.Coverage;
import dev.backfill.schemas.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Symbols that are priced together over one range. Immutable.
 *
 * @param symbols sorted, each once
 * @param range of the question
 * @param wanted how much of symbols × range is wanted, in nanoseconds
 */
record PriceGroup(List<String> symbols, Interval range, double wanted) {
  private static final int MANY = 10;
  private static final Comparator<PriceGroup> BY_RANGE =
      Comparator.comparingLong((PriceGroup group) -> group.range.startNs())
          .thenComparingLong(group -> group.range.endNs());

  /** The time of all symbols together. */
  double nanosOfAll() {
    return nanos() * symbols.size();
  }

  double nanos() {
    return range.endNs() - range.startNs();
  }

  /** From 0 to 1: how much of what is asked about is wanted. */
  double wantedPart() {
    return isExact() ? 1 : wanted / nanosOfAll();
  }

  boolean isExact() {
    // Sums of nanoseconds of decades are not exact as doubles.
    return wanted >= nanosOfAll() * (1 - 1e-12);
  }

  /**
   * The groups of a plan: one for all symbols that miss the same interval. Where there are too
   * many, those are joined that ask about the least that is not wanted.
   *
   * @param asked what is missing of each symbol
   * @param most groups, as far as the number of symbols lets it
   * @param symbolsPerRequest the service's limit
   */
  static List<PriceGroup> of(Map<String, Coverage> asked, int most, int symbolsPerRequest) {
    Map<Interval, List<String>> byGap = new LinkedHashMap<>();
    asked.forEach(
        (symbol, gaps) ->
            gaps.intervals()
                .forEach(gap -> byGap.computeIfAbsent(gap, k -> new ArrayList<>()).add(symbol)));
    List<PriceGroup> groups = new ArrayList<>();
    byGap.forEach((gap, symbols) -> groups.add(whole(symbols, gap)));
    List<PriceGroup> few = neighboursJoined(groups, MANY * most);
    while (few.size() > most) {
      joinCheapest(few);
    }
    return few.stream().flatMap(group -> group.parts(symbolsPerRequest).stream()).toList();
  }

  private static PriceGroup whole(List<String> symbols, Interval range) {
    return new PriceGroup(
        List.copyOf(new TreeSet<>(symbols)),
        range,
        (double) symbols.size() * (range.endNs() - range.startNs()));
  }

  /** Of thousands of gaps, neighbours are joined whatever it costs: there is no time to compare. */
  private static List<PriceGroup> neighboursJoined(List<PriceGroup> groups, int most) {
    List<PriceGroup> few = new ArrayList<>();
    groups.sort(BY_RANGE);
    int each = (groups.size() + most - 1) / most;
    for (int i = 0; i < groups.size(); i++) {
      if (i % each == 0) {
        few.add(groups.get(i));
      } else {
        few.set(few.size() - 1, few.get(few.size() - 1).join(groups.get(i)));
      }
    }
    return few;
  }

  private static void joinCheapest(List<PriceGroup> groups) {
    groups.sort(BY_RANGE);
    int at = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i + 1 < groups.size(); i++) {
      PriceGroup joined = groups.get(i).join(groups.get(i + 1));
      double more =
          joined.nanosOfAll() - groups.get(i).nanosOfAll() - groups.get(i + 1).nanosOfAll();
      if (more < least) {
        least = more;
        at = i;
      }
    }
    groups.set(at, groups.get(at).join(groups.remove(at + 1)));
  }

  private PriceGroup join(PriceGroup other) {
    TreeSet<String> all = new TreeSet<>(symbols);
    all.addAll(other.symbols);
    return new PriceGroup(
        List.copyOf(all),
        new Interval(
            Math.min(range.startNs(), other.range.startNs()),
            Math.max(range.endNs(), other.range.endNs())),
        wanted + other.wanted);
  }

  private List<PriceGroup> parts(int symbolsPerRequest) {
    if (symbols.size() <= symbolsPerRequest) {
      return List.of(this);
    }
    List<PriceGroup> parts = new ArrayList<>();
    for (int i = 0; i < symbols.size(); i += symbolsPerRequest) {
      List<String> some = symbols.subList(i, Math.min(i + symbolsPerRequest, symbols.size()));
      parts.add(new PriceGroup(some, range, wanted * some.size() / symbols.size()));
    }
    return parts;
  }
}
