package dev.backfill.emulator.http;

/** How a data answer is written. */
record Encoding(
    String name, boolean zstd, boolean prettyPrices, boolean prettyTimes, boolean mapSymbols) {

  /** The service's defaults: CSV, not compressed. */
  static Encoding parse(Params params) throws ApiException {
    boolean prettyPrices = params.flag("pretty_px");
    boolean prettyTimes = params.flag("pretty_ts");
    boolean mapSymbols = params.flag("map_symbols");
    String name = params.text("encoding", "csv");
    if (!name.equals("dbn") && !name.equals("csv") && !name.equals("json")) {
      throw ApiException.invalid("The encoding `" + name + "` is not known.");
    }
    String compression = params.text("compression", "none");
    if (!compression.equals("none") && !compression.equals("zstd")) {
      throw ApiException.invalid("The compression `" + compression + "` is not known.");
    }
    if (name.equals("dbn") && (prettyPrices || prettyTimes || mapSymbols)) {
      throw ApiException.invalid(
          "pretty_px, pretty_ts and map_symbols are for the text encodings only.");
    }
    return new Encoding(name, compression.equals("zstd"), prettyPrices, prettyTimes, mapSymbols);
  }

  String contentType() {
    if (zstd || name.equals("dbn")) {
      return "application/octet-stream";
    }
    return name.equals("csv") ? "text/csv" : "application/x-ndjson";
  }
}
