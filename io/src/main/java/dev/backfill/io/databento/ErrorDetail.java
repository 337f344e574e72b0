package dev.backfill.io.databento;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error's body says, whichever of its shapes it has: a text, an object, a list of faulty
 * fields, or no JSON at all. Never fails: what cannot be understood is kept as text.
 *
 * @param isVerdict whether the service itself speaks, in a text or an object: not a machine on the
 *     way to it, nor its web framework about the form of a request
 */
record ErrorDetail(
    boolean isVerdict,
    @Nullable String errorCase,
    String message,
    @Nullable String docs,
    @Nullable Instant availableStart,
    @Nullable Instant availableEnd)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_TEXT = 500;
  // A page's words are in its body; scripts and styles are not words.
  private static final Pattern NOT_WORDS =
      Pattern.compile("(?is)<(script|style)\\b.*?</\\1\\s*>|<!--.*?-->|<[^>]*>");
  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");
  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z");

  static ErrorDetail parse(String body) {
    JsonNode detail = null;
    try {
      JsonNode root = JSON.readTree(body);
      detail = root == null ? null : root.get("detail");
    } catch (JsonProcessingException e) {
      // A gateway's page: falls through to plain text.
    }
    if (detail == null || detail.isNull()) {
      return text(body, false);
    }
    if (detail.isObject()) {
      return object(detail);
    }
    return detail.isArray() ? text(fields(detail), false) : text(detail.asText(), true);
  }

  private static ErrorDetail text(String text, boolean isVerdict) {
    return new ErrorDetail(isVerdict, null, clean(text), null, null, null);
  }

  private static ErrorDetail object(JsonNode detail) {
    String errorCase = textOf(detail, "case");
    String message = textOf(detail, "message");
    JsonNode payload = detail.path("payload");
    Instant end = instantOf(payload, "available_end");
    if (end == null && message != null && LicensedPart.needsLicence(errorCase)) {
      end = firstInstant(message);
    }
    return new ErrorDetail(
        true,
        errorCase,
        clean(message == null ? detail.toString() : message),
        textOf(detail, "docs"),
        instantOf(payload, "available_start"),
        end);
  }

  /** The web framework's list: {@code body.start: Field required; …}. */
  private static String fields(JsonNode list) {
    List<String> faults = new ArrayList<>();
    for (JsonNode fault : list) {
      List<String> path = new ArrayList<>();
      fault.path("loc").forEach(part -> path.add(part.asText()));
      String message = textOf(fault, "msg");
      faults.add(
          (path.isEmpty() ? "" : String.join(".", path) + ": ")
              + (message == null ? fault.toString() : message));
    }
    return String.join("; ", faults);
  }

  private static @Nullable String textOf(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value == null || !value.isTextual() || value.asText().isBlank() ? null : value.asText();
  }

  private static @Nullable Instant instantOf(JsonNode node, String name) {
    String text = textOf(node, name);
    return text == null ? null : firstInstant(text);
  }

  private static @Nullable Instant firstInstant(String text) {
    Matcher found = INSTANT.matcher(text);
    if (!found.find()) {
      return null;
    }
    try {
      return Instant.parse(found.group());
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String clean(String text) {
    // Bounded before the patterns run: a gateway may send megabytes.
    String head = text.substring(0, Math.min(text.length(), 64 * 1024));
    String words = SPACE.matcher(NOT_WORDS.matcher(head).replaceAll(" ")).replaceAll(" ").strip();
    return words.length() <= MAX_TEXT ? words : words.substring(0, MAX_TEXT) + "…";
  }
}
