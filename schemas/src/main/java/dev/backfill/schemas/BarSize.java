package dev.backfill.schemas;

import java.util.Arrays;
import java.util.Optional;

/**
 * The bar schemas that are loaded, with their names at the service and on the wire. Source: the DBN
 * format's record types and schema numbers.
 */
public enum BarSize {
  /** One second. */
  SECOND("ohlcv-1s", "1s", 0x20, 1),
  /** One minute. */
  MINUTE("ohlcv-1m", "1m", 0x21, 60),
  /** One hour. */
  HOUR("ohlcv-1h", "1h", 0x22, 3_600),
  /** One UTC day, whatever the exchange's session. */
  DAY("ohlcv-1d", "1d", 0x23, 86_400);

  private final String schema;
  private final String suffix;
  private final int rtype;
  private final long seconds;

  BarSize(String schema, String suffix, int rtype, long seconds) {
    this.schema = schema;
    this.suffix = suffix;
    this.rtype = rtype;
    this.seconds = seconds;
  }

  /** The service's schema name, e.g. {@code ohlcv-1h}. */
  public String schema() {
    return schema;
  }

  /** The ending of the table's name, e.g. {@code 1h}. */
  public String suffix() {
    return suffix;
  }

  /** The record type on the wire. */
  public int rtype() {
    return rtype;
  }

  /** The bar's length in nanoseconds. */
  public long lengthNs() {
    return seconds * Times.SECOND_NS;
  }

  /** The bar size of a schema name, if it is one that is loaded. */
  public static Optional<BarSize> ofSchema(String schema) {
    return Arrays.stream(values()).filter(s -> s.schema.equals(schema)).findFirst();
  }

  /** The table that holds the futures bars of this size. */
  public String futuresTable() {
    return "raw.databento_futures_ohlcv_" + suffix;
  }

  /**
   * The edges on which the service's record count is exact, and thus on which a request begins and
   * ends: whole bars, and at least ten minutes.
   */
  public long edgeNs() {
    return Math.max(lengthNs(), 600 * Times.SECOND_NS);
  }
}
