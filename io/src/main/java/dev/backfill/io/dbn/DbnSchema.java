package dev.backfill.io.dbn;

import java.util.List;

/**
 * The kind of records in a stream, as numbered in the metadata. A number that is not known here is
 * kept as it is.
 *
 * @param code number on the wire, 0 to 65535
 */
public record DbnSchema(int code) {
  private static final List<String> NAMES =
      List.of(
          "mbo",
          "mbp-1",
          "mbp-10",
          "tbbo",
          "trades",
          "ohlcv-1s",
          "ohlcv-1m",
          "ohlcv-1h",
          "ohlcv-1d",
          "definition",
          "statistics",
          "status",
          "imbalance",
          "ohlcv-eod",
          "cmbp-1",
          "cbbo-1s",
          "cbbo-1m",
          "tcbbo",
          "bbo-1s",
          "bbo-1m");

  /** Bars of a second. */
  public static final DbnSchema OHLCV_1S = new DbnSchema(5);

  /** Bars of a minute. */
  public static final DbnSchema OHLCV_1M = new DbnSchema(6);

  /** Bars of an hour. */
  public static final DbnSchema OHLCV_1H = new DbnSchema(7);

  /** Bars of a UTC day. */
  public static final DbnSchema OHLCV_1D = new DbnSchema(8);

  /** Instrument definitions. */
  public static final DbnSchema DEFINITION = new DbnSchema(9);

  /** Statistics of the venue: settlements, open interest and so on. */
  public static final DbnSchema STATISTICS = new DbnSchema(10);

  /** Trading status. */
  public static final DbnSchema STATUS = new DbnSchema(11);

  /** Bars of a trading session. */
  public static final DbnSchema OHLCV_EOD = new DbnSchema(13);

  /** Several schemas in one stream, or none. */
  public static final DbnSchema MIXED = new DbnSchema(0xFFFF);

  /** Refuses what 16 bits cannot hold. */
  public DbnSchema {
    if (code < 0 || code > 0xFFFF) {
      throw new IllegalArgumentException("schema number " + code + " is not in 0 to 65535");
    }
  }

  /**
   * The schema of this name in the API, such as {@code ohlcv-1h}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DbnSchema parse(String apiName) {
    int code = NAMES.indexOf(apiName);
    if (code < 0) {
      throw new IllegalArgumentException(
          "schema '" + apiName + "' is not known; known are " + String.join(", ", NAMES));
    }
    return new DbnSchema(code);
  }

  /** Whether {@link #apiName} is a name that the service knows. */
  public boolean known() {
    return code < NAMES.size();
  }

  /** The name in the API; {@code mixed}, or {@code schema-N} where N is not known. */
  public String apiName() {
    if (known()) {
      return NAMES.get(code);
    }
    return code == MIXED.code ? "mixed" : "schema-" + code;
  }

  /** The record type that this schema's records carry, or -1 when it is not one of bars. */
  public int ohlcvRtype() {
    return switch (code) {
      case 5 -> RType.OHLCV_1S;
      case 6 -> RType.OHLCV_1M;
      case 7 -> RType.OHLCV_1H;
      case 8 -> RType.OHLCV_1D;
      case 13 -> RType.OHLCV_EOD;
      default -> -1;
    };
  }

  @Override
  public String toString() {
    return apiName();
  }
}
