package dev.backfill.io.dbn;

import java.time.LocalDate;
import java.util.List;

/** Encodes prelude and metadata as the official writers do, padding included. */
final class MetadataEncoder {
  private final DbnMetadata metadata;
  private final int symbolLength;
  private final byte[] out;
  private int at;

  private MetadataEncoder(DbnMetadata metadata) {
    this.metadata = metadata;
    this.symbolLength = metadata.symbolCstrLen();
    this.out = new byte[MetadataDecoder.PRELUDE + length()];
  }

  /**
   * The bytes before the first record.
   *
   * @throws IllegalArgumentException if a text does not fit into its field
   */
  static byte[] encode(DbnMetadata metadata) {
    return new MetadataEncoder(metadata).encode();
  }

  private int length() {
    long length = MetadataDecoder.FIXED + 5 * 4L;
    length +=
        (long) symbolLength
            * (metadata.symbols().size() + metadata.partial().size() + metadata.notFound().size());
    for (SymbolMapping mapping : metadata.mappings()) {
      length += symbolLength + 4 + mapping.intervals().size() * (8L + symbolLength);
    }
    if (metadata.version() == 3) {
      length = (length + 7) / 8 * 8;
    }
    return Math.toIntExact(length);
  }

  private byte[] encode() {
    int version = metadata.version();
    out[0] = 'D';
    out[1] = 'B';
    out[2] = 'N';
    out[3] = (byte) version;
    Wire.put32(out, 4, out.length - MetadataDecoder.PRELUDE);
    Wire.putText(out, 8, 16, metadata.dataset(), "dataset");
    Wire.put16(out, 24, metadata.schema().code());
    Wire.put64(out, 26, metadata.startNs());
    Wire.put64(out, 34, metadata.endNs());
    Wire.put64(out, 42, metadata.limit());
    int stype = 50;
    if (version == 1) {
      Wire.put64(out, 50, -1); // record_count, which nobody reads
      stype = 58;
    }
    out[stype] = (byte) metadata.stypeIn().code();
    out[stype + 1] = (byte) metadata.stypeOut().code();
    out[stype + 2] = (byte) (metadata.tsOut() ? 1 : 0);
    if (version > 1) {
      Wire.put16(out, 53, symbolLength);
    }
    at = MetadataDecoder.PRELUDE + MetadataDecoder.FIXED;
    count(0); // schema_definition_length
    symbols(metadata.symbols());
    symbols(metadata.partial());
    symbols(metadata.notFound());
    mappings();
    return out;
  }

  private void count(int count) {
    Wire.put32(out, at, count);
    at += 4;
  }

  private void symbol(String symbol) {
    Wire.putText(out, at, symbolLength, symbol, "symbol");
    at += symbolLength;
  }

  private void symbols(List<String> symbols) {
    count(symbols.size());
    symbols.forEach(this::symbol);
  }

  private void mappings() {
    count(metadata.mappings().size());
    for (SymbolMapping mapping : metadata.mappings()) {
      symbol(mapping.rawSymbol());
      count(mapping.intervals().size());
      for (MappingInterval interval : mapping.intervals()) {
        count(number(interval.start()));
        count(number(interval.end()));
        symbol(interval.symbol());
      }
    }
  }

  private static int number(LocalDate date) {
    return date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
  }
}
