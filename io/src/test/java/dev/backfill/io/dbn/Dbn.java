package dev.backfill.io.dbn;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Streams in memory, for tests. */
final class Dbn {
  private Dbn() {}

  static DbnReader open(byte[] bytes) throws IOException {
    return DbnReader.open(new ByteArrayInputStream(bytes));
  }

  static List<DbnRecord> readAll(byte[] bytes) throws IOException {
    try (DbnReader reader = open(bytes)) {
      return drain(reader);
    }
  }

  static List<DbnRecord> drain(DbnReader reader) throws IOException {
    List<DbnRecord> records = new ArrayList<>();
    while (reader.next()) {
      records.add(reader.record());
    }
    return records;
  }

  static byte[] write(DbnMetadata metadata, List<? extends DbnRecord> records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DbnWriter writer = new DbnWriter(out, metadata)) {
      for (DbnRecord record : records) {
        writer.write(record);
      }
    }
    return out.toByteArray();
  }

  static byte[] fragment(int version, List<? extends DbnRecord> records) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DbnWriter writer = DbnWriter.fragment(out, version)) {
      for (DbnRecord record : records) {
        writer.write(record);
      }
    }
    return out.toByteArray();
  }

  static byte[] zstd(byte[]... frames) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutput zstd = ZstdOutput.wrap(out, 3)) {
      for (byte[] frame : frames) {
        zstd.write(frame);
        zstd.endFrame();
      }
    }
    return out.toByteArray();
  }

  static OhlcvRecord bar(int i) {
    return new OhlcvRecord(
        new RecordHeader(
            RType.OHLCV_1H, 1, 5482, 1_609_160_400_000_000_000L + i * 3_600_000_000_000L),
        3_702_750_000_000L + i,
        3_735_000_000_000L + i,
        -3_697_250_000_000L - i,
        i,
        718_174L * i);
  }

  static DbnMetadata.Builder bars(int version) {
    return DbnMetadata.builder(version)
        .dataset("GLBX.MDP3")
        .schema(DbnSchema.OHLCV_1H)
        .startNs(1_609_160_400_000_000_000L)
        .endNs(1_609_200_000_000_000_000L)
        .symbols(List.of("ESH1"));
  }
}
