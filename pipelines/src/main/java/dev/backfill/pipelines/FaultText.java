package dev.backfill.pipelines;

import dev.backfill.emulator.http.Fault;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a fault as {@code --fault} has it: {@code KIND[,name=value]…}, with the names that the
 * control endpoint uses. {@code status,status=504,times=3} makes three data requests answer 504.
 */
final class FaultText {
  private static final List<String> NAMES =
      List.of(
          "methods",
          "symbol",
          "times",
          "skip",
          "probability",
          "status",
          "at",
          "retry_after",
          "clean",
          "millis");

  private final String text;
  private final Fault.Kind kind;
  private final Map<String, String> values = new LinkedHashMap<>();

  private FaultText(String text) {
    this.text = text;
    String[] parts = text.split(",");
    this.kind = kind(parts[0].strip());
    for (int i = 1; i < parts.length; i++) {
      String[] pair = parts[i].split("=", 2);
      String name = pair[0].strip();
      if (pair.length != 2 || !NAMES.contains(name)) {
        throw fail(
            "after the kind come name=value pairs with the names "
                + String.join(", ", NAMES)
                + ", not "
                + parts[i]
                + Nearest.hint(name, NAMES));
      }
      values.put(name, pair[1].strip());
    }
  }

  /**
   * The fault that a text describes.
   *
   * @throws UsageException naming what is wrong with it
   */
  static Fault parse(String text) {
    return new FaultText(text).fault();
  }

  private Fault fault() {
    boolean byChance = values.containsKey("probability");
    return new Fault(
        kind,
        methods(),
        values.get("symbol"),
        (int) number("times", byChance ? -1 : 1),
        (int) number("skip", 0),
        chance(),
        (int) number("status", kind == Fault.Kind.STATUS ? 503 : 0),
        number("at", number("retry_after", 0)),
        !values.getOrDefault("clean", "true").equals("false"),
        number("millis", 0));
  }

  private Set<String> methods() {
    String methods = values.get("methods");
    if (methods != null) {
      return methods.equals("all") ? Set.of() : Set.of(methods.split("\\+"));
    }
    return Set.of(
        kind == Fault.Kind.COUNT_OFF ? "metadata.get_record_count" : "timeseries.get_range");
  }

  private long number(String name, long otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("-?\\d{1,9}")) {
      throw fail(name + " is a whole number, not " + value);
    }
    return Long.parseLong(value);
  }

  private double chance() {
    String value = values.getOrDefault("probability", "1");
    if (!value.matches("0?\\.\\d+|[01](\\.0+)?")) {
      throw fail("probability is from 0 to 1, not " + value);
    }
    return Double.parseDouble(value);
  }

  private Fault.Kind kind(String name) {
    List<String> kinds = kinds();
    if (!kinds.contains(name.toLowerCase(Locale.ROOT))) {
      throw fail(
          "the kind is one of "
              + String.join(", ", kinds)
              + ", not "
              + name
              + Nearest.hint(name, kinds));
    }
    return Fault.Kind.parse(name);
  }

  private static List<String> kinds() {
    return Arrays.stream(Fault.Kind.values())
        .map(k -> k.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  private UsageException fail(String problem) {
    return new UsageException("--fault " + text + ": " + problem);
  }
}
