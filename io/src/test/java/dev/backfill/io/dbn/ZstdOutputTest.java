package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ZstdOutputTest {
  private static final byte[] TEXT =
      "bars and more bars, ".repeat(20).getBytes(StandardCharsets.US_ASCII);

  private static long frames(byte[] bytes) throws IOException {
    try (ZstdFrameWalker walker = new ZstdFrameWalker(new ByteArrayInputStream(bytes))) {
      walker.readAllBytes();
      return walker.frames();
    }
  }

  @Test
  void aFrameEndsWhereItIsAskedTo() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutput zstd = ZstdOutput.wrap(out, 3)) {
      zstd.write(TEXT, 0, 5);
      zstd.endFrame();
      zstd.endFrame(); // there is none: no empty one is made
      zstd.write(TEXT, 5, TEXT.length - 5);
    }
    assertThat(frames(out.toByteArray()), equalTo(2L));
    try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(out.toByteArray()))) {
      assertThat(in.readAllBytes(), equalTo(TEXT));
    }
  }

  @Test
  void whatWasFlushedCanBeDecoded() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutput zstd = ZstdOutput.wrap(out, 3)) {
      zstd.write(TEXT);
      zstd.flush();
      try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(out.toByteArray()))) {
        assertThat(in.readNBytes(TEXT.length), equalTo(TEXT));
      }
    }
    assertThat(frames(out.toByteArray()), equalTo(1L));
    assertThat(Zstd.decompress(out.toByteArray(), TEXT.length), equalTo(TEXT));
  }

  @Test
  void aClosedStreamTakesNothing() throws IOException {
    int[] closes = {0};
    OutputStream out =
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            closes[0]++;
          }
        };
    ZstdOutput zstd = ZstdOutput.wrap(out, 1);
    zstd.write(TEXT);
    zstd.close();
    zstd.close();
    assertThat(closes[0], equalTo(1));
    assertThrows(IOException.class, () -> zstd.write(TEXT));
  }
}
