package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DbnReaderTest {
  private static final UnknownRecord TRADE =
      new UnknownRecord(new RecordHeader(0x00, 1, 2, 3), new byte[32]);

  @Test
  void recordsOfUnknownTypeAreSkippedAndCounted() throws IOException {
    List<DbnRecord> records = List.of(TRADE, Dbn.bar(1), TRADE, TRADE, Dbn.bar(2), TRADE);
    try (DbnReader reader = Dbn.open(Dbn.write(Dbn.bars(3).build(), records))) {
      assertThat(reader.next(), is(true));
      assertThat(reader.recordIndex(), equalTo(1L));
      assertThat(reader.record(), equalTo(Dbn.bar(1)));
      assertThat(reader.recordCount(), equalTo(1L));
      assertThat(reader.next(), is(true));
      assertThat(reader.recordIndex(), equalTo(4L));
      assertThat(reader.next(), is(false));
      assertThat(reader.next(), is(false));
      assertThat(reader.recordCount(), equalTo(2L));
      assertThat(reader.skippedUnknown(), equalTo(4L));
    }
  }

  @Test
  void aCutRecordOfUnknownTypeIsRefused() throws IOException {
    byte[] bytes = Dbn.write(Dbn.bars(3).build(), List.of(TRADE));
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 4);
    assertThrows(DbnFormatException.class, () -> Dbn.readAll(cut));
  }

  @Test
  void theCursorGivesWhatTheRecordGives() throws IOException {
    byte[] bytes = Dbn.write(Dbn.bars(1).build(), List.of(Dbn.bar(0), Dbn.bar(7)));
    try (DbnReader reader = Dbn.open(bytes)) {
      reader.next();
      reader.next();
      OhlcvRecord bar = Dbn.bar(7);
      assertThat(reader.rtype(), equalTo(RType.OHLCV_1H));
      assertThat(reader.publisherId(), equalTo(1));
      assertThat(reader.instrumentId(), equalTo(5482L));
      assertThat(reader.tsEvent(), equalTo(bar.header().tsEvent()));
      assertThat(reader.openPrice(), equalTo(bar.open()));
      assertThat(reader.highPrice(), equalTo(bar.high()));
      assertThat(reader.lowPrice(), equalTo(bar.low()));
      assertThat(reader.closePrice(), equalTo(bar.close()));
      assertThat(reader.volume(), equalTo(bar.volume()));
      assertThat(reader.byteOffset(), equalTo((long) bytes.length - 56));
    }
  }

  @Test
  void thereIsNothingToReadBeforeTheFirstAndAfterTheLastRecord() throws IOException {
    byte[] bytes = Dbn.write(Dbn.bars(1).build(), List.of(Dbn.bar(0)));
    try (DbnReader reader = Dbn.open(bytes)) {
      assertThrows(IndexOutOfBoundsException.class, reader::volume);
      reader.next();
      reader.next();
      assertThrows(IndexOutOfBoundsException.class, reader::record);
    }
  }

  @Test
  void theFastPathWritesWhatTheRecordWrites() throws IOException {
    for (boolean tsOut : new boolean[] {false, true}) {
      DbnMetadata metadata = Dbn.bars(2).tsOut(tsOut).build();
      OhlcvRecord bar =
          new OhlcvRecord(
              new RecordHeader(RType.OHLCV_1D, 65_535, 4_294_967_295L, -5), -1, 2, -3, 4, -1);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (DbnWriter writer = new DbnWriter(out, metadata)) {
        writer.ohlcv(RType.OHLCV_1D, 65_535, 4_294_967_295L, -5, -1, 2, -3, 4, -1);
        assertThat(writer.recordCount(), equalTo(1L));
        writer.flush();
        assertThat(writer.byteCount(), equalTo((long) out.size()));
      }
      assertThat(out.toByteArray(), equalTo(Dbn.write(metadata, List.of(bar))));
    }
  }

  @Test
  void streamsLargerThanTheBuffersAreWhole() throws IOException {
    int bars = 20_000;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DbnWriter writer = new DbnWriter(out, Dbn.bars(3).build())) {
      for (int i = 0; i < bars; i++) {
        writer.write(Dbn.bar(i));
      }
    }
    byte[] bytes = out.toByteArray();
    for (InputStream in :
        List.of(
            new ByteArrayInputStream(bytes),
            new ByteArrayInputStream(Dbn.zstd(bytes)),
            new Trickle(bytes))) {
      try (DbnReader reader = DbnReader.open(in)) {
        for (int i = 0; i < bars; i++) {
          assertThat(reader.next(), is(true));
          if (!reader.record().equals(Dbn.bar(i))) {
            assertThat(reader.record(), equalTo(Dbn.bar(i)));
          }
        }
        assertThat(reader.next(), is(false));
        assertThat(reader.byteOffset(), equalTo((long) bytes.length));
      }
    }
  }

  @Test
  void anErrorOfTheServiceIsARecord() throws IOException {
    ErrorRecord error =
        new ErrorRecord(new RecordHeader(RType.ERROR, 0, 0, 9), "internal error", 6, 1);
    List<DbnRecord> read = Dbn.readAll(Dbn.write(Dbn.bars(3).build(), List.of(error)));
    assertThat(read, equalTo(List.of(error)));
    assertThat(read.get(0), instanceOf(ErrorRecord.class));
  }

  @Test
  void aFragmentHasNoMetadata() throws IOException {
    byte[] bytes = Dbn.fragment(3, List.of(Dbn.bar(0)));
    try (DbnReader reader = DbnReader.openFragment(new ByteArrayInputStream(bytes), 3)) {
      assertThrows(IllegalStateException.class, reader::metadata);
      assertThat(reader.next(), is(true));
      assertThat(reader.byteOffset(), equalTo(0L));
    }
  }

  @Test
  void reservedBytesOfADefinitionAreKept() throws IOException {
    byte[] bytes = Dbn.fragment(2, List.of(Records.definition(3)));
    bytes[395] = 42;
    try (DbnReader reader = DbnReader.openFragment(new ByteArrayInputStream(bytes), 0)) {
      assertThat(Dbn.fragment(2, Dbn.drain(reader)), equalTo(bytes));
    }
  }

  @Test
  void whatDoesNotFitIsNotWritten() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DbnWriter writer = DbnWriter.fragment(out, 1)) {
      RecordHeader header = new RecordHeader(RType.DEFINITION, 1, 2, 3);
      DefinitionRecord.Builder builder = DefinitionRecord.builder(header);
      IllegalArgumentException longSymbol =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  writer.write(
                      builder
                          .set(DefinitionField.RAW_SYMBOL, "OZSN1 C1320 and on and on")
                          .build()));
      assertThat(
          longSymbol.getMessage(),
          equalTo("RAW_SYMBOL 'OZSN1 C1320 and on and on' has 25 characters; at most 21 fit"));
      builder.set(DefinitionField.RAW_SYMBOL, "OK");
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.write(builder.set(DefinitionField.RAW_INSTRUMENT_ID, 1L << 32).build()));
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.write(new SystemRecord(header, "heartbeat", 0)));
      assertThat(writer.recordCount(), equalTo(0L));
    }
    assertThat(out.size(), equalTo(0));
  }

  /** Gives a few bytes at a time, as a network does. */
  private static final class Trickle extends ByteArrayInputStream {
    Trickle(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] b, int off, int len) {
      return super.read(b, off, Math.min(len, 333));
    }
  }
}
