package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is written is read again as the same values. */
class RoundTripTest {
  private static final int RECORDS = 3_000;

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, false", "1, true", "2, true", "3, true"})
  void randomRecordsOfEveryType(int version, boolean tsOut) throws IOException {
    Random random = new Random(version);
    List<DbnRecord> records = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      records.add(Records.random(random, version, tsOut));
    }
    byte[] bytes = Dbn.write(Dbn.bars(version).tsOut(tsOut).build(), records);
    for (byte[] stream : new byte[][] {bytes, Dbn.zstd(bytes)}) {
      try (DbnReader reader = Dbn.open(stream).keepUnknown()) {
        List<DbnRecord> read = Dbn.drain(reader);
        for (int i = 0; i < RECORDS; i++) {
          assertThat(read.get(i), equalTo(records.get(i)));
        }
        assertThat(read.size(), equalTo(RECORDS));
        assertThat(reader.byteOffset(), equalTo((long) bytes.length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void randomMetadata(int version) throws IOException {
    Random random = new Random(version);
    for (int i = 0; i < 300; i++) {
      DbnMetadata metadata = metadata(random, version);
      byte[] bytes = Dbn.write(metadata, List.of());
      try (DbnReader reader = Dbn.open(bytes)) {
        assertThat(reader.metadata(), equalTo(metadata));
        assertThat(reader.next(), equalTo(false));
        assertThat(reader.byteOffset(), equalTo((long) bytes.length));
      }
      if (version == 3) {
        assertThat(bytes.length % 8, equalTo(0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aFragmentTellsItsVersionByADefinition(int version) throws IOException {
    List<DbnRecord> records = List.of(Dbn.bar(0), Records.definition(7), Dbn.bar(1));
    byte[] bytes = Dbn.fragment(version, records);
    for (int told : new int[] {version, DbnReader.VERSION_FROM_RECORDS}) {
      try (DbnReader reader = DbnReader.openFragment(new ByteArrayInputStream(bytes), told)) {
        assertThat(Dbn.drain(reader).size(), equalTo(3));
        assertThat(reader.version(), equalTo(version));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "1, 3", "2, 3", "3, 1", "3, 2"})
  void aDefinitionKeepsTheSharedFieldsInAnotherVersion(int from, int to) throws IOException {
    DefinitionRecord record = (DefinitionRecord) through(from, Records.definition(from));
    DefinitionRecord other = (DefinitionRecord) through(to, record);
    for (DefinitionField field : DefinitionField.all()) {
      if (field.isIn(from) && field.isIn(to)) {
        if (field.isText()) {
          assertThat(field.name(), other.text(field), equalTo(record.text(field)));
        } else {
          assertThat(field.name(), other.number(field), equalTo(record.number(field)));
        }
      }
    }
  }

  private static DbnRecord through(int version, DbnRecord record) throws IOException {
    byte[] bytes = Dbn.fragment(version, List.of(record));
    try (DbnReader reader = DbnReader.openFragment(new ByteArrayInputStream(bytes), version)) {
      return Dbn.drain(reader).get(0);
    }
  }

  private static DbnMetadata metadata(Random r, int version) {
    int longest = DbnMetadata.usualSymbolCstrLen(version) - 1;
    List<SymbolMapping> mappings = new ArrayList<>();
    for (int i = 0; i < r.nextInt(4); i++) {
      List<MappingInterval> intervals = new ArrayList<>();
      for (int k = 0; k < r.nextInt(4); k++) {
        LocalDate start = LocalDate.ofEpochDay(r.nextInt(30_000));
        intervals.add(
            new MappingInterval(
                start, start.plusDays(1 + r.nextInt(90)), Records.text(r, longest)));
      }
      mappings.add(new SymbolMapping(Records.text(r, longest), intervals));
    }
    return DbnMetadata.builder(version)
        .dataset(Records.text(r, 15))
        .schema(new DbnSchema(r.nextInt(1 << 16)))
        .stypeIn(new SType(r.nextInt(256)))
        .stypeOut(new SType(r.nextInt(256)))
        .startNs(r.nextLong())
        .endNs(r.nextLong())
        .limit(r.nextLong())
        .tsOut(r.nextBoolean())
        .symbols(texts(r, longest))
        .partial(texts(r, longest))
        .notFound(texts(r, longest))
        .mappings(mappings)
        .build();
  }

  private static List<String> texts(Random r, int longest) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < r.nextInt(4); i++) {
      texts.add(Records.text(r, longest));
    }
    return texts;
  }
}
