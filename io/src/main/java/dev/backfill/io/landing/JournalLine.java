package dev.backfill.io.landing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of the journal as JSON, with the columns' names of ops.requests. */
final class JournalLine {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JournalLine() {}

  static String write(RequestEntry entry) {
    ObjectNode node = JSON.createObjectNode();
    node.put("request_no", entry.requestNo());
    node.put("run_id", entry.runId());
    node.put("chunk_id", entry.chunkId());
    node.put("api_origin", entry.apiOrigin());
    node.put("method", entry.method());
    node.put("attempt", entry.attempt());
    node.put("started_at", Times.instant(entry.startedAtNs()).toString());
    node.put("seconds", entry.seconds());
    node.put("http_status", entry.httpStatus());
    node.put("outcome", entry.outcome());
    node.put("request_id", entry.requestId());
    node.put("bytes_received", entry.bytesReceived());
    node.put("billable_bytes", entry.billableBytes());
    node.put("cost_estimate_usd", entry.costEstimateUsd());
    if (entry.print() != null) {
      node.put("print", entry.print());
    }
    return node.toString();
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is not a whole one
   */
  static RequestEntry read(String line) throws IOException {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      // Jackson's own message would quote the line.
      throw new IOException("not a JSON object", e);
    }
    JsonNode status = value(node, "http_status");
    return new RequestEntry(
        text(node, "request_no"),
        text(node, "run_id"),
        optionalText(node, "chunk_id"),
        text(node, "api_origin"),
        text(node, "method"),
        node.path("attempt").asInt(),
        time(text(node, "started_at")),
        optionalDouble(node, "seconds"),
        status == null ? null : (Integer) status.asInt(),
        text(node, "outcome"),
        optionalText(node, "request_id"),
        optionalLong(node, "bytes_received"),
        optionalLong(node, "billable_bytes"),
        optionalDouble(node, "cost_estimate_usd"),
        optionalText(node, "print"));
  }

  private static long time(String text) throws IOException {
    try {
      return Times.nanos(Instant.parse(text));
    } catch (DateTimeException e) {
      throw new IOException("started_at is not a time", e);
    }
  }

  private static @Nullable JsonNode value(JsonNode node, String name) {
    JsonNode value = node.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static String text(JsonNode node, String name) throws IOException {
    String text = optionalText(node, name);
    if (text == null) {
      throw new IOException("no " + name);
    }
    return text;
  }

  private static @Nullable String optionalText(JsonNode node, String name) {
    JsonNode value = value(node, name);
    return value == null ? null : value.asText();
  }

  private static @Nullable Long optionalLong(JsonNode node, String name) {
    JsonNode value = value(node, name);
    return value == null ? null : (Long) value.asLong();
  }

  private static @Nullable Double optionalDouble(JsonNode node, String name) {
    JsonNode value = value(node, name);
    return value == null ? null : (Double) value.asDouble();
  }
}
