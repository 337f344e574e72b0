package dev.backfill.pipelines;

import dev.backfill.schemas.OptionParents;
import dev.backfill.schemas.Series;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a job makes a requested symbol of a root: {@code {root}.v.0}. Immutable.
 *
 * @param stypeIn the job's stype
 * @param form with {@code {root}} where the root goes; empty where a root says nothing
 */
record SymbolForm(String stypeIn, Optional<String> form) {
  /** Where the root goes. */
  static final String ROOT = "{root}";

  private static final Pattern IS_ROOT = Pattern.compile("[A-Z0-9]+");

  /** The form that all of a list of requested symbols have, if they have one. */
  static SymbolForm of(String stypeIn, List<String> symbols) {
    Set<String> forms = new LinkedHashSet<>();
    if (stypeIn.equals("continuous") || stypeIn.equals("parent")) {
      symbols.forEach(s -> forms.add(ROOT + s.substring(s.indexOf('.'))));
    }
    return new SymbolForm(
        stypeIn, forms.size() == 1 ? Optional.of(forms.iterator().next()) : Optional.empty());
  }

  /** The requested symbol of a root. */
  String apply(String root) {
    return form.map(f -> f.replace(ROOT, root)).orElse(root);
  }

  /**
   * Reads what {@code --symbols} lists: roots, put into the form, and requested symbols, taken as
   * they are. What is named twice is taken once.
   *
   * @param catalog the known roots: where the stype would take any text as a symbol, these are put
   *     into the form
   * @throws UsageException naming the first that is neither
   */
  List<String> read(Collection<String> texts, Collection<String> catalog) {
    Set<String> symbols = new LinkedHashSet<>();
    for (String text : texts) {
      symbols.add(readOne(text.strip(), catalog));
    }
    return List.copyOf(symbols);
  }

  private String readOne(String text, Collection<String> catalog) {
    Optional<String> problem = Series.formProblem(stypeIn, text);
    boolean isRoot =
        form.isPresent()
            && IS_ROOT.matcher(text).matches()
            && (problem.isPresent() || catalog.contains(text));
    if (isRoot) {
      return apply(text);
    }
    if (problem.isPresent()) {
      String roots =
          form.map(f -> ", or a root of capitals and digits, like ZL, for " + f).orElse("");
      throw new UsageException(
          "--symbols: " + quoted(text) + " cannot be asked for: " + problem.get() + roots);
    }
    return text;
  }

  /**
   * Those of some requested symbols that a text means: the symbol itself, else those of its root,
   * else the option parents of a future with that root.
   */
  static List<String> named(String text, Collection<String> symbols) {
    List<String> own =
        symbols.stream()
            .filter(symbol -> symbol.equals(text) || JobFile.root(symbol).equals(text))
            .toList();
    if (!own.isEmpty()) {
      return own;
    }
    List<String> options =
        OptionParents.load().of(text).stream().map(OptionParents.Entry::parent).toList();
    return symbols.stream().filter(options::contains).toList();
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }
}
