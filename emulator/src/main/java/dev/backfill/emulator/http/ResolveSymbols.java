package dev.backfill.emulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.Resolution;
import dev.backfill.emulator.market.SymbolException;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.SType;
import java.time.LocalDate;
import java.util.List;

/** symbology.resolve. */
final class ResolveSymbols {
  private final Market market;
  private final Availability availability;

  ResolveSymbols(Market market, Availability availability) {
    this.market = market;
    this.availability = availability;
  }

  JsonNode answer(Call call) throws ApiException {
    Params params = call.params();
    params.require("dataset", "symbols", "stype_in", "stype_out", "start_date");
    LocalDate start = date(params, "start_date", null);
    LocalDate end = date(params, "end_date", start.plusDays(1));
    Dataset dataset = DataRequest.dataset(params);
    SType in = DataRequest.stype("stype_in", params.required("stype_in"));
    SType out = DataRequest.stype("stype_out", params.required("stype_out"));
    DataRequest.requireCombination(in, out);
    if (in.equals(out)) {
      throw ApiException.of(
          422,
          "symbology_invalid_request",
          "Resolution from `" + in.apiName() + "` to itself is not supported.");
    }
    List<String> symbols = DataRequest.symbols(params, market, dataset, in);
    checkDates(dataset, start, end);
    try {
      Resolution resolution = market.resolve(dataset, in, out, symbols, start, end);
      return json(resolution, symbols, in, out, start, end);
    } catch (SymbolException e) {
      throw DataRequest.symbolError(e);
    }
  }

  private static LocalDate date(
      Params params, String name, @org.jspecify.annotations.Nullable LocalDate otherwise)
      throws ApiException {
    RequestTime time = params.time(name);
    if (time != null) {
      return RequestTime.dateOf(time.ns());
    }
    if (otherwise == null) {
      throw ApiException.missing(params.location(), List.of(name));
    }
    return otherwise;
  }

  private void checkDates(Dataset dataset, LocalDate start, LocalDate end) throws ApiException {
    if (!start.isBefore(end)) {
      ObjectNode payload = JsonNodeFactory.instance.objectNode();
      payload.put("start_date", start.toString());
      payload.put("end_date", end.toString());
      throw ApiException.of(
          422,
          "data_date_range_start_on_or_after_end",
          "The start date `" + start + "` must be before the end date `" + end + "`.",
          payload);
    }
    if (start.isBefore(dataset.first())) {
      ObjectNode payload = JsonNodeFactory.instance.objectNode();
      payload.put("dataset", dataset.code());
      payload.put("start", RequestTime.iso(RequestTime.toNs(start)));
      payload.put("end", RequestTime.iso(RequestTime.toNs(end)));
      payload.put("available_start", RequestTime.iso(availability.start(dataset)));
      payload.put("available_end", RequestTime.iso(availability.end()));
      throw ApiException.of(
          422,
          "data_start_before_available_start",
          "The start date `" + start + "` is before the dataset's first day " + dataset.first(),
          payload);
    }
  }

  private static ObjectNode json(
      Resolution resolution,
      List<String> symbols,
      SType in,
      SType out,
      LocalDate start,
      LocalDate end) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode result = body.putObject("result");
    resolution
        .result()
        .forEach(
            (symbol, intervals) -> {
              ArrayNode list = result.putArray(symbol);
              for (MappingInterval i : intervals) {
                list.addObject()
                    .put("d0", i.start().toString())
                    .put("d1", i.end().toString())
                    .put("s", i.symbol());
              }
            });
    symbols.forEach(body.putArray("symbols")::add);
    body.put("stype_in", in.apiName());
    body.put("stype_out", out.apiName());
    body.put("start_date", start.toString());
    body.put("end_date", end.toString());
    resolution.partial().forEach(body.putArray("partial")::add);
    resolution.notFound().forEach(body.putArray("not_found")::add);
    boolean none = resolution.notFound().size() == symbols.size();
    boolean all = resolution.notFound().isEmpty() && resolution.partial().isEmpty();
    body.put("message", none ? "Not found" : all ? "OK" : "Partially resolved");
    body.put("status", none ? 2 : all ? 0 : 1);
    return body;
  }
}
