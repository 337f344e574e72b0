package dev.backfill.io.databento;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.api.client.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the headers of an answer say. Names are taken in any case. */
final class AnswerHeaders {
  private static final JsonMapper JSON = new JsonMapper();

  private AnswerHeaders() {}

  /** The id of the request; empty when there is none. */
  static String requestId(HttpHeaders headers) {
    String id = headers.getFirstHeaderStringValue("request-id");
    return Objects.requireNonNullElse(
        id != null ? id : headers.getFirstHeaderStringValue("x-request-id"), "");
  }

  /** The texts of X-Warning, a JSON array of them; anything else in it is kept as one text. */
  static List<String> warnings(HttpHeaders headers, ApiKey key) {
    List<String> warnings = new ArrayList<>();
    for (String value : headers.getHeaderStringValues("x-warning")) {
      addWarnings(key.scrub(value), warnings);
    }
    return List.copyOf(warnings);
  }

  private static void addWarnings(String value, List<String> warnings) {
    try {
      JsonNode root = JSON.readTree(value);
      if (root != null && root.isArray()) {
        root.forEach(text -> warnings.add(text.isTextual() ? text.asText() : text.toString()));
        return;
      }
    } catch (JsonProcessingException e) {
      // Not JSON: the text itself is the warning.
    }
    if (!value.isBlank()) {
      warnings.add(value.strip());
    }
  }
}
