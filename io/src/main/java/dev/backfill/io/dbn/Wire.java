package dev.backfill.io.dbn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Little-endian integers and NUL-padded text in a byte array.
 *
 * <p>Text is ASCII by the format. A byte above 127 is kept as the Latin-1 character of that number
 * rather than refused, so that an odd name neither stops a download nor changes when written again.
 */
final class Wire {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private Wire() {}

  private static VarHandle view(Class<?> type) {
    return MethodHandles.byteArrayViewVarHandle(type, ByteOrder.LITTLE_ENDIAN);
  }

  static int u8(byte[] b, int at) {
    return b[at] & 0xFF;
  }

  static char character(byte[] b, int at) {
    return (char) (b[at] & 0xFF);
  }

  static int u16(byte[] b, int at) {
    return (short) SHORT.get(b, at) & 0xFFFF;
  }

  static int i32(byte[] b, int at) {
    return (int) INT.get(b, at);
  }

  static long u32(byte[] b, int at) {
    return (int) INT.get(b, at) & 0xFFFF_FFFFL;
  }

  static long i64(byte[] b, int at) {
    return (long) LONG.get(b, at);
  }

  static void put16(byte[] b, int at, int value) {
    SHORT.set(b, at, (short) value);
  }

  static void put32(byte[] b, int at, long value) {
    INT.set(b, at, (int) value);
  }

  static void put64(byte[] b, int at, long value) {
    LONG.set(b, at, value);
  }

  /** The text in {@code size} bytes, without the NULs at its end. */
  static String text(byte[] b, int at, int size) {
    int length = size;
    while (length > 0 && b[at + length - 1] == 0) {
      length--;
    }
    return new String(b, at, length, StandardCharsets.ISO_8859_1);
  }

  /**
   * Writes text and fills up with NULs.
   *
   * @throws IllegalArgumentException if the text leaves no room for a NUL, or is not of one byte
   *     characters
   */
  static void putText(byte[] b, int at, int size, String value, String what) {
    int length = value.length();
    if (length >= size) {
      throw new IllegalArgumentException(
          what + " '" + value + "' has " + length + " characters; at most " + (size - 1) + " fit");
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c > 0xFF) {
        throw new IllegalArgumentException(
            what + " '" + value + "' has a character that is not ASCII, at " + i);
      }
      b[at + i] = (byte) c;
    }
    Arrays.fill(b, at + length, at + size, (byte) 0);
  }
}
