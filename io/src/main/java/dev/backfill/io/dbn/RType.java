package dev.backfill.io.dbn;

/** The record types that this package decodes, and their sizes. Any other type is skipped. */
public final class RType {
  /** A bar whose length is not told; no longer written by the service. */
  public static final int OHLCV_DEPRECATED = 0x11;

  /** Trading status. */
  public static final int STATUS = 0x12;

  /** Instrument definition. */
  public static final int DEFINITION = 0x13;

  /** Error of the service. */
  public static final int ERROR = 0x15;

  /** Live symbol mapping. */
  public static final int SYMBOL_MAPPING = 0x16;

  /** Message of the service. */
  public static final int SYSTEM = 0x17;

  /** Statistic of the venue. */
  public static final int STATISTICS = 0x18;

  /** Bar of a second. */
  public static final int OHLCV_1S = 0x20;

  /** Bar of a minute. */
  public static final int OHLCV_1M = 0x21;

  /** Bar of an hour. */
  public static final int OHLCV_1H = 0x22;

  /** Bar of a UTC day. */
  public static final int OHLCV_1D = 0x23;

  /** Bar of a trading session. */
  public static final int OHLCV_EOD = 0x24;

  /** Bytes of the header that every record begins with. */
  static final int HEADER_SIZE = 16;

  /** The length byte counts words of 4 bytes, so no record is longer. */
  static final int MAX_SIZE = 255 * 4;

  static final int OHLCV_SIZE = 56;
  static final int STATUS_SIZE = 40;

  private RType() {}

  /** Whether records of this type are bars, with open, high, low, close and volume. */
  public static boolean isOhlcv(int rtype) {
    return (rtype >= OHLCV_1S && rtype <= OHLCV_EOD) || rtype == OHLCV_DEPRECATED;
  }

  /** Bytes of a record of this type in this version, without a send time; 0 if not decoded here. */
  static int size(int rtype, int version) {
    return switch (rtype) {
      case OHLCV_DEPRECATED, OHLCV_1S, OHLCV_1M, OHLCV_1H, OHLCV_1D, OHLCV_EOD -> OHLCV_SIZE;
      case STATUS -> STATUS_SIZE;
      case DEFINITION -> DefinitionField.recordSize(version);
      case ERROR, SYSTEM -> version == 1 ? 80 : 320;
      case SYMBOL_MAPPING -> version == 1 ? 80 : 176;
      case STATISTICS -> version == 3 ? 80 : 64;
      default -> 0;
    };
  }

  /** A few words for messages, such as {@code ohlcv record (type 0x22)}. */
  static String describe(int rtype) {
    String name =
        switch (rtype) {
          case STATUS -> "status record";
          case DEFINITION -> "definition record";
          case ERROR -> "error record";
          case SYMBOL_MAPPING -> "symbol mapping record";
          case SYSTEM -> "system record";
          case STATISTICS -> "statistics record";
          default -> isOhlcv(rtype) ? "ohlcv record" : "record";
        };
    return String.format("%s (type 0x%02X)", name, rtype);
  }
}
