package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ZstdFrameWalkerTest {
  private static byte[] walk(byte[] bytes) throws IOException {
    try (ZstdFrameWalker walker = new ZstdFrameWalker(new ByteArrayInputStream(bytes))) {
      return walker.readAllBytes();
    }
  }

  private static long frames(byte[] bytes) throws IOException {
    try (ZstdFrameWalker walker = new ZstdFrameWalker(new ByteArrayInputStream(bytes))) {
      walker.readAllBytes();
      return walker.frames();
    }
  }

  private static Set<Integer> acceptedCuts(byte[] bytes) throws IOException {
    Set<Integer> accepted = new TreeSet<>();
    for (int cut = 0; cut < bytes.length; cut++) {
      try {
        walk(Arrays.copyOf(bytes, cut));
        accepted.add(cut);
      } catch (ZstdFrameWalker.DamagedFrameException e) {
        assertThat(e.getMessage(), containsString(cut == 0 ? "is empty" : "ends within frame"));
      }
    }
    return accepted;
  }

  private static byte[] join(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bytesPassUnchangedOneByOneToo() throws IOException {
    byte[] bytes = Dbn.zstd(random(1000), new byte[5000]);
    assertThat(walk(bytes), equalTo(bytes));
    try (ZstdFrameWalker walker = new ZstdFrameWalker(new ByteArrayInputStream(bytes))) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int b = walker.read(); b >= 0; b = walker.read()) {
        out.write(b);
      }
      assertThat(out.toByteArray(), equalTo(bytes));
      assertThat(walker.frames(), equalTo(2L));
    }
  }

  @Test
  void everyCutButThoseBetweenFramesIsRefused() throws IOException {
    byte[] checksummed = Dbn.zstd("some text, some text, some text".repeat(3).getBytes("US-ASCII"));
    byte[] sizedRaw = Zstd.compress(random(300), 3); // single segment, 2-byte size, raw block
    byte[] skippable = {0x5F, 0x2A, 0x4D, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5};
    byte[] emptySkippable = {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
    byte[] runLength = Zstd.compress(new byte[200_000], 1); // 4-byte size, blocks of one byte
    byte[] empty = Zstd.compress(new byte[0], 3);
    Set<Integer> between = new TreeSet<>();
    byte[] all = new byte[0];
    for (byte[] frame :
        new byte[][] {checksummed, sizedRaw, skippable, emptySkippable, runLength, empty}) {
      if (all.length > 0) {
        between.add(all.length);
      }
      all = join(all, frame);
    }
    assertThat(acceptedCuts(all), equalTo(between));
    assertThat(frames(all), equalTo(6L));
  }

  @Test
  void framesOfSeveralBlocksAreFollowed() throws IOException {
    byte[] bytes = Dbn.zstd(random(700_000));
    assertThat(frames(bytes), equalTo(1L));
    assertThat(frames(join(bytes, bytes, bytes)), equalTo(3L));
    byte[] cut = Arrays.copyOf(bytes, 400_000);
    assertThrows(ZstdFrameWalker.DamagedFrameException.class, () -> walk(cut));
  }

  @Test
  void whatIsNoFrameIsNamed() throws IOException {
    byte[] bytes = Dbn.zstd(random(10));
    byte[] longer = join(bytes, new byte[] {1, 2, 3, 4});
    IOException e = assertThrows(ZstdFrameWalker.DamagedFrameException.class, () -> walk(longer));
    assertThat(
        e.getMessage(),
        equalTo(
            "04030201 at byte "
                + bytes.length
                + " of the compressed input is not the start of a zstd frame"));
  }

  @Test
  void aBlockOfTheReservedTypeIsRefused() {
    byte[] bytes = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, 0x58, 7, 0, 0, 0};
    IOException e = assertThrows(ZstdFrameWalker.DamagedFrameException.class, () -> walk(bytes));
    assertThat(e.getMessage(), containsString("block of an invalid type at byte 6"));
  }

  @Test
  void ourFramesHaveAChecksumAndNoContentSize() throws IOException {
    byte[] bytes = Dbn.zstd(random(100));
    int descriptor = bytes[4];
    assertThat("checksum flag", descriptor & 4, equalTo(4));
    assertThat("content size code and single segment", descriptor & 0xE0, equalTo(0));
  }

  @Test
  void nothingWrittenIsAnEmptyFrame() throws IOException {
    byte[] bytes = Dbn.zstd();
    assertThat(frames(bytes), equalTo(1L));
    assertThat(Zstd.decompress(bytes, 10).length, equalTo(0));
  }
}
