package dev.backfill.io.landing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What contract an instrument id stood for on which UTC days: the answer of symbology.resolve from
 * instrument_id to raw_symbol, in the service's own JSON. Immutable, safe for several threads.
 */
public final class Contracts {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The name of an instrument over some days.
   *
   * @param start first UTC date
   * @param end UTC date after the last
   */
  public record Named(LocalDate start, LocalDate end, String symbol) {}

  private record Span(int startDay, int endDay, String symbol) {}

  private final Map<Long, List<Span>> spans = new HashMap<>();
  private final Map<Long, List<Named>> names;

  private Contracts(Map<Long, List<Named>> names) {
    this.names = new TreeMap<>(names);
    names.forEach((id, named) -> spans.put(id, spansOf(named)));
  }

  /** The names by instrument id; an id without a name has an empty list. */
  public static Contracts of(Map<Long, List<Named>> names) {
    return new Contracts(names);
  }

  private static List<Span> spansOf(List<Named> named) {
    return named.stream()
        .filter(name -> !name.symbol().isEmpty())
        .map(
            name ->
                new Span(
                    Math.toIntExact(name.start().toEpochDay()),
                    Math.toIntExact(name.end().toEpochDay()),
                    name.symbol()))
        .sorted(Comparator.comparingInt(Span::startDay))
        .toList();
  }

  /**
   * The contract behind an instrument on a day, or null where it has no name.
   *
   * @param epochDay UTC day, counted from 1970-01-01
   */
  public @Nullable String lookup(long instrumentId, int epochDay) {
    for (Span span : spans.getOrDefault(instrumentId, List.of())) {
      if (span.startDay() <= epochDay && epochDay < span.endDay()) {
        return span.symbol();
      }
    }
    return null;
  }

  /** The names of an instrument in the order of their days; empty where it has none. */
  public List<Named> names(long instrumentId) {
    return names.getOrDefault(instrumentId, List.of()).stream()
        .filter(name -> !name.symbol().isEmpty())
        .sorted(Comparator.comparing(Named::start))
        .toList();
  }

  /** Reads an answer of symbology.resolve whose symbols are instrument ids. */
  public static Contracts read(InputStream in) throws IOException {
    JsonNode result = JSON.readTree(in).path("result");
    if (!result.isObject()) {
      throw new IOException("The contracts file has no \"result\"");
    }
    Map<Long, List<Named>> names = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : result.properties()) {
      List<Named> named = new ArrayList<>();
      for (JsonNode span : entry.getValue()) {
        named.add(named(entry.getKey(), span));
      }
      names.put(id(entry.getKey()), named);
    }
    return new Contracts(names);
  }

  private static Named named(String id, JsonNode span) throws IOException {
    try {
      return new Named(
          LocalDate.parse(span.path("d0").asText()),
          LocalDate.parse(span.path("d1").asText()),
          span.path("s").asText());
    } catch (DateTimeException e) {
      throw new IOException("Instrument " + id + " has a name without dates d0 and d1: " + span, e);
    }
  }

  private static long id(String text) throws IOException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("\"" + text + "\" in the contracts file is not an instrument id", e);
    }
  }

  /** The answer as JSON in UTF-8, in the service's form, for the dates that were asked. */
  public byte[] json(LocalDate start, LocalDate end) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode result = root.putObject("result");
    ArrayNode symbols = root.putArray("symbols");
    root.put("stype_in", "instrument_id").put("stype_out", "raw_symbol");
    root.put("start_date", start.toString()).put("end_date", end.toString());
    ArrayNode notFound = root.putArray("not_found");
    names.forEach(
        (id, named) -> {
          String symbol = Long.toString(id);
          symbols.add(symbol);
          if (named.isEmpty()) {
            notFound.add(symbol);
          }
          ArrayNode list = result.putArray(symbol);
          named.forEach(
              name ->
                  list.addObject()
                      .put("d0", name.start().toString())
                      .put("d1", name.end().toString())
                      .put("s", name.symbol()));
        });
    return JSON.writeValueAsBytes(root);
  }
}
