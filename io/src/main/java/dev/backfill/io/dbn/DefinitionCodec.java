package dev.backfill.io.dbn;

import dev.backfill.io.dbn.DefinitionField.Kind;

/** Decodes and encodes the body of a definition by the places of its fields in a version. */
final class DefinitionCodec {
  private static final byte[] ALL_ZERO = {};

  private DefinitionCodec() {}

  /** Decodes a record that starts at {@code start}. */
  static DefinitionRecord decode(RecordHeader header, byte[] b, int start, int version) {
    DefinitionRecord.Builder builder = DefinitionRecord.builder(header);
    for (DefinitionField field : DefinitionField.all()) {
      if (field.isIn(version)) {
        int at = start + field.offset(version);
        int size = field.size(version);
        if (field.isText()) {
          builder.set(field, Wire.text(b, at, size));
        } else {
          builder.set(field, readNumber(field.kind(), b, at, size));
        }
      }
    }
    return builder.reserved(readReserved(b, start, version)).build();
  }

  private static long readNumber(Kind kind, byte[] b, int at, int size) {
    boolean signed = kind == Kind.SIGNED;
    return switch (size) {
      case 1 -> signed ? b[at] : Wire.u8(b, at);
      case 2 -> signed ? (short) Wire.u16(b, at) : Wire.u16(b, at);
      case 4 -> signed ? Wire.i32(b, at) : Wire.u32(b, at);
      default -> Wire.i64(b, at);
    };
  }

  private static byte[] readReserved(byte[] b, int start, int version) {
    int[] offsets = DefinitionField.reservedOffsets(version);
    byte[] bytes = new byte[offsets.length];
    boolean anySet = false;
    for (int i = 0; i < offsets.length; i++) {
      bytes[i] = b[start + offsets[i]];
      anySet |= bytes[i] != 0;
    }
    return anySet ? bytes : ALL_ZERO;
  }

  /**
   * Encodes the fields that a version has, after the header. Fields that it does not have are
   * dropped, and reserved bytes of another version's layout are written as zeros.
   *
   * @throws IllegalArgumentException if a value does not fit into its field in this version
   */
  static void encode(DefinitionRecord record, byte[] b, int start, int version) {
    int[] offsets = DefinitionField.reservedOffsets(version);
    byte[] reserved = record.reserved();
    for (int i = 0; i < offsets.length; i++) {
      b[start + offsets[i]] = reserved.length == offsets.length ? reserved[i] : 0;
    }
    for (DefinitionField field : DefinitionField.all()) {
      if (field.isIn(version)) {
        int at = start + field.offset(version);
        int size = field.size(version);
        if (field.isText()) {
          Wire.putText(b, at, size, record.text(field), field.name());
        } else {
          writeNumber(field, b, at, size, record.number(field));
        }
      }
    }
  }

  private static void writeNumber(DefinitionField field, byte[] b, int at, int size, long value) {
    if (!fits(field.kind(), 8 * size, value)) {
      throw new IllegalArgumentException(
          field + " " + value + " does not fit into " + size + " bytes");
    }
    switch (size) {
      case 1 -> b[at] = (byte) value;
      case 2 -> Wire.put16(b, at, (int) value);
      case 4 -> Wire.put32(b, at, value);
      default -> Wire.put64(b, at, value);
    }
  }

  /** An unsigned -1 is the undefined value, whose bits are all set in any size. */
  private static boolean fits(Kind kind, int bits, long value) {
    if (bits == 64) {
      return true;
    }
    if (kind == Kind.SIGNED) {
      long aboveAndSign = value >> (bits - 1);
      return aboveAndSign == 0 || aboveAndSign == -1;
    }
    return value >>> bits == 0 || value == -1;
  }
}
