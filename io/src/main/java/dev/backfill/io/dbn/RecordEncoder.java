package dev.backfill.io.dbn;

import java.util.Arrays;

/** Encodes one record in the layout of a version. What the version does not have is dropped. */
final class RecordEncoder {
  private final int version;
  private final boolean tsOut;

  RecordEncoder(int version, boolean tsOut) {
    this.version = version;
    this.tsOut = tsOut;
  }

  /**
   * Encodes a record into {@code b} from {@code s}, where at least {@link RType#MAX_SIZE} bytes are
   * free.
   *
   * @return the record's size, send time included
   * @throws IllegalArgumentException if a value does not fit into its field, or the header's type
   *     is not that of the record
   */
  int encode(DbnRecord record, byte[] b, int s) {
    RecordHeader header = record.header();
    int size = size(record);
    int length = tsOut ? size + 8 : size;
    if (length > RType.MAX_SIZE) {
      throw new IllegalArgumentException(
          "a record of " + length + " bytes; at most " + RType.MAX_SIZE + " can be told");
    }
    Arrays.fill(b, s, s + size, (byte) 0);
    b[s] = (byte) (length / 4);
    b[s + 1] = (byte) header.rtype();
    Wire.put16(b, s + 2, header.publisherId());
    Wire.put32(b, s + 4, header.instrumentId());
    Wire.put64(b, s + 8, header.tsEvent());
    if (record instanceof OhlcvRecord ohlcv) {
      ohlcv(ohlcv, b, s);
    } else if (record instanceof DefinitionRecord definition) {
      DefinitionCodec.encode(definition, b, s, version);
    } else if (record instanceof StatisticsRecord statistics) {
      statistics(statistics, b, s);
    } else if (record instanceof StatusRecord status) {
      status(status, b, s);
    } else if (record instanceof SymbolMappingRecord mapping) {
      symbolMapping(mapping, b, s);
    } else if (record instanceof ErrorRecord error) {
      error(error, b, s);
    } else if (record instanceof SystemRecord system) {
      system(system, b, s);
    } else if (record instanceof UnknownRecord unknown) {
      System.arraycopy(unknown.body(), 0, b, s + RType.HEADER_SIZE, size - RType.HEADER_SIZE);
    }
    if (tsOut) {
      Wire.put64(b, s + size, header.tsOut());
    }
    return length;
  }

  private int size(DbnRecord record) {
    int rtype = record.header().rtype();
    if (rtype < 0 || rtype > 0xFF) {
      throw new IllegalArgumentException("record type " + rtype + " is not in 0 to 255");
    }
    int size = RType.size(rtype, version);
    if (record instanceof UnknownRecord unknown && size == 0) {
      return RType.HEADER_SIZE + unknown.bodySize();
    }
    if (!isOfType(record, rtype)) {
      throw new IllegalArgumentException(
          "a header of type " + rtype + " does not fit to " + record.getClass().getSimpleName());
    }
    return size;
  }

  private static boolean isOfType(DbnRecord record, int rtype) {
    return switch (rtype) {
      case RType.STATUS -> record instanceof StatusRecord;
      case RType.DEFINITION -> record instanceof DefinitionRecord;
      case RType.ERROR -> record instanceof ErrorRecord;
      case RType.SYMBOL_MAPPING -> record instanceof SymbolMappingRecord;
      case RType.SYSTEM -> record instanceof SystemRecord;
      case RType.STATISTICS -> record instanceof StatisticsRecord;
      default -> RType.isOhlcv(rtype) && record instanceof OhlcvRecord;
    };
  }

  private static void ohlcv(OhlcvRecord r, byte[] b, int s) {
    Wire.put64(b, s + 16, r.open());
    Wire.put64(b, s + 24, r.high());
    Wire.put64(b, s + 32, r.low());
    Wire.put64(b, s + 40, r.close());
    Wire.put64(b, s + 48, r.volume());
  }

  private static void status(StatusRecord r, byte[] b, int s) {
    Wire.put64(b, s + 16, r.tsRecv());
    Wire.put16(b, s + 24, r.action());
    Wire.put16(b, s + 26, r.reason());
    Wire.put16(b, s + 28, r.tradingEvent());
    b[s + 30] = (byte) r.isTrading();
    b[s + 31] = (byte) r.isQuoting();
    b[s + 32] = (byte) r.isShortSellRestricted();
  }

  private void statistics(StatisticsRecord r, byte[] b, int s) {
    Wire.put64(b, s + 16, r.tsRecv());
    Wire.put64(b, s + 24, r.tsRef());
    Wire.put64(b, s + 32, r.price());
    int rest = s + 48;
    if (version == 3) {
      Wire.put64(b, s + 40, r.quantity());
    } else {
      rest = s + 44;
      Wire.put32(b, s + 40, narrowQuantity(r.quantity()));
    }
    Wire.put32(b, rest, r.sequence());
    Wire.put32(b, rest + 4, r.tsInDelta());
    Wire.put16(b, rest + 8, r.statType());
    Wire.put16(b, rest + 10, r.channelId());
    b[rest + 12] = (byte) r.updateAction();
    b[rest + 13] = (byte) r.statFlags();
  }

  private static int narrowQuantity(long quantity) {
    if (quantity == DbnMetadata.UNDEFINED) {
      return Integer.MAX_VALUE;
    }
    if (quantity != (int) quantity || quantity == Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "quantity " + quantity + " needs version 3; versions 1 and 2 hold 32 bits");
    }
    return (int) quantity;
  }

  private void symbolMapping(SymbolMappingRecord r, byte[] b, int s) {
    if (version == 1) {
      Wire.putText(b, s + 16, 22, r.stypeInSymbol(), "stype_in_symbol");
      Wire.putText(b, s + 38, 22, r.stypeOutSymbol(), "stype_out_symbol");
      Wire.put64(b, s + 64, r.startTs());
      Wire.put64(b, s + 72, r.endTs());
    } else {
      b[s + 16] = (byte) r.stypeIn().code();
      Wire.putText(b, s + 17, 71, r.stypeInSymbol(), "stype_in_symbol");
      b[s + 88] = (byte) r.stypeOut().code();
      Wire.putText(b, s + 89, 71, r.stypeOutSymbol(), "stype_out_symbol");
      Wire.put64(b, s + 160, r.startTs());
      Wire.put64(b, s + 168, r.endTs());
    }
  }

  private void error(ErrorRecord r, byte[] b, int s) {
    if (version == 1) {
      Wire.putText(b, s + 16, 64, r.err(), "err");
    } else {
      Wire.putText(b, s + 16, 302, r.err(), "err");
      b[s + 318] = (byte) r.code();
      b[s + 319] = (byte) r.isLast();
    }
  }

  private void system(SystemRecord r, byte[] b, int s) {
    if (version == 1) {
      Wire.putText(b, s + 16, 64, r.msg(), "msg");
    } else {
      Wire.putText(b, s + 16, 303, r.msg(), "msg");
      b[s + 319] = (byte) r.code();
    }
  }
}
