package dev.backfill.io.dbn;

import java.util.List;

/**
 * How a symbol names an instrument, as numbered in the metadata. A number that is not known here is
 * kept as it is.
 *
 * @param code number on the wire, 0 to 255
 */
public record SType(int code) {
  private static final List<String> NAMES =
      List.of(
          "instrument_id",
          "raw_symbol",
          "smart",
          "continuous",
          "parent",
          "nasdaq_symbol",
          "cms_symbol",
          "isin",
          "us_code",
          "bbg_comp_id",
          "bbg_comp_ticker",
          "figi",
          "figi_ticker",
          "listing_id",
          "issuer_id",
          "security_id");

  /** The venue's number of the instrument, in decimal. */
  public static final SType INSTRUMENT_ID = new SType(0);

  /** The venue's own symbol: {@code ESH1}. */
  public static final SType RAW_SYMBOL = new SType(1);

  /** The n-th contract of a root by a rule: {@code ES.v.0}. */
  public static final SType CONTINUOUS = new SType(3);

  /** All contracts of a root: {@code ES.FUT}, {@code OZL.OPT}. */
  public static final SType PARENT = new SType(4);

  /** Several in one stream, or none. */
  public static final SType MIXED = new SType(0xFF);

  /** Refuses what 8 bits cannot hold. */
  public SType {
    if (code < 0 || code > 0xFF) {
      throw new IllegalArgumentException("symbology number " + code + " is not in 0 to 255");
    }
  }

  /**
   * The symbology of this name in the API, such as {@code raw_symbol}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static SType parse(String apiName) {
    int code = NAMES.indexOf(apiName);
    if (code < 0) {
      throw new IllegalArgumentException(
          "symbology '" + apiName + "' is not known; known are " + String.join(", ", NAMES));
    }
    return new SType(code);
  }

  /** The name in the API; {@code mixed}, or {@code stype-N} where N is not known. */
  public String apiName() {
    if (code < NAMES.size()) {
      return NAMES.get(code);
    }
    return code == MIXED.code ? "mixed" : "stype-" + code;
  }

  @Override
  public String toString() {
    return apiName();
  }
}
