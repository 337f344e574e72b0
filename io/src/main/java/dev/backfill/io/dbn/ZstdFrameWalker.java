package dev.backfill.io.dbn;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Passes compressed bytes through and follows the frames in them, so that an input which ends
 * anywhere but at the end of a frame fails. Decompressors are not to be relied on for that: some
 * take a cut second frame for a clean end.
 *
 * <p>It reads nothing but frame and block headers; what is inside a block is the decompressor's
 * matter. Where the input is cut exactly between two frames, nothing in the bytes tells.
 */
final class ZstdFrameWalker extends FilterInputStream {
  private static final int MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;

  private enum Part {
    MAGIC_NUMBER,
    SKIPPABLE_SIZE,
    DESCRIPTOR,
    HEADER_REST,
    BLOCK_HEADER,
    BLOCK,
    LAST_BLOCK,
    CHECKSUM,
    SKIPPABLE_CONTENT
  }

  private Part part = Part.MAGIC_NUMBER;

  /** Bytes of the part that are still to come. */
  private long missing = 4;

  /** The part's bytes so far as a little-endian number; only the short parts need it. */
  private long value;

  private int have;
  private boolean checksum;
  private long offset;
  private long frames;

  ZstdFrameWalker(InputStream in) {
    super(in);
  }

  /** Whole frames so far, skippable ones included. */
  long frames() {
    return frames;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int off, int len) throws IOException {
    int n = in.read(bytes, off, len);
    if (n < 0) {
      checkEnd();
      return n;
    }
    walk(bytes, off, off + n);
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    return readNBytes((int) Math.min(n, 1 << 16)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void checkEnd() throws IOException {
    if (part != Part.MAGIC_NUMBER || have != 0 || frames == 0) {
      throw new DamagedFrameException(
          frames == 0 && offset == 0
              ? "the compressed input is empty"
              : "the compressed input ends within frame " + frames + ", at byte " + offset);
    }
  }

  private void walk(byte[] bytes, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      if (part == Part.BLOCK || part == Part.LAST_BLOCK || part == Part.SKIPPABLE_CONTENT) {
        long step = Math.min(missing, to - at);
        at += (int) step;
        offset += step;
        missing -= step;
      } else {
        value |= (long) (bytes[at++] & 0xFF) << (8 * Math.min(have, 7));
        have++;
        offset++;
        missing--;
      }
      while (missing == 0) {
        next();
      }
    }
  }

  /** The part is complete: decides what follows. */
  private void next() throws IOException {
    switch (part) {
      case MAGIC_NUMBER -> {
        if ((int) value == MAGIC) {
          begin(Part.DESCRIPTOR, 1);
        } else if (((int) value & 0xFFFFFFF0) == SKIPPABLE_MAGIC) {
          begin(Part.SKIPPABLE_SIZE, 4);
        } else {
          throw new DamagedFrameException(
              String.format(
                  "%08X at byte %d of the compressed input is not the start of a zstd frame",
                  (int) value, offset - 4));
        }
      }
      case SKIPPABLE_SIZE -> begin(Part.SKIPPABLE_CONTENT, value);
      case DESCRIPTOR -> {
        checksum = (value & 4) != 0;
        begin(Part.HEADER_REST, headerRest((int) value));
      }
      case HEADER_REST, BLOCK -> begin(Part.BLOCK_HEADER, 3);
      case BLOCK_HEADER -> {
        int type = (int) (value >> 1) & 3;
        if (type == 3) {
          throw new DamagedFrameException(
              "a block of an invalid type at byte " + (offset - 3) + " of the compressed input");
        }
        begin((value & 1) != 0 ? Part.LAST_BLOCK : Part.BLOCK, type == 1 ? 1 : value >> 3);
      }
      case LAST_BLOCK -> {
        if (checksum) {
          begin(Part.CHECKSUM, 4);
        } else {
          endFrame();
        }
      }
      case CHECKSUM, SKIPPABLE_CONTENT -> endFrame();
    }
  }

  private void begin(Part next, long size) {
    part = next;
    missing = size;
    value = 0;
    have = 0;
  }

  private void endFrame() {
    frames++;
    begin(Part.MAGIC_NUMBER, 4);
  }

  /** Bytes of window, dictionary id and content size, as the descriptor tells (RFC 8878). */
  private static int headerRest(int descriptor) {
    boolean singleSegment = (descriptor & 0x20) != 0;
    int dictionaryCode = descriptor & 3;
    int sizeCode = descriptor >> 6;
    int dictionary = dictionaryCode == 3 ? 4 : dictionaryCode;
    int contentSize = sizeCode == 0 ? (singleSegment ? 1 : 0) : 1 << sizeCode;
    return (singleSegment ? 0 : 1) + dictionary + contentSize;
  }

  /** The frames are damaged; offsets in the message are of the compressed input. */
  static final class DamagedFrameException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFrameException(String message) {
      super(message);
    }
  }
}
