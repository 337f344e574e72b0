package dev.backfill.io.databento;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One bare JSON answer, read strictly: what is there must have the documented type, and an answer
 * of another shape is an error that shows its beginning.
 *
 * @param what the call, for messages
 * @param path where in the answer this is; empty for the whole
 */
record JsonAnswer(String what, String path, JsonNode node) {
  private static final int MAX_BYTES = 256 * 1024 * 1024;
  private static final int SHOWN = 120;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /** Reads the body to its end and closes the answer. */
  static JsonAnswer of(String what, HttpAnswer answer) throws IOException {
    byte[] bytes;
    try (answer) {
      bytes = answer.body().readNBytes(MAX_BYTES);
      if (bytes.length == MAX_BYTES) {
        throw ServiceConnectionException.lasting(
            what + ": the answer is larger than any should be, " + MAX_BYTES + " bytes", null);
      }
    }
    try {
      JsonNode root = JSON.readTree(bytes);
      if (!root.isMissingNode()) {
        return new JsonAnswer(what, "", root);
      }
    } catch (JsonProcessingException e) {
      throw garbled(what, bytes, e);
    }
    throw garbled(what, bytes, null);
  }

  private static IOException garbled(
      String what, byte[] bytes, @Nullable JsonProcessingException cause) {
    String text = new String(bytes, 0, Math.min(bytes.length, 4 * SHOWN), StandardCharsets.UTF_8);
    // The cause's own message repeats the source; its place in the text is what helps.
    String place =
        cause == null || cause.getLocation() == null
            ? ""
            : " at byte " + Math.max(0, cause.getLocation().getByteOffset());
    return ServiceConnectionException.passing(
        what + ": the answer is not JSON" + place + ": " + shortened(text) + ". Check --api-url",
        cause);
  }

  long nonNegativeLong() throws IOException {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw wrong("a whole number, 0 or more");
    }
    return node.longValue();
  }

  double nonNegativeDouble() throws IOException {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue()) || node.doubleValue() < 0) {
      throw wrong("a number, 0 or more");
    }
    return node.doubleValue();
  }

  String text() throws IOException {
    if (!node.isTextual()) {
      throw wrong("a text");
    }
    return node.textValue();
  }

  LocalDate date() throws IOException {
    try {
      return LocalDate.parse(text());
    } catch (DateTimeException e) {
      throw wrong("a date such as 2024-01-31");
    }
  }

  /** UTC nanoseconds of an ISO instant, or of the midnight of a date. */
  long instantNs() throws IOException {
    String text = text();
    try {
      return text.indexOf('T') < 0
          ? Times.nanos(LocalDate.parse(text))
          : Times.nanos(Instant.parse(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong("a UTC time such as 2024-01-31T00:00:00.000000000Z");
    }
  }

  List<JsonAnswer> list() throws IOException {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    List<JsonAnswer> elements = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      elements.add(new JsonAnswer(what, path + "[" + elements.size() + "]", element));
    }
    return elements;
  }

  /** The fields of an object, in the order of the answer. */
  List<Map.Entry<String, JsonAnswer>> entries() throws IOException {
    if (!node.isObject()) {
      throw wrong("an object");
    }
    List<Map.Entry<String, JsonAnswer>> entries = new ArrayList<>(node.size());
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      entries.add(
          Map.entry(field.getKey(), new JsonAnswer(what, at(field.getKey()), field.getValue())));
    }
    return entries;
  }

  JsonAnswer field(String name) throws IOException {
    JsonAnswer field = optional(name);
    if (field == null) {
      throw wrong("an object with \"" + name + "\"");
    }
    return field;
  }

  /** The field; null where it is absent or null. */
  @Nullable JsonAnswer optional(String name) throws IOException {
    if (!node.isObject()) {
      throw wrong("an object");
    }
    JsonNode field = node.get(name);
    return field == null || field.isNull() ? null : new JsonAnswer(what, at(name), field);
  }

  IOException wrong(String expected) {
    return ServiceConnectionException.lasting(
        what
            + ": the answer has another shape than documented"
            + (path.isEmpty() ? "" : ", at " + path)
            + ": expected "
            + expected
            + ", got "
            + shortened(node.toString())
            + ". Check --api-url, or whether the service has changed",
        null);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String shortened(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    if (line.isEmpty()) {
      return "nothing";
    }
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
