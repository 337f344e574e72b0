package dev.backfill.emulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request, from the query of a GET or the form of a POST. */
final class Params {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final String location;

  /**
   * Decodes fields.
   *
   * @param location {@code query} or {@code body}, named in errors
   */
  Params(String location, @Nullable String encoded) {
    this.location = location;
    if (encoded == null || encoded.isEmpty()) {
      return;
    }
    for (String pair : encoded.split("&", -1)) {
      int eq = pair.indexOf('=');
      String name = eq < 0 ? pair : pair.substring(0, eq);
      String value = eq < 0 ? "" : pair.substring(eq + 1);
      values.put(
          URLDecoder.decode(name, StandardCharsets.UTF_8),
          URLDecoder.decode(value, StandardCharsets.UTF_8));
    }
  }

  @Nullable String text(String name) {
    return values.get(name);
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  String location() {
    return location;
  }

  void require(String... names) throws ApiException {
    List<String> missing = Arrays.stream(names).filter(n -> !values.containsKey(n)).toList();
    if (!missing.isEmpty()) {
      throw ApiException.missing(location, missing);
    }
  }

  String required(String name) throws ApiException {
    String value = values.get(name);
    if (value == null) {
      throw ApiException.missing(location, List.of(name));
    }
    return value;
  }

  List<String> list(String name, String otherwise) {
    return Arrays.stream(text(name, otherwise).split(","))
        .map(String::trim)
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /** A boolean in any case. */
  boolean flag(String name) throws ApiException {
    String value = values.get(name);
    if (value == null) {
      return false;
    }
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default ->
          throw ApiException.field(
              location,
              name,
              "Input should be a valid boolean, unable to interpret input",
              "bool_parsing");
    };
  }

  /** A positive number, or 0 where the field is absent. */
  long limit() throws ApiException {
    String value = values.get("limit");
    if (value == null) {
      return 0;
    }
    try {
      long limit = Long.parseUnsignedLong(value);
      if (limit != 0) {
        return limit < 0 ? Long.MAX_VALUE : limit;
      }
    } catch (NumberFormatException e) {
      throw ApiException.field(
          location,
          "limit",
          "Input should be a valid integer, unable to parse string as an integer",
          "int_parsing");
    }
    throw ApiException.field(
        location, "limit", "Input should be greater than or equal to 1", "greater_than_equal");
  }

  /** A time in UTC ns with the length of the unit that it was written in; null where absent. */
  @Nullable RequestTime time(String name) throws ApiException {
    String value = values.get(name);
    if (value == null) {
      return null;
    }
    RequestTime time = RequestTime.parse(value);
    if (time == null) {
      throw ApiException.field(
          location,
          name,
          "Input should be a valid datetime, ISO 8601 or nanoseconds since the UNIX epoch",
          "datetime_parsing");
    }
    return time;
  }
}
