package dev.backfill.pipelines.run;

import dev.backfill.io.duckdb.SymbolStatus;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.FredCatalog;
import dev.backfill.schemas.MarketGroups;
import dev.backfill.schemas.OptionParents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The symbols of one table by the catalogue's groups (Soy Complex, Grains, Energy, …): those that
 * are there, and those that the built-in jobs want in it and are not there. Immutable.
 */
final class SymbolGroups {
  private static final String OTHER = "Other";

  /**
   * One group.
   *
   * @param title for people
   * @param symbols that are there
   * @param missing by symbol the reason
   */
  record Group(String title, List<SymbolStatus> symbols, Map<String, WantedCheck.Why> missing) {
    long rows() {
      return symbols.stream().mapToLong(SymbolStatus::rows).sum();
    }

    List<String> names() {
      return symbols.stream().map(SymbolStatus::symbol).toList();
    }
  }

  private final List<Group> groups;

  private SymbolGroups(List<Group> groups) {
    this.groups = groups;
  }

  /** Which group a symbol belongs to, by the catalogue. */
  static final class Titles {
    private final Map<String, String> byRoot = new LinkedHashMap<>();
    private final Map<String, String> ofFred = new LinkedHashMap<>();
    private final Map<String, Integer> order = new TreeMap<>();

    Titles() {
      MarketGroups groups = MarketGroups.load();
      groups.assetClasses().forEach(c -> order.putIfAbsent(groups.title(c), order.size()));
      Catalog.load()
          .products()
          .forEach(p -> byRoot.putIfAbsent(p.root(), groups.title(p.assetClass())));
      FredCatalog.load().entries().forEach(e -> ofFred.put(e.id(), e.group()));
      OptionParents.load()
          .entries()
          .forEach(e -> byRoot.putIfAbsent(e.optionRoot(), byRoot.getOrDefault(e.future(), OTHER)));
    }

    private String of(String symbol, Map<String, String> known) {
      String group = known.getOrDefault(symbol, ofFred.get(symbol));
      if (group != null) {
        return byRoot.getOrDefault(group, group);
      }
      int point = symbol.indexOf('.');
      return byRoot.getOrDefault(point < 0 ? symbol : symbol.substring(0, point), OTHER);
    }

    private int rank(String title) {
      return order.getOrDefault(title, title.equals(OTHER) ? Integer.MAX_VALUE : order.size());
    }
  }

  /**
   * Of a table.
   *
   * @param symbols what it holds
   * @param known the root or the group of its names, where the database knows better than the name
   * @param missing what the jobs want in it and is not there, by the name it would have
   */
  static SymbolGroups of(
      Titles titles,
      List<SymbolStatus> symbols,
      Map<String, String> known,
      Map<String, WantedCheck.Why> missing) {
    Map<String, List<SymbolStatus>> there = new LinkedHashMap<>();
    Map<String, Map<String, WantedCheck.Why>> lacking = new LinkedHashMap<>();
    symbols.forEach(
        s -> there.computeIfAbsent(titles.of(s.symbol(), known), t -> new ArrayList<>()).add(s));
    missing.forEach(
        (symbol, why) ->
            lacking
                .computeIfAbsent(titles.of(symbol, known), t -> new TreeMap<>())
                .put(symbol, why));
    List<String> all = new ArrayList<>(there.keySet());
    lacking.keySet().stream().filter(title -> !there.containsKey(title)).forEach(all::add);
    all.sort(Comparator.comparingInt(titles::rank).thenComparing(Comparator.naturalOrder()));
    return new SymbolGroups(
        all.stream()
            .map(
                title ->
                    new Group(
                        title,
                        there.getOrDefault(title, List.of()),
                        lacking.getOrDefault(title, Map.of())))
            .toList());
  }

  /** In the order in which people read them. */
  List<Group> groups() {
    return groups;
  }

  /** The symbols that are missing, over all groups, by reason. */
  Map<WantedCheck.Why, List<String>> missing() {
    Map<WantedCheck.Why, List<String>> missing = new TreeMap<>();
    groups.forEach(
        group ->
            group
                .missing()
                .forEach(
                    (symbol, why) ->
                        missing.computeIfAbsent(why, w -> new ArrayList<>()).add(symbol)));
    return missing;
  }
}
