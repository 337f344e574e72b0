package dev.backfill.io.databento;

import dev.backfill.io.databento.HistoricalClient.DatasetRange;
import dev.backfill.io.databento.HistoricalClient.DayCondition;
import dev.backfill.io.databento.HistoricalClient.Mapped;
import dev.backfill.io.databento.HistoricalClient.Origin;
import dev.backfill.io.databento.HistoricalClient.Range;
import dev.backfill.io.databento.HistoricalClient.Resolution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The answers of metadata and symbology, from JSON to values. */
final class Answers {
  private static final String STREAMING = "historical-streaming";
  private static final Set<String> CONDITIONS =
      Set.of("available", "degraded", "pending", "missing");

  private Answers() {}

  static DatasetRange datasetRange(JsonAnswer answer) throws IOException {
    Map<String, Range> schemas = new LinkedHashMap<>();
    JsonAnswer bySchema = answer.optional("schema");
    if (bySchema != null) {
      for (Map.Entry<String, JsonAnswer> schema : bySchema.entries()) {
        schemas.put(schema.getKey(), range(schema.getValue()));
      }
    }
    return new DatasetRange(range(answer), Map.copyOf(schemas));
  }

  private static Range range(JsonAnswer answer) throws IOException {
    return new Range(answer.field("start").instantNs(), answer.field("end").instantNs());
  }

  static List<DayCondition> conditions(JsonAnswer answer) throws IOException {
    List<DayCondition> days = new ArrayList<>();
    for (JsonAnswer day : answer.list()) {
      JsonAnswer condition = day.field("condition");
      if (!CONDITIONS.contains(condition.text())) {
        throw condition.wrong("available, degraded, pending or missing");
      }
      JsonAnswer modified = day.optional("last_modified_date");
      days.add(
          new DayCondition(
              day.field("date").date(),
              condition.text(),
              modified == null ? null : modified.date()));
    }
    return List.copyOf(days);
  }

  static Map<String, Double> streamingPrices(JsonAnswer answer) throws IOException {
    Map<String, Double> prices = new LinkedHashMap<>();
    for (JsonAnswer mode : answer.list()) {
      if (mode.field("mode").text().equals(STREAMING)) {
        for (Map.Entry<String, JsonAnswer> price : mode.field("unit_prices").entries()) {
          prices.put(price.getKey(), price.getValue().nonNegativeDouble());
        }
      }
    }
    return Map.copyOf(prices);
  }

  static Resolution resolution(JsonAnswer answer) throws IOException {
    Map<String, List<Mapped>> result = new LinkedHashMap<>();
    for (Map.Entry<String, JsonAnswer> symbol : answer.field("result").entries()) {
      result.put(symbol.getKey(), mappings(symbol.getValue()));
    }
    return new Resolution(result, texts(answer.field("partial")), texts(answer.field("not_found")));
  }

  private static List<Mapped> mappings(JsonAnswer intervals) throws IOException {
    List<Mapped> mappings = new ArrayList<>();
    for (JsonAnswer interval : intervals.list()) {
      String symbol = interval.field("s").text();
      // An empty symbol is how a stretch without a mapping may be written.
      if (!symbol.isEmpty()) {
        mappings.add(new Mapped(interval.field("d0").date(), interval.field("d1").date(), symbol));
      }
    }
    return List.copyOf(mappings);
  }

  private static List<String> texts(JsonAnswer list) throws IOException {
    List<String> texts = new ArrayList<>();
    for (JsonAnswer text : list.list()) {
      texts.add(text.text());
    }
    return List.copyOf(texts);
  }

  /** The emulator's announced identity, else {@code apiOrigin}. */
  static Origin origin(JsonAnswer answer, String apiOrigin) throws IOException {
    JsonAnswer version = answer.field("api-version");
    if (!version.text().equals("v0")) {
      throw version.wrong("\"v0\", the only version that this program speaks");
    }
    JsonAnswer emulator = answer.optional("emulator");
    if (emulator == null) {
      return new Origin(apiOrigin);
    }
    JsonAnswer seed = emulator.field("seed");
    if (!seed.node().isIntegralNumber()) {
      throw seed.wrong("a whole number");
    }
    String market = emulator.field("market").text();
    return new Origin("emulator:" + market + ":" + seed.node().asText());
  }
}
