package dev.backfill.io.databento;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The fields of one call, in order, as a form or a query encodes them. Not for several threads. */
final class FormFields {
  /** What the service takes in one request. */
  static final int MAX_SYMBOLS = 2_000;

  private final Map<String, String> fields = new LinkedHashMap<>();

  FormFields add(String name, String value) {
    if (value.isBlank()) {
      // To the service an empty field is another thing than an absent one.
      throw new IllegalArgumentException("The field " + name + " must not be empty");
    }
    fields.put(name, value);
    return this;
  }

  /** One field with all symbols, joined by commas. */
  FormFields symbols(List<String> symbols) {
    if (symbols.isEmpty() || symbols.size() > MAX_SYMBOLS) {
      throw new IllegalArgumentException(
          "A request takes 1 to " + MAX_SYMBOLS + " symbols, but has " + symbols.size());
    }
    for (String symbol : symbols) {
      if (symbol.isBlank() || symbol.indexOf(',') >= 0) {
        throw new IllegalArgumentException(
            "A symbol must not be empty or hold a comma, but one is '" + symbol + "'");
      }
    }
    return add("symbols", String.join(",", symbols));
  }

  /** What the data endpoints and their free counterparts all take; times as nanoseconds. */
  static FormFields of(HistoricalClient.Query query) {
    if (query.startNs() >= query.endNs()) {
      throw new IllegalArgumentException(
          "A request must end after it starts: start "
              + query.startNs()
              + " ns, end "
              + query.endNs()
              + " ns");
    }
    return new FormFields()
        .add("dataset", query.dataset())
        .add("schema", query.schema())
        .add("stype_in", query.stypeIn())
        .symbols(query.symbols())
        .add("start", Long.toString(query.startNs()))
        .add("end", Long.toString(query.endNs()));
  }

  String encoded() {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
