package dev.backfill.io.dbn;

import java.util.Arrays;

/**
 * Decodes one record whose length has been checked. Where layouts differ by version, the record's
 * own size tells which one it is.
 */
final class RecordDecoder {
  private static final int UNDEFINED_QUANTITY_32 = Integer.MAX_VALUE;

  private RecordDecoder() {}

  /**
   * Decodes a record.
   *
   * @param b the bytes
   * @param s where the record starts
   * @param length its size, send time included
   * @param tsOut whether its last 8 bytes are the send time
   */
  static DbnRecord decode(byte[] b, int s, int length, boolean tsOut) {
    int size = tsOut ? length - 8 : length;
    RecordHeader header = header(b, s, tsOut ? Wire.i64(b, s + size) : DbnMetadata.UNDEFINED_NS);
    return switch (header.rtype()) {
      case RType.OHLCV_DEPRECATED,
          RType.OHLCV_1S,
          RType.OHLCV_1M,
          RType.OHLCV_1H,
          RType.OHLCV_1D,
          RType.OHLCV_EOD ->
          ohlcv(header, b, s);
      case RType.STATUS -> status(header, b, s);
      case RType.DEFINITION ->
          DefinitionCodec.decode(header, b, s, DefinitionField.versionOfSize(size));
      case RType.ERROR -> error(header, b, s, size);
      case RType.SYMBOL_MAPPING -> symbolMapping(header, b, s, size);
      case RType.SYSTEM -> system(header, b, s, size);
      case RType.STATISTICS -> statistics(header, b, s, size);
      default -> new UnknownRecord(header, Arrays.copyOfRange(b, s + RType.HEADER_SIZE, s + size));
    };
  }

  private static RecordHeader header(byte[] b, int s, long tsOut) {
    return new RecordHeader(
        Wire.u8(b, s + 1), Wire.u16(b, s + 2), Wire.u32(b, s + 4), Wire.i64(b, s + 8), tsOut);
  }

  private static OhlcvRecord ohlcv(RecordHeader header, byte[] b, int s) {
    return new OhlcvRecord(
        header,
        Wire.i64(b, s + 16),
        Wire.i64(b, s + 24),
        Wire.i64(b, s + 32),
        Wire.i64(b, s + 40),
        Wire.i64(b, s + 48));
  }

  private static StatusRecord status(RecordHeader header, byte[] b, int s) {
    return new StatusRecord(
        header,
        Wire.i64(b, s + 16),
        Wire.u16(b, s + 24),
        Wire.u16(b, s + 26),
        Wire.u16(b, s + 28),
        Wire.character(b, s + 30),
        Wire.character(b, s + 31),
        Wire.character(b, s + 32));
  }

  private static StatisticsRecord statistics(RecordHeader header, byte[] b, int s, int size) {
    boolean wide = size == 80;
    int narrow = Wire.i32(b, s + 40);
    long quantity =
        wide
            ? Wire.i64(b, s + 40)
            : narrow == UNDEFINED_QUANTITY_32 ? DbnMetadata.UNDEFINED : narrow;
    int rest = s + (wide ? 48 : 44);
    return new StatisticsRecord(
        header,
        Wire.i64(b, s + 16),
        Wire.i64(b, s + 24),
        Wire.i64(b, s + 32),
        quantity,
        Wire.u32(b, rest),
        Wire.i32(b, rest + 4),
        Wire.u16(b, rest + 8),
        Wire.u16(b, rest + 10),
        Wire.u8(b, rest + 12),
        Wire.u8(b, rest + 13));
  }

  private static SymbolMappingRecord symbolMapping(RecordHeader header, byte[] b, int s, int size) {
    if (size == 80) {
      return new SymbolMappingRecord(
          header,
          SType.MIXED,
          Wire.text(b, s + 16, 22),
          SType.MIXED,
          Wire.text(b, s + 38, 22),
          Wire.i64(b, s + 64),
          Wire.i64(b, s + 72));
    }
    return new SymbolMappingRecord(
        header,
        new SType(Wire.u8(b, s + 16)),
        Wire.text(b, s + 17, 71),
        new SType(Wire.u8(b, s + 88)),
        Wire.text(b, s + 89, 71),
        Wire.i64(b, s + 160),
        Wire.i64(b, s + 168));
  }

  private static ErrorRecord error(RecordHeader header, byte[] b, int s, int size) {
    if (size == 80) {
      return new ErrorRecord(
          header, Wire.text(b, s + 16, 64), ErrorRecord.UNSET, ErrorRecord.UNSET);
    }
    return new ErrorRecord(
        header, Wire.text(b, s + 16, 302), Wire.u8(b, s + 318), Wire.u8(b, s + 319));
  }

  private static SystemRecord system(RecordHeader header, byte[] b, int s, int size) {
    if (size == 80) {
      return new SystemRecord(header, Wire.text(b, s + 16, 64), ErrorRecord.UNSET);
    }
    return new SystemRecord(header, Wire.text(b, s + 16, 303), Wire.u8(b, s + 319));
  }
}
