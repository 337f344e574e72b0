package dev.backfill.io.dbn;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Tells from the first bytes what a stream is, puts the decompressor in front and the metadata. */
final class StreamOpener {
  /** Larger blocks than this are no metadata of a real answer: it holds some 900,000 symbols. */
  static final int MAX_METADATA = 64 * 1024 * 1024;

  private static final int PEEK = 16;
  private static final int SMALLEST_RECORD = RType.HEADER_SIZE / 4;

  private StreamOpener() {}

  /** Makes a reader of the decoded stream. */
  @FunctionalInterface
  interface Opening {
    DbnReader open(InputStream decoded) throws IOException;
  }

  static DbnReader open(InputStream in, Opening opening) throws IOException {
    InputStream toClose = in;
    try {
      InputStream decoded = decoded(in);
      toClose = decoded;
      return opening.open(decoded);
    } catch (ZstdIOException | ZstdFrameWalker.DamagedFrameException e) {
      DbnFormatException damaged =
          new DbnFormatException(
              "damaged zstd data: " + e.getMessage(), 0, DbnFormatException.NO_RECORD, e);
      closeAfter(damaged, toClose);
      throw damaged;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, toClose);
      throw e;
    }
  }

  private static void closeAfter(Exception failure, InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static InputStream decoded(InputStream in) throws IOException {
    PushbackInputStream peeking = new PushbackInputStream(in, PEEK);
    byte[] first = peeking.readNBytes(PEEK);
    if (first.length == 0) {
      throw refused("the stream is empty", 0);
    }
    peeking.unread(first);
    if (first.length >= 4 && isZstd(Wire.i32(first, 0))) {
      return new ZstdInputStreamNoFinalizer(new ZstdFrameWalker(peeking));
    }
    return peeking;
  }

  private static boolean isZstd(int magic) {
    return magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50;
  }

  static DbnReader withMetadata(InputStream decoded) throws IOException {
    byte[] prelude = decoded.readNBytes(MetadataDecoder.PRELUDE);
    checkMagic(prelude);
    if (prelude.length < MetadataDecoder.PRELUDE) {
      throw refused("the stream ends within the prelude", prelude.length);
    }
    int version = Wire.u8(prelude, 3);
    if (version == 0 || version > DbnMetadata.NEWEST_VERSION) {
      throw refused("DBN version " + version + "; this reader knows 1 to 3", 3);
    }
    long length = Wire.u32(prelude, 4);
    if (length < MetadataDecoder.FIXED || length > MAX_METADATA) {
      throw refused(
          "metadata of " + length + " bytes; between 100 and " + MAX_METADATA + " are believed", 4);
    }
    byte[] block = decoded.readNBytes((int) length);
    if (block.length < length) {
      throw refused(
          "the stream ends within the metadata: "
              + block.length
              + " of its "
              + length
              + " bytes are there",
          MetadataDecoder.PRELUDE + (long) block.length);
    }
    DbnMetadata metadata = MetadataDecoder.decode(version, block);
    return DbnReader.after(decoded, metadata, MetadataDecoder.PRELUDE + length);
  }

  private static void checkMagic(byte[] prelude) throws DbnFormatException {
    if (prelude.length == 0) {
      throw refused("the stream is empty", 0);
    }
    byte[] magic = {'D', 'B', 'N'};
    int n = Math.min(prelude.length, magic.length);
    if (Arrays.equals(prelude, 0, n, magic, 0, n)) {
      return;
    }
    throw refused(
        "not DBN, which begins with 'DBN' or a zstd frame; the first bytes are "
            + HexFormat.ofDelimiter(" ").formatHex(prelude)
            + looksLike(prelude),
        0);
  }

  /** A guess that helps: the service answers in CSV when the encoding was not asked for. */
  private static String looksLike(byte[] b) {
    String text = new String(b, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ts_") || text.startsWith("rtype")) {
      return ", which looks like csv; ask for encoding=dbn";
    }
    if (text.startsWith("{") || text.startsWith("[")) {
      return ", which looks like json; ask for encoding=dbn, and read it if it is an error";
    }
    if (text.startsWith("<")) {
      return ", which looks like html or xml; a proxy may have answered";
    }
    if (b.length >= 2 && b[0] == 0x1F && (b[1] & 0xFF) == 0x8B) {
      return ", which looks like gzip";
    }
    if (text.startsWith("PAR1")) {
      return ", which looks like parquet";
    }
    if (b[0] >= SMALLEST_RECORD && b.length > 1 && RType.size(b[1] & 0xFF, 3) != 0) {
      return ", which looks like records without metadata; open it as a fragment";
    }
    return "";
  }

  private static DbnFormatException refused(String problem, long offset) {
    return new DbnFormatException(problem, offset, DbnFormatException.NO_RECORD);
  }
}
