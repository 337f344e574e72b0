package dev.backfill.emulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorClock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The endpoints under {@code /control/} by which a test steers the emulator. */
final class Control {
  private final Faults faults;
  private final BilledLedger ledger;
  private final EmulatorClock clock;

  Control(Faults faults, BilledLedger ledger, EmulatorClock clock) {
    this.faults = faults;
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Answers {@code METHOD path}. */
  JsonNode answer(String methodAndPath, String body) throws ApiException {
    return switch (methodAndPath) {
      case "GET /control/ledger" -> Answers.JSON.valueToTree(ledger.entries());
      case "GET /control/faults" -> Answers.JSON.valueToTree(faults.describe());
      case "POST /control/faults" -> addFaults(parse(body));
      case "DELETE /control/faults" -> {
        faults.clear();
        yield ok();
      }
      case "POST /control/reset" -> {
        faults.clear();
        ledger.clear();
        yield ok();
      }
      case "POST /control/clock" -> setClock(parse(body));
      default -> throw ApiException.text(404, "Not Found", Map.of());
    };
  }

  private static JsonNode parse(String body) throws ApiException {
    try {
      return Answers.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw ApiException.text(400, "not JSON: " + e.getOriginalMessage(), Map.of());
    }
  }

  private static ObjectNode ok() {
    return Answers.JSON.createObjectNode().put("ok", true);
  }

  private JsonNode addFaults(JsonNode body) throws ApiException {
    if (body.isArray()) {
      for (JsonNode one : body) {
        faults.add(fault(one));
      }
    } else {
      faults.add(fault(body));
    }
    return ok();
  }

  /** A fault from JSON: the names of {@link Fault}, and {@code retry_after} for {@code at}. */
  private static Fault fault(JsonNode node) throws ApiException {
    try {
      Fault.Kind kind = Fault.Kind.parse(node.path("kind").asText());
      Set<String> methods = new HashSet<>();
      node.path("methods").forEach(m -> methods.add(m.asText()));
      if (!node.has("methods")) {
        methods.add(
            kind == Fault.Kind.COUNT_OFF ? "metadata.get_record_count" : "timeseries.get_range");
      }
      int times = node.has("probability") ? -1 : 1;
      return new Fault(
          kind,
          methods,
          node.hasNonNull("symbol") ? node.path("symbol").asText() : null,
          node.path("times").asInt(times),
          node.path("skip").asInt(0),
          node.path("probability").asDouble(1),
          node.path("status").asInt(503),
          node.path("at").asLong(node.path("retry_after").asLong(0)),
          node.path("clean").asBoolean(true),
          node.path("millis").asLong(0));
    } catch (IllegalArgumentException e) {
      throw ApiException.text(
          400,
          "unknown kind of fault "
              + node.path("kind")
              + "; there are "
              + java.util.Arrays.toString(Fault.Kind.values()),
          Map.of());
    }
  }

  private JsonNode setClock(JsonNode body) throws ApiException {
    JsonNode now = body.path("now");
    try {
      clock.set(now.isTextual() ? Instant.parse(now.asText()) : null);
    } catch (DateTimeException e) {
      throw ApiException.text(400, "not an ISO instant: " + now, Map.of());
    }
    return ok().put("now", clock.instant().toString());
  }
}
