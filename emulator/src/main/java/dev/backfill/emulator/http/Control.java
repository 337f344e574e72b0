package dev.backfill.emulator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorClock;
import dev.backfill.emulator.fred.FredWorld;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The endpoints under {@code /control/} by which a test steers the emulator. */
final class Control {
  private final Faults faults;
  private final BilledLedger ledger;
  private final EmulatorClock clock;
  private final Market market;
  private final FredWorld fred;

  Control(Faults faults, BilledLedger ledger, EmulatorClock clock, Market market, FredWorld fred) {
    this.fred = fred;
    this.market = market;
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
      case "POST /control/revise" -> revise(parse(body));
      case "POST /control/fred/revise" -> reviseFred(parse(body));
      case "POST /control/fred/withdraw" -> withdrawFred(parse(body));
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

  /** A fault from JSON: {@code kind}, and the names of {@link FaultSpec}. */
  private static Fault fault(JsonNode node) throws ApiException {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      values.put(field.getKey(), text(field.getValue()));
    }
    String kind = values.remove("kind");
    try {
      return FaultSpec.of(kind == null ? "" : kind, values);
    } catch (IllegalArgumentException e) {
      throw ApiException.text(400, String.valueOf(e.getMessage()), Map.of());
    }
  }

  private static String text(JsonNode value) {
    if (!value.isArray()) {
      return value.asText();
    }
    List<String> parts = new ArrayList<>();
    value.forEach(v -> parts.add(v.asText()));
    return String.join("+", parts);
  }

  /** {@code dataset}, {@code root}, {@code date} and {@code modified}: see Revisions. */
  private JsonNode revise(JsonNode body) throws ApiException {
    Optional<Dataset> dataset = Dataset.of(body.path("dataset").asText());
    String root = body.path("root").asText();
    if (dataset.isEmpty() || !isTraded(dataset.get(), root)) {
      throw ApiException.text(400, "no dataset and root: " + body, Map.of());
    }
    try {
      LocalDate day = LocalDate.parse(body.path("date").asText());
      LocalDate on = LocalDate.parse(body.path("modified").asText());
      market.revisions().revise(dataset.get(), root, day, on);
    } catch (DateTimeException e) {
      throw ApiException.text(400, "no ISO date and modified: " + body, Map.of());
    }
    return ok();
  }

  /** {@code series_id}, the {@code from} date of the values, and {@code at}, an instant. */
  private JsonNode reviseFred(JsonNode body) throws ApiException {
    String id = seriesId(body);
    try {
      JsonNode at = body.path("at");
      fred.revise(
          id,
          LocalDate.parse(body.path("from").asText()),
          at.isTextual() ? Instant.parse(at.asText()) : clock.instant());
    } catch (DateTimeException e) {
      throw ApiException.text(400, "no ISO from and at: " + body, Map.of());
    }
    return ok();
  }

  /** {@code series_id}, which from then on does not exist. */
  private JsonNode withdrawFred(JsonNode body) throws ApiException {
    fred.withdraw(seriesId(body));
    return ok();
  }

  private String seriesId(JsonNode body) throws ApiException {
    String id = body.path("series_id").asText();
    if (!fred.has(id)) {
      throw ApiException.text(400, "no series_id: " + body, Map.of());
    }
    return id;
  }

  private boolean isTraded(Dataset dataset, String root) {
    return market.roots(dataset).contains(root)
        || (root.endsWith(".OPT")
            && market.optionRoots(dataset).contains(root.substring(0, root.length() - 4)));
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
