package dev.backfill.emulator.http;

import dev.backfill.emulator.KeyRights;
import dev.backfill.emulator.market.BarQuery;
import dev.backfill.emulator.market.Dataset;
import dev.backfill.emulator.market.DefinitionQuery;
import dev.backfill.emulator.market.Market;
import dev.backfill.emulator.market.Resolution;
import dev.backfill.emulator.market.StatisticsQuery;
import dev.backfill.emulator.market.SymbolException;
import dev.backfill.io.dbn.SType;
import dev.backfill.schemas.BarSize;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A checked request for records: get_range and the three metadata methods that size it.
 *
 * @param startNs inclusive
 * @param endNs exclusive, forward-filled
 * @param limit 0 for none
 * @param symbols as asked for
 */
record DataRequest(
    Dataset dataset,
    Schema schema,
    SType stypeIn,
    SType stypeOut,
    List<String> symbols,
    long startNs,
    long endNs,
    long limit) {
  static final String ALL = "ALL_SYMBOLS";

  /** The first version of DBN whose definitions have legs. */
  static final int LEGS_FROM = 3;

  private static final int MOST_SYMBOLS = 2000;
  private static final Set<SType> STYPES =
      Set.of(SType.RAW_SYMBOL, SType.INSTRUMENT_ID, SType.CONTINUOUS, SType.PARENT);

  /** Reads and checks the fields, in the service's order, up to the rights. */
  static DataRequest parse(Params params, Market market, Availability availability, KeyRights key)
      throws ApiException {
    params.require("dataset", "start");
    RequestTime start = params.time("start");
    RequestTime end = params.time("end");
    long limit = params.limit();
    if (start == null) {
      throw ApiException.missing(params.location(), List.of("start"));
    }
    Dataset dataset = dataset(params);
    Schema schema = schema(dataset, params.text("schema", "trades"));
    SType in = stype("stype_in", params.text("stype_in", "raw_symbol"));
    SType out = stype("stype_out", params.text("stype_out", "instrument_id"));
    requireCombination(in, out);
    List<String> symbols = symbols(params, market, dataset, in);
    long endNs = end == null ? filled(start) : end.ns();
    availability.check(dataset, schema, start.ns(), endNs, key);
    return new DataRequest(dataset, schema, in, out, symbols, start.ns(), endNs, limit);
  }

  /** An absent end is the end of the unit in which the start was written. */
  private static long filled(RequestTime start) {
    return start.ns() + start.resolutionNs();
  }

  static Dataset dataset(Params params) throws ApiException {
    String code = params.required("dataset");
    return Dataset.of(code)
        .orElseThrow(() -> ApiException.invalid("The dataset `" + code + "` is not known."));
  }

  static Schema schema(Dataset dataset, String name) throws ApiException {
    return Schema.of(name)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "The schema `" + name + "` is not available for " + dataset.code() + "."));
  }

  static SType stype(String field, String name) throws ApiException {
    try {
      SType stype = SType.parse(name);
      if (STYPES.contains(stype)) {
        return stype;
      }
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("The " + field + " `" + name + "` is not known.");
    }
    throw ApiException.invalid("The " + field + " `" + name + "` is not supported here.");
  }

  static void requireCombination(SType in, SType out) throws ApiException {
    boolean fits =
        in.equals(SType.INSTRUMENT_ID)
            ? out.equals(SType.RAW_SYMBOL) || out.equals(SType.INSTRUMENT_ID)
            : out.equals(SType.INSTRUMENT_ID);
    if (!fits) {
      throw ApiException.of(
          422,
          "symbology_invalid_request",
          "Resolution from `" + in.apiName() + "` to `" + out.apiName() + "` is not supported.");
    }
  }

  static List<String> symbols(Params params, Market market, Dataset dataset, SType in)
      throws ApiException {
    List<String> symbols = params.list("symbols", ALL);
    if (symbols.isEmpty()) {
      throw ApiException.of(400, "symbology_invalid_symbol", "No symbols were given.");
    }
    if (symbols.size() > MOST_SYMBOLS) {
      throw ApiException.invalid(
          "The request has " + symbols.size() + " symbols; the maximum is " + MOST_SYMBOLS + ".");
    }
    try {
      symbols.forEach(s -> market.checkForm(dataset, in, s));
    } catch (SymbolException e) {
      throw symbolError(e);
    }
    return symbols;
  }

  static ApiException symbolError(SymbolException e) {
    String message = e.getMessage() == null ? e.symbol() : e.getMessage();
    return e.reason() == SymbolException.Reason.FORM
        ? ApiException.of(400, "symbology_invalid_symbol", message)
        : ApiException.of(422, "symbology_invalid_request", message);
  }

  /** The request on edges of ten minutes or a day, the grain in which the service counts. */
  DataRequest widened() {
    long start = startNs - Math.floorMod(startNs, schema.countGrainNs());
    long end = endNs + Math.floorMod(-endNs, schema.countGrainNs());
    return new DataRequest(dataset, schema, stypeIn, stypeOut, symbols, start, end, limit);
  }

  LocalDate startDate() {
    return RequestTime.dateOf(startNs);
  }

  LocalDate endDate() {
    return RequestTime.endDate(endNs);
  }

  boolean wholeUniverse() {
    return symbols.contains(ALL);
  }

  /** What the symbols stand for; refuses a request of which none resolves. */
  Resolution resolve(Market market) throws ApiException {
    try {
      Resolution resolution =
          market.resolve(dataset, stypeIn, stypeOut, symbols, startDate(), endDate());
      if (!wholeUniverse() && resolution.notFound().size() == symbols.size()) {
        throw ApiException.of(
            422,
            "symbology_invalid_request",
            "None of the symbols could be resolved: " + shortList(symbols));
      }
      return resolution;
    } catch (SymbolException e) {
      throw symbolError(e);
    }
  }

  /** The bars that are asked for. */
  BarQuery bars(Market market) {
    BarSize size = Objects.requireNonNull(schema.barSize());
    return market.query(dataset, size, stypeIn, symbols, startNs, endNs);
  }

  /** The definitions that are asked for. */
  DefinitionQuery definitions(Market market) {
    return market.definitions(dataset, stypeIn, symbols, startNs, endNs);
  }

  /** The statistics that are asked for. */
  StatisticsQuery statistics(Market market) {
    return market.statistics(dataset, stypeIn, symbols, startNs, endNs);
  }

  /**
   * How many records there are, before any limit.
   *
   * @param version of DBN; spreads have a definition a leg from version 3
   */
  long count(Market market, int version) {
    return switch (schema) {
      case DEFINITION -> definitions(market).count(version >= LEGS_FROM);
      case STATISTICS -> statistics(market).count();
      default -> bars(market).count();
    };
  }

  /** Whether there is no record at all. */
  boolean isEmpty(Market market) {
    return switch (schema) {
      case DEFINITION -> definitions(market).isEmpty();
      case STATISTICS -> statistics(market).isEmpty();
      default -> bars(market).isEmpty();
    };
  }

  /** Up to ten symbols, then an ellipsis, as the service cuts its lists. */
  static String shortList(List<String> symbols) {
    List<String> shown = new ArrayList<>(symbols.subList(0, Math.min(10, symbols.size())));
    if (shown.size() < symbols.size()) {
      shown.add("...");
    }
    return String.join(", ", shown);
  }
}
