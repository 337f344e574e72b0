package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that was cut or damaged is refused, wherever the bytes can tell. */
class DamageTest {
  private static final int BARS = 5;

  private static List<OhlcvRecord> bars() {
    return IntStream.range(0, BARS).mapToObj(Dbn::bar).toList();
  }

  private static byte[] stream(int version) throws IOException {
    return Dbn.write(Dbn.bars(version).build(), bars());
  }

  /** The lengths at which a stream that is cut there is taken for whole. */
  private static Set<Integer> acceptedCuts(byte[] bytes) throws IOException {
    Set<Integer> accepted = new TreeSet<>();
    for (int cut = 0; cut < bytes.length; cut++) {
      try {
        Dbn.readAll(Arrays.copyOf(bytes, cut));
        accepted.add(cut);
      } catch (DbnFormatException e) {
        assertThat(e.byteOffset() >= 0, equalTo(true));
      }
    }
    return accepted;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aRawStreamIsTakenForWholeOnlyBetweenRecords(int version) throws IOException {
    byte[] bytes = stream(version);
    Set<Integer> between = new TreeSet<>();
    for (int i = 1; i <= BARS; i++) {
      between.add(bytes.length - i * RType.OHLCV_SIZE);
    }
    assertThat(acceptedCuts(bytes), equalTo(between));
    assertThat(Dbn.readAll(bytes).size(), equalTo(BARS));
  }

  @Test
  void aCutZstdFrameIsNeverTakenForWhole() throws IOException {
    byte[] bytes = Dbn.zstd(stream(3));
    assertThat(acceptedCuts(bytes), equalTo(Set.of()));
    assertThat(Dbn.readAll(bytes).size(), equalTo(BARS));
  }

  @Test
  void severalFramesAreTakenForWholeOnlyBetweenFramesThatEndWithARecord() throws IOException {
    byte[] raw = stream(3);
    int first = raw.length - 3 * RType.OHLCV_SIZE;
    byte[] one = Arrays.copyOf(raw, first);
    byte[] two = Arrays.copyOfRange(raw, first, first + 20);
    byte[] three = Arrays.copyOfRange(raw, first + 20, raw.length);
    byte[] bytes = Dbn.zstd(one, two, three);
    assertThat(Dbn.readAll(bytes), equalTo(List.copyOf(bars())));
    assertThat(acceptedCuts(bytes), equalTo(Set.of(Dbn.zstd(one).length)));
  }

  @Test
  void aCutMessageTellsRecordAndByte() throws IOException {
    byte[] bytes = stream(3);
    DbnFormatException e =
        assertThrows(
            DbnFormatException.class, () -> Dbn.readAll(Arrays.copyOf(bytes, bytes.length - 6)));
    int start = bytes.length - RType.OHLCV_SIZE;
    assertThat(
        e.getMessage(),
        equalTo(
            "DBN stream, byte "
                + start
                + ", record 4: ohlcv record (type 0x22) of 56 bytes, but only 50 are left:"
                + " the stream was cut"));
    assertThat(e.byteOffset(), equalTo((long) start));
    assertThat(e.recordIndex(), equalTo(4L));
  }

  @Test
  void everyWrongBitOfAChecksummedFrameIsSeen() throws IOException {
    byte[] bytes = Dbn.zstd(stream(3));
    for (int at = bytes.length - 4; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      DbnFormatException e = assertThrows(DbnFormatException.class, () -> Dbn.readAll(damaged));
      assertThat(e.getMessage(), containsString("damaged zstd data"));
    }
  }

  @Test
  void damageInsideAFrameIsSeen() throws IOException {
    byte[] bytes = Dbn.zstd(stream(3));
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x40;
      List<DbnRecord> records;
      try {
        records = Dbn.readAll(damaged);
      } catch (DbnFormatException e) {
        continue;
      }
      // The one bit that changes nothing is an unused one of the frame's header.
      assertThat("bit of byte " + at, records, equalTo(List.copyOf(bars())));
      assertThat(at < 6, equalTo(true));
    }
  }

  @Test
  void garbageAfterTheLastFrameIsRefused() throws IOException {
    for (int extra = 1; extra <= 6; extra++) {
      byte[] bytes = Dbn.zstd(stream(2));
      byte[] longer = Arrays.copyOf(bytes, bytes.length + extra);
      assertThrows(DbnFormatException.class, () -> Dbn.readAll(longer), "extra " + extra);
    }
  }

  @Test
  void skippableFramesCarryNothing() throws IOException {
    byte[] skippable = {0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9};
    byte[] raw = stream(3);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(skippable);
    out.write(Dbn.zstd(Arrays.copyOf(raw, 10)));
    out.write(skippable);
    out.write(Dbn.zstd(Arrays.copyOfRange(raw, 10, raw.length)));
    out.write(skippable);
    assertThat(Dbn.readAll(out.toByteArray()), equalTo(List.copyOf(bars())));
  }

  @Test
  void onlySkippableFramesAreAnEmptyStream() {
    byte[] skippable = {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};
    DbnFormatException e = assertThrows(DbnFormatException.class, () -> Dbn.readAll(skippable));
    assertThat(e.problem(), equalTo("the stream is empty"));
  }

  @Test
  void framesMayEndAnywhere() throws IOException {
    byte[] raw = stream(3);
    List<byte[]> frames = new ArrayList<>();
    for (int at = 0; at < raw.length; at += 7) {
      frames.add(Arrays.copyOfRange(raw, at, Math.min(raw.length, at + 7)));
    }
    assertThat(Dbn.readAll(Dbn.zstd(frames.toArray(new byte[0][]))), equalTo(List.copyOf(bars())));
  }
}
