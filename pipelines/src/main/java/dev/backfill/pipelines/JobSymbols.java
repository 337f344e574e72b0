package dev.backfill.pipelines;

import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Series;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The symbols of a job file: listed, or made of the roots of a catalogue's group. Of a group those
 * are meant that the catalogue has on the job's dataset, and with {@code resolves} only those of
 * which it knows that they resolve in this form.
 */
final class JobSymbols {
  private static final Set<String> KEYS =
      Collections.unmodifiableSet(new LinkedHashSet<>(List.of("catalog", "form", "resolves")));
  private static final List<String> RESOLVES = List.of("continuous", "parent");

  private final YamlMap yaml;
  private final String dataset;
  private final String stypeIn;
  private final Catalog catalog = Catalog.load();

  JobSymbols(YamlMap yaml, String dataset, String stypeIn) {
    this.yaml = yaml;
    this.dataset = dataset;
    this.stypeIn = stypeIn;
  }

  /** Those that the file says. */
  List<String> inFile() {
    return yaml.isMap("symbols") ? fromCatalog() : listed();
  }

  /** What the texts of {@code --symbols} stand for. */
  List<String> named(List<String> texts) {
    // What is wrong in the file is said, whatever the command line says instead.
    inFile();
    return form().read(texts, roots());
  }

  /** What a text stands for; empty where it cannot be asked for here. */
  Optional<String> other(String text) {
    try {
      return catalog.find(JobFile.root(text)).isPresent() && !isOn(JobFile.root(text))
          ? Optional.empty()
          : Optional.of(named(List.of(text)).get(0));
    } catch (UsageException e) {
      return Optional.empty();
    }
  }

  private boolean isOn(String root) {
    return catalog.find(root).filter(known -> known.dataset().equals(dataset)).isPresent();
  }

  private List<String> listed() {
    List<String> symbols = yaml.texts("symbols", "[ZL.v.0, ZS.v.0]");
    if (symbols.isEmpty()) {
      throw yaml.fail("symbols", "is empty; name at least one");
    }
    Set<String> seen = new LinkedHashSet<>();
    for (String symbol : symbols) {
      Optional<String> problem = Series.formProblem(stypeIn, symbol);
      if (problem.isPresent()) {
        throw yaml.fail("symbols", "holds " + symbol + ": " + problem.get());
      }
      if (!seen.add(symbol)) {
        throw yaml.fail("symbols", "names " + symbol + " twice");
      }
    }
    return symbols;
  }

  private List<String> fromCatalog() {
    YamlMap map = yaml.map("symbols", KEYS);
    String group = map.text("catalog");
    if (!catalog.groups().contains(group)) {
      throw map.fail(
          "catalog",
          "is one of "
              + String.join(", ", catalog.groups())
              + ", not "
              + group
              + Nearest.hint(group, catalog.groups()));
    }
    String form = map.text("form");
    SymbolForm symbolForm = new SymbolForm(stypeIn, Optional.of(form));
    Optional<String> problem = Series.formProblem(stypeIn, symbolForm.apply("ZL"));
    if (!form.contains(SymbolForm.ROOT)) {
      throw map.fail("form", "must hold {root}, like \"{root}.v.0\", not " + form);
    }
    if (problem.isPresent()) {
      throw map.fail("form", "gives " + symbolForm.apply("ZL") + ": " + problem.get());
    }
    String resolves = map.text("resolves", "");
    if (!resolves.isEmpty() && !RESOLVES.contains(resolves)) {
      throw map.fail("resolves", "is one of " + String.join(", ", RESOLVES) + ", not " + resolves);
    }
    List<String> roots =
        catalog.roots(group).stream()
            .filter(root -> isOn(root))
            .filter(root -> resolves.isEmpty() || catalog.stypeIn(root).equals(resolves))
            .toList();
    if (roots.isEmpty()) {
      throw yaml.fail(
          "symbols", "are none: no root of " + group + " is on " + dataset + " in that form");
    }
    return roots.stream().map(symbolForm::apply).toList();
  }

  private SymbolForm form() {
    return yaml.isMap("symbols")
        ? new SymbolForm(stypeIn, Optional.of(yaml.map("symbols", KEYS).text("form")))
        : SymbolForm.of(stypeIn, listed());
  }

  private List<String> roots() {
    return catalog.products().stream().map(Catalog.Product::root).toList();
  }
}
