package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes put together by hand from the format's tables, so that reader and writer cannot agree on a
 * mistake.
 */
class GoldenBytesTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private static byte[] padded(String text, int size) {
    return Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), size);
  }

  /** The metadata of a captured version 3 stream of one daily bar request. */
  private static byte[] metadataBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(hex("44424E03 60010000"));
    out.write(padded("GLBX.MDP3", 16));
    out.write(hex("0800 0020A0ACDBE25416 00008FC4DF065516 0200000000000000 010000 4700"));
    out.write(new byte[53]);
    out.write(hex("00000000 01000000"));
    out.write(padded("ESH1", 71));
    out.write(hex("00000000 00000000 01000000"));
    out.write(padded("ESH1", 71));
    out.write(hex("01000000 0C3F3401 0D3F3401"));
    out.write(padded("5482", 71));
    out.write(new byte[7]);
    return out.toByteArray();
  }

  private static DbnMetadata metadata() {
    return DbnMetadata.builder(3)
        .dataset("GLBX.MDP3")
        .schema(DbnSchema.OHLCV_1D)
        .startNs(1_609_160_400_000_000_000L)
        .endNs(1_609_200_000_000_000_000L)
        .limit(2)
        .stypeIn(SType.RAW_SYMBOL)
        .stypeOut(SType.INSTRUMENT_ID)
        .symbols(List.of("ESH1"))
        .mappings(
            List.of(
                new SymbolMapping(
                    "ESH1",
                    List.of(
                        new MappingInterval(
                            LocalDate.of(2020, 12, 28), LocalDate.of(2020, 12, 29), "5482")))))
        .build();
  }

  @Test
  void metadata3() throws IOException {
    byte[] bytes = metadataBytes();
    assertThat(bytes.length, equalTo(360));
    try (DbnReader reader = Dbn.open(bytes)) {
      assertThat(reader.metadata(), equalTo(metadata()));
    }
    assertThat(Dbn.write(metadata(), List.of()), equalTo(bytes));
  }

  @Test
  void metadataOfVersion1HasTheRecordCountAndShortSymbols() throws IOException {
    byte[] bytes = Dbn.write(metadata().toBuilder().version(1).build(), List.of());
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.length, equalTo(206));
    assertThat(b.getInt(4), equalTo(198));
    assertThat(b.getLong(50), equalTo(-1L));
    assertThat(HexFormat.of().formatHex(bytes, 58, 61), equalTo("010000"));
    assertThat(new String(bytes, 116, 4, StandardCharsets.US_ASCII), equalTo("ESH1"));
    assertThat(new String(bytes, 206 - 22, 4, StandardCharsets.US_ASCII), equalTo("5482"));
  }

  @Test
  void aBar() throws IOException {
    byte[] bytes =
        hex(
            "0E230100 6A150000 000040334BB85416 8033191D5E030000 0026599F65030000"
                + " 80DC45D55C030000 0026599F65030000 5EF50A0000000000");
    OhlcvRecord bar =
        new OhlcvRecord(
            new RecordHeader(RType.OHLCV_1D, 1, 5482, 1_609_113_600_000_000_000L),
            3_702_750_000_000L,
            3_735_000_000_000L,
            3_697_250_000_000L,
            3_735_000_000_000L,
            718_174);
    try (DbnReader reader = DbnReader.openFragment(new ByteArrayInputStream(bytes), 3)) {
      assertThat(Dbn.drain(reader), contains(bar));
    }
    assertThat(Dbn.fragment(3, List.of(bar)), equalTo(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 360, 328, 120, 200, 248, 300, 325, 350, 162",
    "2, 400, 112, 128, 200, 297, 349, 374, 383, 166",
    "3, 520, 104, 112, 238, 335, 391, 487, 494, 178"
  })
  void aDefinition(
      int version,
      int size,
      int strike,
      int rawId,
      int rawSymbol,
      int asset,
      int underlying,
      int instrumentClass,
      int month,
      int highHalfOfMultiplier)
      throws IOException {
    DefinitionRecord definition =
        DefinitionRecord.builder(new RecordHeader(RType.DEFINITION, 1, 31_778, 5))
            .set(DefinitionField.TS_RECV, 6)
            .set(DefinitionField.STRIKE_PRICE, 9_812_500_000_000L)
            .set(DefinitionField.RAW_INSTRUMENT_ID, 0xFEDC_BA98L)
            .set(DefinitionField.RAW_SYMBOL, "GEM3 P9812")
            .set(DefinitionField.ASSET, "GE")
            .set(DefinitionField.UNDERLYING, "GEM3")
            .set(DefinitionField.INSTRUMENT_CLASS, 'P')
            .set(DefinitionField.MATURITY_MONTH, 6)
            .set(DefinitionField.CONTRACT_MULTIPLIER, -2)
            .build();
    byte[] bytes = Dbn.fragment(version, List.of(definition));
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.length, equalTo(size));
    assertThat(bytes[0] & 0xFF, equalTo(size / 4));
    assertThat(bytes[1], equalTo((byte) 0x13));
    assertThat(b.getLong(16), equalTo(6L));
    assertThat(b.getLong(strike), equalTo(9_812_500_000_000L));
    assertThat(b.getInt(rawId), equalTo(0xFEDC_BA98));
    assertThat(
        new String(bytes, rawSymbol, 11, StandardCharsets.US_ASCII), equalTo("GEM3 P9812\0"));
    assertThat(new String(bytes, asset, 3, StandardCharsets.US_ASCII), equalTo("GE\0"));
    assertThat(new String(bytes, underlying, 5, StandardCharsets.US_ASCII), equalTo("GEM3\0"));
    assertThat(bytes[instrumentClass], equalTo((byte) 'P'));
    assertThat(bytes[month], equalTo((byte) 6));
    assertThat(b.getShort(highHalfOfMultiplier), equalTo((short) -1));
  }

  @ParameterizedTest
  @CsvSource({"1, 64, 44, 52, 57", "2, 64, 44, 52, 57", "3, 80, 48, 56, 61"})
  void aStatistic(int version, int size, int sequence, int statType, int flags) throws IOException {
    StatisticsRecord statistic =
        new StatisticsRecord(
            new RecordHeader(RType.STATISTICS, 1, 2, 3),
            4,
            DbnMetadata.UNDEFINED_NS,
            100_000_000_000L,
            DbnMetadata.UNDEFINED,
            0xFFFF_FFFEL,
            26_961,
            10_001,
            13,
            1,
            255);
    byte[] bytes = Dbn.fragment(version, List.of(statistic));
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.length, equalTo(size));
    assertThat(b.getLong(24), equalTo(-1L));
    assertThat(b.getLong(32), equalTo(100_000_000_000L));
    if (version == 3) {
      assertThat(b.getLong(40), equalTo(Long.MAX_VALUE));
    } else {
      assertThat(b.getInt(40), equalTo(Integer.MAX_VALUE));
    }
    assertThat(b.getInt(sequence), equalTo(-2));
    assertThat(b.getInt(sequence + 4), equalTo(26_961));
    assertThat(b.getShort(statType), equalTo((short) 10_001));
    assertThat(bytes[flags], equalTo((byte) 255));
  }

  @ParameterizedTest
  @CsvSource({"1, 80, 16, 38, 64", "2, 176, 17, 89, 160", "3, 176, 17, 89, 160"})
  void aSymbolMapping(int version, int size, int in, int out, int startTs) throws IOException {
    byte[] bytes =
        Dbn.fragment(
            version,
            List.of(
                new SymbolMappingRecord(
                    new RecordHeader(RType.SYMBOL_MAPPING, 1, 2, 3),
                    SType.CONTINUOUS,
                    "ES.c.0",
                    SType.RAW_SYMBOL,
                    "ESH1",
                    7,
                    8)));
    ByteBuffer b = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.length, equalTo(size));
    assertThat(new String(bytes, in, 7, StandardCharsets.US_ASCII), equalTo("ES.c.0\0"));
    assertThat(new String(bytes, out, 5, StandardCharsets.US_ASCII), equalTo("ESH1\0"));
    assertThat(b.getLong(startTs), equalTo(7L));
    assertThat(b.getLong(startTs + 8), equalTo(8L));
    if (version > 1) {
      assertThat(bytes[16], equalTo((byte) 3));
      assertThat(bytes[88], equalTo((byte) 1));
    }
  }
}
