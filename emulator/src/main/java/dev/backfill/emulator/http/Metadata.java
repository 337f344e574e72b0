package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.market.Conditions;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;

/** The metadata methods. */
final class Metadata {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1L << 30);

  private final EmulatorConfig config;
  private final Market market;
  private final Availability availability;

  Metadata(EmulatorConfig config, Market market, Availability availability) {
    this.config = config;
    this.market = market;
    this.availability = availability;
  }

  /** Answers a method. */
  JsonNode answer(Call call) throws ApiException {
    Params params = call.params();
    return switch (call.method()) {
      case "metadata.list_publishers" -> publishers();
      case "metadata.list_datasets" -> datasets(params);
      case "metadata.list_schemas" -> schemas(params);
      case "metadata.list_fields" -> fields(params);
      case "metadata.list_unit_prices" -> unitPrices(params);
      case "metadata.get_dataset_condition" -> condition(params);
      case "metadata.get_dataset_range" -> range(call);
      case "metadata.get_record_count" -> JSON.numberNode(reportedCount(call));
      case "metadata.get_billable_size" ->
          JSON.numberNode(schema(call).recordBytes() * count(call));
      case "metadata.get_cost" -> cost(call);
      default -> throw ApiException.text(404, "Not Found", java.util.Map.of());
    };
  }

  private static ArrayNode publishers() {
    ArrayNode list = JSON.arrayNode();
    for (Dataset dataset : Dataset.values()) {
      for (Dataset.Publisher publisher : dataset.publishers()) {
        list.addObject()
            .put("publisher_id", publisher.id())
            .put("dataset", dataset.code())
            .put("venue", publisher.venue())
            .put("description", publisher.description());
      }
    }
    return list;
  }

  private ArrayNode datasets(Params params) throws ApiException {
    RequestTime start = params.time("start_date");
    RequestTime end = params.time("end_date");
    ArrayNode list = JSON.arrayNode();
    for (Dataset dataset : Dataset.values()) {
      boolean begun = end == null || availability.start(dataset) < end.ns();
      boolean there = start == null || start.ns() < availability.end();
      if (begun && there) {
        list.add(dataset.code());
      }
    }
    return list;
  }

  private static ArrayNode schemas(Params params) throws ApiException {
    DataRequest.dataset(params);
    ArrayNode list = JSON.arrayNode();
    for (Schema schema : Schema.values()) {
      list.add(schema.apiName());
    }
    return list;
  }

  private static ArrayNode fields(Params params) throws ApiException {
    params.require("schema", "encoding");
    String schema = params.required("schema");
    Schema known =
        Schema.of(schema)
            .orElseThrow(() -> ApiException.invalid("The schema `" + schema + "` is not known."));
    String encoding = params.required("encoding");
    if (!encoding.equals("dbn") && !encoding.equals("csv") && !encoding.equals("json")) {
      throw ApiException.invalid("The encoding `" + encoding + "` is not known.");
    }
    ArrayNode list = JSON.arrayNode();
    Columns.of(known, encoding.equals("dbn")).forEach(c -> field(list, c));
    return list;
  }

  private static void field(ArrayNode list, Columns.Column column) {
    list.addObject().put("name", column.name()).put("type", column.type().wire());
  }

  private ArrayNode unitPrices(Params params) throws ApiException {
    DataRequest.dataset(params);
    ArrayNode list = JSON.arrayNode();
    for (String mode : List.of("historical", "historical-streaming", "live")) {
      ObjectNode prices = list.addObject().put("mode", mode).putObject("unit_prices");
      for (Schema schema : Schema.values()) {
        prices.put(schema.apiName(), price(schema));
      }
    }
    return list;
  }

  private double price(Schema schema) {
    return config.unitPrices().getOrDefault(schema.apiName(), 0.0);
  }

  private static Schema schema(Call call) throws ApiException {
    Params params = call.params();
    return DataRequest.schema(DataRequest.dataset(params), params.text("schema", "trades"));
  }

  private JsonNode range(Call call) throws ApiException {
    Dataset dataset = DataRequest.dataset(call.params());
    availability.requireDataset(dataset, call.rights());
    return availability.range(dataset, call.rights());
  }

  private ArrayNode condition(Params params) throws ApiException {
    RequestTime from = params.time("start_date");
    RequestTime to = params.time("end_date");
    Dataset dataset = DataRequest.dataset(params);
    LocalDate newest = RequestTime.dateOf(availability.end());
    LocalDate start = from == null ? dataset.first() : RequestTime.dateOf(from.ns());
    LocalDate end = to == null ? newest : RequestTime.dateOf(to.ns());
    ArrayNode list = JSON.arrayNode();
    for (LocalDate day = start.isBefore(dataset.first()) ? dataset.first() : start;
        !day.isAfter(end) && !day.isAfter(newest);
        day = day.plusDays(1)) {
      if (day.getDayOfWeek() != DayOfWeek.SATURDAY) {
        boolean pending = !day.isBefore(newest);
        ObjectNode entry = list.addObject().put("date", day.toString());
        entry.put("condition", pending ? "pending" : Conditions.of(dataset, day));
        LocalDate revised = market.revisions().modified(dataset, day);
        LocalDate modified = revised == null ? day.plusDays(1) : revised;
        entry.put("last_modified_date", pending ? null : modified.toString());
      }
    }
    return list;
  }

  /**
   * Exact for ranges on multiples of the schema's grain, otherwise too high: the edges are widened.
   */
  private long count(Call call) throws ApiException {
    DataRequest request = DataRequest.parse(call.params(), market, availability, call.rights());
    request.resolve(market);
    long count = request.widened().count(market, config.dbnVersion());
    return request.limit() == 0 ? count : Math.min(count, request.limit());
  }

  private long reportedCount(Call call) throws ApiException {
    long count = count(call);
    Fault fault = call.fault();
    if (fault == null || fault.kind() != Fault.Kind.COUNT_OFF) {
      return count;
    }
    // Never the right one, however small the count.
    long off = count * fault.at() / 100;
    return Math.max(0, count + (off == 0 ? Long.signum(fault.at()) : off));
  }

  private JsonNode cost(Call call) throws ApiException {
    Schema schema = schema(call);
    long bytes = schema.recordBytes() * count(call);
    Dataset dataset = DataRequest.dataset(call.params());
    if (call.rights().flatRate().contains(dataset.code())) {
      return JSON.numberNode(0.0);
    }
    return JSON.numberNode(dollars(bytes, price(schema)).doubleValue());
  }

  /** US dollars, rounded to twelve decimals. */
  static BigDecimal dollars(long bytes, double unitPrice) {
    return BigDecimal.valueOf(bytes)
        .multiply(BigDecimal.valueOf(unitPrice))
        .divide(GIGABYTE, 12, RoundingMode.HALF_UP);
  }
}
