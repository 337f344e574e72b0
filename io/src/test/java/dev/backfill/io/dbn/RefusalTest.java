package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not DBN, or not a DBN that is known, is refused by name. */
class RefusalTest {
  private static String problem(byte[] bytes) {
    return assertThrows(DbnFormatException.class, () -> Dbn.readAll(bytes)).problem();
  }

  /** A stream of two bars whose bytes from {@code at} on are replaced. */
  private static byte[] patched(int at, int... replacement) throws IOException {
    byte[] bytes = Dbn.write(Dbn.bars(3).build(), List.of(Dbn.bar(0), Dbn.bar(1)));
    for (int i = 0; i < replacement.length; i++) {
      bytes[at < 0 ? bytes.length + at + i : at + i] = (byte) replacement[i];
    }
    return bytes;
  }

  @Test
  void anEmptyInputIsRefused() {
    assertThat(problem(new byte[0]), equalTo("the stream is empty"));
    assertThrows(
        DbnFormatException.class,
        () -> DbnReader.openFragment(new ByteArrayInputStream(new byte[0]), 3));
  }

  @ParameterizedTest
  @CsvSource({
    "'ts_event,rtype,publisher_id', csv",
    "'{\"hd\":{\"ts_event\":', json",
    "'<!DOCTYPE html>', html",
    "'PAR1xxxxxxxxx', parquet"
  })
  void otherFormatsAreNamed(String text, String name) {
    String problem = problem(text.getBytes(StandardCharsets.US_ASCII));
    assertThat(problem, containsString("not DBN"));
    assertThat(problem, containsString("looks like " + name));
  }

  @Test
  void recordsWithoutMetadataAreNamed() throws IOException {
    assertThat(
        problem(Dbn.fragment(3, List.of(Dbn.bar(0)))), containsString("open it as a fragment"));
  }

  @Test
  void gzipIsNamed() {
    assertThat(problem(new byte[] {0x1F, (byte) 0x8B, 8, 0, 0}), containsString("like gzip"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 255})
  void otherVersionsAreRefused(int version) throws IOException {
    assertThat(
        problem(patched(3, version)),
        equalTo("DBN version " + version + "; this reader knows 1 to 3"));
  }

  @Test
  void absurdMetadataLengthsAreRefusedBeforeAnythingIsAllocated() throws IOException {
    assertThat(problem(patched(4, 99, 0, 0, 0)), containsString("metadata of 99 bytes"));
    assertThat(
        problem(patched(4, 0xFF, 0xFF, 0xFF, 0xFF)),
        containsString("metadata of 4294967295 bytes"));
    assertThat(
        problem(patched(4, 0, 0, 0, 4)), containsString("the stream ends within the metadata"));
    assertThat(problem(patched(4, 101, 0, 0, 0)), containsString("ends before the count"));
  }

  @Test
  void countsThatDoNotFitAreRefused() throws IOException {
    assertThat(
        problem(patched(112, 0xFF, 0xFF, 0xFF, 0xFF)),
        containsString("4294967295 symbols of 71 bytes do not fit"));
    assertThat(problem(patched(187, 2)), containsString("2 partial of 71 bytes do not fit"));
  }

  @Test
  void aSymbolLengthOfZeroIsRefused() throws IOException {
    assertThat(problem(patched(53, 0, 0)), containsString("symbol_cstr_len is 0"));
  }

  @Test
  void aSchemaDefinitionIsRefused() throws IOException {
    assertThat(problem(patched(108, 1)), containsString("schema_definition_length is 1"));
  }

  @Test
  void bytesAfterTheMappingsAreRefused() throws IOException {
    int metadataEnd = patched(0).length - 2 * RType.OHLCV_SIZE;
    assertThat(problem(patched(metadataEnd - 1, 7)), containsString("bytes follow the mappings"));
  }

  @Test
  void aDateThatIsNoneIsRefused() throws IOException {
    DbnMetadata metadata =
        Dbn.bars(1)
            .symbols(List.of())
            .mappings(
                List.of(
                    new SymbolMapping(
                        "A",
                        List.of(
                            new MappingInterval(
                                LocalDate.of(2020, 12, 28), LocalDate.of(2020, 12, 29), "1")))))
            .build();
    byte[] bytes = Dbn.write(metadata, List.of());
    int start = 108 + 4 * 5 + 22 + 4;
    assertThat(bytes[start], equalTo((byte) 0x0C));
    bytes[start] = 0x70;
    assertThat(
        problem(bytes),
        equalTo("metadata: start_date 20201328 is not a date of the form" + " YYYYMMDD"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void recordLengthsUnderAHeaderAreRefused(int words) throws IOException {
    assertThat(
        problem(patched(-56, words)),
        equalTo("a record length of " + words * 4 + " bytes; the least is 16"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 13, 15, 16, 255})
  void aRecordThatIsNotOfItsTypesSizeIsRefused(int words) throws IOException {
    assertThat(
        problem(patched(-56, words)),
        equalTo("ohlcv record (type 0x22) of " + words * 4 + " bytes; in version 3 it has 56"));
  }

  @Test
  void aDefinitionOfAnotherVersionIsRefused() throws IOException {
    byte[] v2 = Dbn.fragment(2, List.of(Records.definition(1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(Dbn.write(Dbn.bars(3).build(), List.of()));
    out.write(v2);
    assertThat(
        problem(out.toByteArray()),
        equalTo("definition record (type 0x13) of 400 bytes; in version 3 it has 520"));
  }

  @Test
  void leftoverBytesAreRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(patched(0));
    out.write(new byte[] {14, 0x22, 0});
    DbnFormatException e =
        assertThrows(DbnFormatException.class, () -> Dbn.readAll(out.toByteArray()));
    assertThat(e.problem(), equalTo("3 bytes are left, too few for the header of a record"));
    assertThat(e.recordIndex(), equalTo(2L));
    assertThat(e.byteOffset(), equalTo((long) out.size() - 3));
  }

  @Test
  void aFailureOfTheStreamBelowIsNotCalledDamage() throws IOException {
    byte[] bytes = patched(0);
    InputStream failing =
        new InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == bytes.length - 10) {
              throw new IOException("connection reset");
            }
            return bytes[at++] & 0xFF;
          }
        };
    try (DbnReader reader = DbnReader.open(failing)) {
      IOException e = assertThrows(IOException.class, () -> Dbn.drain(reader));
      assertThat(e.getMessage(), equalTo("connection reset"));
    }
  }

  @Test
  void whatCannotBeOpenedIsClosed() {
    boolean[] closed = {false};
    InputStream in =
        new ByteArrayInputStream(new byte[] {1, 2, 3}) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    assertThrows(DbnFormatException.class, () -> DbnReader.open(in));
    assertThat(closed[0], is(true));
  }
}
