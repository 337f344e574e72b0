package dev.backfill.pipelines.run;

import dev.backfill.io.databento.DatabentoApiException;
import dev.backfill.io.databento.HistoricalClient;
import dev.backfill.pipelines.run.SymbolFacts.State;
import dev.backfill.schemas.Catalog;
import dev.backfill.schemas.Catalog.Product;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a symbol does not resolve, or does no more: what the catalogue knows of its root, and whether
 * this key may have the dataset on which that is. Not safe for use by several threads.
 */
final class SymbolReasons {
  private static final Pattern ROOT = Pattern.compile("([A-Z0-9]+)\\..*");
  private static final String RETIRED = "retired";

  private final HistoricalClient client;
  private final String dataset;
  private final Map<String, Product> products = new HashMap<>();
  private final Map<String, String> rights = new HashMap<>();

  SymbolReasons(HistoricalClient client, String dataset) {
    this.client = client;
    this.dataset = dataset;
    Catalog.load().products().forEach(product -> products.put(product.root(), product));
  }

  /** The same facts with the reason. */
  SymbolFacts explain(SymbolFacts facts) throws IOException {
    Optional<Product> product = product(facts.symbol());
    String note = product.map(Product::note).filter(text -> !text.isBlank()).orElse("");
    boolean isRetired = product.filter(p -> p.status().equals(RETIRED)).isPresent();
    return switch (facts.state()) {
      case RESOLVES, WRONG_FORM, NOT_ENTITLED, ELSEWHERE -> facts;
      case ENDED -> facts.because(State.ENDED, isRetired ? retired(note) : "");
      case UNKNOWN, NOTHING_LISTED -> unknown(facts, product, isRetired, note);
    };
  }

  private SymbolFacts unknown(
      SymbolFacts facts, Optional<Product> product, boolean isRetired, String note)
      throws IOException {
    String other = product.map(Product::dataset).orElse("");
    if (!other.isEmpty() && !other.equals(dataset)) {
      return facts.because(
          State.ELSEWHERE, other + " (" + product.get().name() + ")" + right(other));
    }
    String what =
        facts.state() == State.NOTHING_LISTED
            ? "nothing is listed under this parent in the wanted range"
            : dataset + " knows no such symbol in the wanted range";
    if (product.isEmpty()) {
      return facts.because(facts.state(), what + ", and the catalogue no such root");
    }
    return facts.because(
        facts.state(), isRetired ? retired(note) : what + (note.isEmpty() ? "" : ": " + note));
  }

  private static String retired(String note) {
    return note.startsWith(RETIRED) ? note : RETIRED + (note.isEmpty() ? "" : ": " + note);
  }

  private Optional<Product> product(String symbol) {
    Matcher m = ROOT.matcher(symbol);
    return Optional.ofNullable(products.get(m.matches() ? m.group(1) : symbol));
  }

  /** Asked once for each dataset; of one that the service does not know nothing is said. */
  private String right(String other) throws IOException {
    String known = rights.get(other);
    if (known == null) {
      known = ask(other);
      rights.put(other, known);
    }
    return known;
  }

  private String ask(String other) throws IOException {
    try {
      client.datasetRange(other);
      return ", which this key may have";
    } catch (DatabentoApiException e) {
      return e.lacksRights() ? ", which is not in this key's subscription" : "";
    }
  }

  /** The facts of symbols of a dataset that this key may not have. */
  static List<SymbolFacts> notEntitled(List<String> symbols, String dataset) {
    return symbols.stream()
        .map(
            symbol ->
                SymbolFacts.nothing(
                    symbol, State.NOT_ENTITLED, dataset + " is not in this key's subscription"))
        .toList();
  }
}
