package dev.backfill.io.dbn;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the metadata block that follows the prelude. Every count is checked before it is used.
 */
final class MetadataDecoder {
  /** Bytes before the block: magic, version and length. */
  static final int PRELUDE = 8;

  /** Bytes of the fixed part. */
  static final int FIXED = 100;

  private final int version;
  private final byte[] block;
  private int at;
  private int symbolLength;

  private MetadataDecoder(int version, byte[] block) {
    this.version = version;
    this.block = block;
  }

  /** Decodes a whole block of at least {@link #FIXED} bytes. */
  static DbnMetadata decode(int version, byte[] block) throws DbnFormatException {
    return new MetadataDecoder(version, block).decode();
  }

  private DbnMetadata decode() throws DbnFormatException {
    int stype = version == 1 ? 50 : 42;
    symbolLength = version == 1 ? 22 : Wire.u16(block, 45);
    if (symbolLength == 0) {
      throw refused("symbol_cstr_len is 0; it must leave room for a NUL", 45);
    }
    DbnMetadata.Builder builder =
        DbnMetadata.builder(version)
            .dataset(Wire.text(block, 0, 16))
            .schema(new DbnSchema(Wire.u16(block, 16)))
            .startNs(Wire.i64(block, 18))
            .endNs(Wire.i64(block, 26))
            .limit(Wire.i64(block, 34))
            .stypeIn(new SType(Wire.u8(block, stype)))
            .stypeOut(new SType(Wire.u8(block, stype + 1)))
            .tsOut(Wire.u8(block, stype + 2) != 0)
            .symbolCstrLen(symbolLength);
    at = FIXED;
    long definitionLength = count("schema_definition_length", 0);
    if (definitionLength != 0) {
      throw refused("schema_definition_length is " + definitionLength + "; only 0 is known", FIXED);
    }
    builder.symbols(symbols("symbols"));
    builder.partial(symbols("partial"));
    builder.notFound(symbols("not_found"));
    builder.mappings(mappings());
    checkPadding();
    return builder.build();
  }

  /** A count, refused when that many things of at least this size cannot follow. */
  private int count(String what, int size) throws DbnFormatException {
    if (block.length - at < 4) {
      throw refused("it ends before the count of " + what, at);
    }
    long count = Wire.u32(block, at);
    at += 4;
    if (count * size > block.length - at || count > Integer.MAX_VALUE) {
      throw refused(
          String.format(
              "%d %s of %d bytes do not fit into the %d bytes that are left",
              count, what, size, block.length - at),
          at - 4);
    }
    return (int) count;
  }

  private String symbol(String what) throws DbnFormatException {
    if (block.length - at < symbolLength) {
      throw refused("it ends within " + what, at);
    }
    String symbol = Wire.text(block, at, symbolLength);
    at += symbolLength;
    return symbol;
  }

  private List<String> symbols(String what) throws DbnFormatException {
    int count = count(what, symbolLength);
    List<String> symbols = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      symbols.add(symbol(what));
    }
    return symbols;
  }

  private List<SymbolMapping> mappings() throws DbnFormatException {
    int count = count("mappings", symbolLength + 4);
    List<SymbolMapping> mappings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String rawSymbol = symbol("mappings");
      int intervalCount = count("intervals", 8 + symbolLength);
      List<MappingInterval> intervals = new ArrayList<>(intervalCount);
      for (int k = 0; k < intervalCount; k++) {
        LocalDate start = date("start_date");
        LocalDate end = date("end_date");
        intervals.add(new MappingInterval(start, end, symbol("intervals")));
      }
      mappings.add(new SymbolMapping(rawSymbol, intervals));
    }
    return mappings;
  }

  private LocalDate date(String what) throws DbnFormatException {
    long number = Wire.u32(block, at);
    try {
      LocalDate date =
          LocalDate.of((int) (number / 10_000), (int) (number / 100 % 100), (int) (number % 100));
      at += 4;
      return date;
    } catch (DateTimeException e) {
      throw refused(what + " " + number + " is not a date of the form YYYYMMDD", at);
    }
  }

  /** Version 3 pads with zeros to a multiple of 8; anything else here would be silently lost. */
  private void checkPadding() throws DbnFormatException {
    for (int i = at; i < block.length; i++) {
      if (block[i] != 0) {
        throw refused((block.length - at) + " bytes follow the mappings; only zeros may", at);
      }
    }
  }

  private static DbnFormatException refused(String problem, int offsetInBlock) {
    return new DbnFormatException(
        "metadata: " + problem, (long) PRELUDE + offsetInBlock, DbnFormatException.NO_RECORD);
  }
}
