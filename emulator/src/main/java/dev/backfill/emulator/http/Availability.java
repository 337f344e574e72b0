package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.EmulatorConfig;
import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.market.Dataset;

/** From when to when data exist, for anyone and for one key; the ends move with the clock. */
final class Availability {
  private static final long MINUTE = 60 * RequestTime.SECOND;

  private final EmulatorConfig config;

  Availability(EmulatorConfig config) {
    this.config = config;
  }

  long start(Dataset dataset) {
    return RequestTime.toNs(dataset.first());
  }

  private long now() {
    return RequestTime.toNs(config.clock().instant());
  }

  /** Exclusive end of what the service itself has. */
  long end() {
    return floor(now() - config.delayLicensed().toNanos(), MINUTE);
  }

  /** Exclusive end of what a key may have. */
  long entitledEnd(Dataset dataset, KeyRights rights) {
    boolean licensed = rights.licensed().contains(dataset.code());
    return licensed ? end() : floor(now() - config.delayUnlicensed().toNanos(), MINUTE);
  }

  static long floor(long ns, long unit) {
    return ns - Math.floorMod(ns, unit);
  }

  /** A schema holds whole bars only. */
  static long schemaEnd(long end, Schema schema) {
    return floor(end, schema.unitNs());
  }

  ObjectNode range(Dataset dataset, KeyRights rights) {
    long end = entitledEnd(dataset, rights);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("start", RequestTime.iso(start(dataset)));
    node.put("end", RequestTime.iso(end));
    ObjectNode schemas = node.putObject("schema");
    for (Schema schema : Schema.values()) {
      schemas
          .putObject(schema.apiName())
          .put("start", RequestTime.iso(start(dataset)))
          .put("end", RequestTime.iso(schemaEnd(end, schema)));
    }
    return node;
  }

  /** Refuses a range that does not exist or is not allowed, as the service would. */
  void check(Dataset dataset, Schema schema, long start, long end, KeyRights rights)
      throws ApiException {
    if (start >= end) {
      throw ApiException.of(
          422,
          "data_time_range_start_on_or_after_end",
          "The start `" + iso(start) + "` must be before the end `" + iso(end) + "`.",
          payload(start, end));
    }
    long first = start(dataset);
    if (start < first) {
      throw outside("data_start_before_available_start", dataset, start, end, first, end());
    }
    if (start >= end()) {
      throw outside("data_start_after_available_end", dataset, start, end, first, end());
    }
    if (end > end()) {
      throw outside("data_end_after_available_end", dataset, start, end, first, end());
    }
    if (end > schemaEnd(end(), schema)) {
      throw notYet(dataset, schema, start, end, schemaEnd(end(), schema));
    }
    checkRights(dataset, schema, start, end, rights);
  }

  private void checkRights(Dataset dataset, Schema schema, long start, long end, KeyRights rights)
      throws ApiException {
    requireDataset(dataset, rights);
    long entitled = entitledEnd(dataset, rights);
    if (end > entitled) {
      throw ApiException.of(
          422,
          "dataset_unavailable_range",
          "Part or all of your request requires a subscription or licence for "
              + dataset.code()
              + " data. Try again with an end time before "
              + iso(schemaEnd(entitled, schema))
              + ".",
          null);
    }
    if (end > schemaEnd(entitled, schema)) {
      throw notYet(dataset, schema, start, end, schemaEnd(entitled, schema));
    }
  }

  void requireDataset(Dataset dataset, KeyRights rights) throws ApiException {
    if (rights.datasets().contains(dataset.code())) {
      return;
    }
    switch (rights.denial()) {
      case NO_ENTITLEMENT ->
          throw ApiException.of(
              403,
              "auth_no_dataset_entitlement",
              "No entitlement for dataset " + dataset.code() + ".");
      case NO_LICENSE ->
          throw ApiException.of(
              403,
              "license_not_found_unauthorized",
              "A licence is required to access " + dataset.code() + " data.");
      case UNAVAILABLE_RANGE ->
          throw ApiException.of(
              422,
              "dataset_unavailable_range",
              "Part or all of your request requires a subscription for "
                  + dataset.code()
                  + " data.");
    }
  }

  private static ApiException outside(
      String errorCase, Dataset dataset, long start, long end, long first, long last) {
    ObjectNode payload = payload(start, end);
    payload.put("dataset", dataset.code());
    payload.put("available_start", iso(first));
    payload.put("available_end", iso(last));
    return ApiException.of(
        422,
        errorCase,
        "The dataset "
            + dataset.code()
            + " has data available from `"
            + iso(first)
            + "` up to `"
            + iso(last)
            + "`. The request was for `"
            + iso(start)
            + "` to `"
            + iso(end)
            + "`.",
        payload);
  }

  private ApiException notYet(Dataset dataset, Schema schema, long start, long end, long last) {
    ObjectNode payload = payload(start, end);
    payload.put("dataset", dataset.code());
    payload.put("schema", schema.apiName());
    payload.put("available_start", iso(start(dataset)));
    payload.put("available_end", iso(last));
    return ApiException.of(
        422,
        "data_schema_not_fully_available",
        "The schema "
            + schema.apiName()
            + " of "
            + dataset.code()
            + " is available up to `"
            + iso(last)
            + "`.",
        payload);
  }

  private static ObjectNode payload(long start, long end) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("start", iso(start));
    payload.put("end", iso(end));
    return payload;
  }

  private static String iso(long ns) {
    return RequestTime.iso(ns);
  }
}
