package dev.backfill.io.dbn;

import java.util.Random;

/** Records with random values in every field, of the width that a version holds. */
final class Records {
  private static final int[] BAR_TYPES = {0x11, 0x20, 0x21, 0x22, 0x23, 0x24};

  private Records() {}

  static DefinitionRecord definition(long seed) {
    return definition(new Random(seed), 1, false);
  }

  static DbnRecord random(Random r, int version, boolean tsOut) {
    return switch (r.nextInt(8)) {
      case 0 -> definition(r, version, tsOut);
      case 1 -> statistics(r, version, tsOut);
      case 2 ->
          new StatusRecord(
              header(r, RType.STATUS, tsOut),
              r.nextLong(),
              u16(r),
              u16(r),
              u16(r),
              character(r),
              character(r),
              character(r));
      case 3 -> mapping(r, version, tsOut);
      case 4 ->
          new ErrorRecord(
              header(r, RType.ERROR, tsOut),
              text(r, version == 1 ? 63 : 301),
              version == 1 ? ErrorRecord.UNSET : u8(r),
              version == 1 ? ErrorRecord.UNSET : u8(r));
      case 5 ->
          new SystemRecord(
              header(r, RType.SYSTEM, tsOut),
              text(r, version == 1 ? 63 : 302),
              version == 1 ? ErrorRecord.UNSET : u8(r));
      case 6 -> {
        byte[] body = new byte[4 * r.nextInt(249)];
        r.nextBytes(body);
        yield new UnknownRecord(header(r, r.nextBoolean() ? 0xA0 : 0x00, tsOut), body);
      }
      default ->
          new OhlcvRecord(
              header(r, BAR_TYPES[r.nextInt(6)], tsOut),
              r.nextLong(),
              r.nextLong(),
              r.nextLong(),
              r.nextLong(),
              r.nextLong());
    };
  }

  static RecordHeader header(Random r, int rtype, boolean tsOut) {
    return new RecordHeader(
        rtype,
        u16(r),
        r.nextInt() & 0xFFFF_FFFFL,
        r.nextLong(),
        tsOut ? r.nextLong() : DbnMetadata.UNDEFINED_NS);
  }

  private static DefinitionRecord definition(Random r, int version, boolean tsOut) {
    DefinitionRecord.Builder builder = DefinitionRecord.builder(header(r, RType.DEFINITION, tsOut));
    for (DefinitionField field : DefinitionField.all()) {
      if (!field.isIn(version)) {
        continue;
      }
      int size = field.size(version);
      if (field.isText()) {
        builder.set(field, text(r, size - 1));
      } else if (field.kind() == DefinitionField.Kind.SIGNED) {
        builder.set(field, r.nextLong() >> (64 - 8 * size));
      } else {
        builder.set(field, r.nextLong() >>> (64 - 8 * size));
      }
    }
    return builder.build();
  }

  private static StatisticsRecord statistics(Random r, int version, boolean tsOut) {
    long quantity = version == 3 ? r.nextLong() : r.nextInt(Integer.MAX_VALUE);
    return new StatisticsRecord(
        header(r, RType.STATISTICS, tsOut),
        r.nextLong(),
        r.nextLong(),
        r.nextLong(),
        r.nextInt(4) == 0 ? DbnMetadata.UNDEFINED : quantity,
        r.nextInt() & 0xFFFF_FFFFL,
        r.nextInt(),
        u16(r),
        u16(r),
        u8(r),
        u8(r));
  }

  private static SymbolMappingRecord mapping(Random r, int version, boolean tsOut) {
    int longest = version == 1 ? 21 : 70;
    return new SymbolMappingRecord(
        header(r, RType.SYMBOL_MAPPING, tsOut),
        version == 1 ? SType.MIXED : new SType(u8(r)),
        text(r, longest),
        version == 1 ? SType.MIXED : new SType(u8(r)),
        text(r, longest),
        r.nextLong(),
        r.nextLong());
  }

  static String text(Random r, int longest) {
    StringBuilder text = new StringBuilder();
    for (int length = r.nextInt(longest + 1); length > 0; length--) {
      text.append((char) (' ' + r.nextInt(95)));
    }
    return text.toString();
  }

  private static int u16(Random r) {
    return r.nextInt(1 << 16);
  }

  private static int u8(Random r) {
    return r.nextInt(256);
  }

  private static char character(Random r) {
    return (char) r.nextInt(128);
  }
}
