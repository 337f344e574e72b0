package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer that is an error, in one of the service's shapes. */
final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final int status;
  private final transient JsonNode detail;
  private final Map<String, String> headers;

  private ApiException(int status, JsonNode detail, String message, Map<String, String> headers) {
    super(message);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }

  int status() {
    return status;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The body: {@code {"detail": …}}. */
  ObjectNode body() {
    ObjectNode body = JSON.objectNode();
    body.set("detail", detail);
    return body;
  }

  /** {@code {"detail": "text"}}. */
  static ApiException text(int status, String message, Map<String, String> headers) {
    return new ApiException(status, JSON.textNode(message), message, headers);
  }

  /** {@code {"detail": {"case": …, "message": …, "status_code": …, "docs": …, "payload": …}}}. */
  static ApiException of(
      int status, String errorCase, String message, @Nullable ObjectNode payload) {
    ObjectNode detail = JSON.objectNode();
    detail.put("case", errorCase);
    detail.put("message", message);
    detail.put("status_code", status);
    detail.put(
        "docs", "https://databento.com/docs/api-reference-historical/basics/errors#" + errorCase);
    detail.set("payload", payload == null ? JSON.nullNode() : payload);
    return new ApiException(status, detail, message, Map.of());
  }

  static ApiException of(int status, String errorCase, String message) {
    return of(status, errorCase, message, null);
  }

  /** {@code {"detail": [{"loc": ["body", field], "msg": …, "type": …}]}} for one field. */
  static ApiException field(String location, String field, String message, String type) {
    ObjectNode entry = JSON.objectNode();
    entry.putArray("loc").add(location).add(field);
    entry.put("msg", message);
    entry.put("type", type);
    return new ApiException(422, JSON.arrayNode().add(entry), message, Map.of());
  }

  /** The list shape for several required fields that are missing. */
  static ApiException missing(String location, java.util.List<String> fields) {
    var list = JSON.arrayNode();
    for (String field : fields) {
      ObjectNode entry = list.addObject();
      entry.putArray("loc").add(location).add(field);
      entry.put("msg", "Field required");
      entry.put("type", "missing");
    }
    return new ApiException(422, list, "missing fields " + fields, Map.of());
  }

  /** A value that is not allowed. */
  static ApiException invalid(String message) {
    return of(400, "validation_failed", message);
  }
}
