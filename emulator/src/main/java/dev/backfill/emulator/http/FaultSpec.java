package dev.backfill.emulator.http;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Faults as text, for a command line and the control endpoint: {@code kind} or {@code
 * kind:name=value,name=value}. Names: at, status, retry_after, clean, millis, times, skip,
 * probability, symbol, methods (joined by {@code +}). Example: {@code
 * cut:at=1000,clean=true,times=2}.
 */
public final class FaultSpec {
  private static final Set<String> NAMES =
      Set.of(
          "at",
          "status",
          "retry_after",
          "clean",
          "millis",
          "times",
          "skip",
          "probability",
          "symbol",
          "methods");

  private FaultSpec() {}

  /**
   * Reads a fault.
   *
   * @throws IllegalArgumentException for an unknown kind or name, or a value that does not fit
   */
  public static Fault parse(String text) {
    int colon = text.indexOf(':');
    Map<String, String> values = new LinkedHashMap<>();
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    for (String pair : rest.isEmpty() ? new String[0] : rest.split(",", -1)) {
      int eq = pair.indexOf('=');
      if (eq < 0) {
        throw new IllegalArgumentException("fault '" + text + "': name=value expected: " + pair);
      }
      values.put(pair.substring(0, eq), pair.substring(eq + 1));
    }
    return of(colon < 0 ? text : text.substring(0, colon), values);
  }

  /** A fault of a kind with values by name. */
  static Fault of(String kindName, Map<String, String> values) {
    for (String name : values.keySet()) {
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException(
            "unknown property " + name + " of a fault; there are " + NAMES);
      }
    }
    Fault.Kind kind = kind(kindName);
    boolean chance = values.containsKey("probability");
    return new Fault(
        kind,
        methods(kind, values),
        values.get("symbol"),
        (int) number(values, "times", chance ? -1 : 1),
        (int) number(values, "skip", 0),
        chance ? Double.parseDouble(values.getOrDefault("probability", "1")) : 1,
        (int) number(values, "status", kind == Fault.Kind.STATUS ? 503 : 0),
        number(values, "at", number(values, "retry_after", kind == Fault.Kind.STATUS ? 1 : 0)),
        Boolean.parseBoolean(values.getOrDefault("clean", "true")),
        number(values, "millis", 0));
  }

  private static Fault.Kind kind(String name) {
    try {
      return Fault.Kind.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "unknown kind of fault '"
              + name
              + "'; there are "
              + Arrays.toString(Fault.Kind.values()).toLowerCase(Locale.ROOT),
          e);
    }
  }

  private static Set<String> methods(Fault.Kind kind, Map<String, String> values) {
    String text = values.get("methods");
    if (text == null) {
      return Set.of(
          kind == Fault.Kind.COUNT_OFF ? "metadata.get_record_count" : "timeseries.get_range");
    }
    return text.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(text.split("\\+", -1)));
  }

  private static long number(Map<String, String> values, String name, long otherwise) {
    String text = values.get(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "fault property " + name + ": a whole number expected: " + text, e);
    }
  }
}
