package dev.backfill.io.dbn;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every captured file decodes to its expected values, and these encode to the file's bytes. */
class FixtureTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Map.Entry<String, JsonNode>> files() throws IOException {
    Path expected = folder().resolve("expected.json");
    if (!Files.exists(expected)) {
      return Stream.of(Map.entry("", JSON.nullNode()));
    }
    return JSON.readTree(expected.toFile()).get("files").properties().stream();
  }

  private static Path folder() {
    return Path.of(System.getProperty("backfill.fixtures", "fixtures"), "dbn");
  }

  private static void assumeThere(String name) {
    Assumptions.assumeFalse(
        name.isEmpty(), "the folder " + folder() + " is not there (-Dbackfill.fixtures)");
  }

  private static DbnReader open(String name, JsonNode expected) throws IOException {
    return open(Files.newInputStream(folder().resolve(name)), expected);
  }

  private static DbnReader open(InputStream in, JsonNode expected) throws IOException {
    return expected.get("metadata").isNull()
        ? DbnReader.openFragment(in, DbnReader.VERSION_FROM_RECORDS)
        : DbnReader.open(in);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void decodesToTheExpectedValues(Map.Entry<String, JsonNode> file) throws IOException {
    assumeThere(file.getKey());
    JsonNode expected = file.getValue();
    try (DbnReader reader = open(file.getKey(), expected)) {
      if (!expected.get("metadata").isNull()) {
        checkMetadata(reader.metadata(), expected.get("metadata"));
      }
      JsonNode records = ExpectedRecords.of(expected);
      for (JsonNode record : records) {
        assertThat(reader.next(), is(true));
        ExpectedRecords.check(reader, record);
      }
      assertThat(reader.next(), is(false));
      assertThat(reader.recordCount(), equalTo(expected.get("record_count").asLong()));
      assertThat(reader.byteOffset(), equalTo(expected.get("decoded_size").asLong()));
      assertThat(reader.skippedUnknown(), equalTo(0L));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void encodesToTheSameBytes(Map.Entry<String, JsonNode> file) throws IOException {
    assumeThere(file.getKey());
    byte[] decoded = decompressed(Files.readAllBytes(folder().resolve(file.getKey())));
    try (DbnReader reader = open(file.getKey(), file.getValue())) {
      List<DbnRecord> records = Dbn.drain(reader);
      byte[] encoded =
          file.getValue().get("metadata").isNull()
              ? Dbn.fragment(reader.version(), records)
              : Dbn.write(reader.metadata(), records);
      assertThat(encoded, equalTo(decoded));
    }
  }

  static Stream<Map.Entry<String, JsonNode>> compressedFiles() throws IOException {
    return files().filter(file -> file.getKey().isEmpty() || file.getValue().has("zstd_frames"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("compressedFiles")
  void refusesEveryCutButThoseBetweenFrames(Map.Entry<String, JsonNode> file) throws IOException {
    assumeThere(file.getKey());
    byte[] bytes = Files.readAllBytes(folder().resolve(file.getKey()));
    int takenForWhole = 0;
    for (int cut = 0; cut < bytes.length; cut++) {
      try (DbnReader reader = open(new ByteArrayInputStream(bytes, 0, cut), file.getValue())) {
        Dbn.drain(reader);
        takenForWhole++;
      } catch (DbnFormatException e) {
        assertThat(e.getMessage().isEmpty(), is(false));
      }
    }
    assertThat(takenForWhole, equalTo(file.getValue().get("zstd_frames").asInt() - 1));
  }

  private static byte[] decompressed(byte[] bytes) throws IOException {
    if (bytes[0] != 0x28) {
      return bytes;
    }
    try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static void checkMetadata(DbnMetadata metadata, JsonNode expected) {
    assertThat(metadata.version(), equalTo(expected.get("version").asInt()));
    assertThat(metadata.dataset(), equalTo(expected.get("dataset").asText()));
    assertThat(metadata.schema().apiName(), equalTo(expected.get("schema").asText()));
    assertThat(metadata.stypeIn().apiName(), equalTo(expected.get("stype_in").asText()));
    assertThat(metadata.stypeOut().apiName(), equalTo(expected.get("stype_out").asText()));
    assertThat(metadata.startNs(), equalTo(time(expected.get("start"))));
    assertThat(metadata.endNs(), equalTo(time(expected.get("end"))));
    assertThat(
        metadata.limit(),
        equalTo(expected.get("limit").isNull() ? 0 : expected.get("limit").asLong()));
    assertThat(metadata.tsOut(), equalTo(expected.get("ts_out").asBoolean()));
    assertThat(metadata.symbolCstrLen(), equalTo(expected.get("symbol_cstr_len").asInt()));
    assertThat(metadata.symbols(), equalTo(texts(expected.get("symbols"))));
    assertThat(metadata.partial(), equalTo(texts(expected.get("partial"))));
    assertThat(metadata.notFound(), equalTo(texts(expected.get("not_found"))));
    assertThat(metadata.mappings(), equalTo(mappings(expected.get("mappings"))));
  }

  private static long time(JsonNode node) {
    return node.isNull() ? DbnMetadata.UNDEFINED_NS : Long.parseUnsignedLong(node.asText());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<SymbolMapping> mappings(JsonNode array) {
    List<SymbolMapping> mappings = new ArrayList<>();
    for (JsonNode mapping : array) {
      List<MappingInterval> intervals = new ArrayList<>();
      for (JsonNode interval : mapping.get("intervals")) {
        intervals.add(
            new MappingInterval(
                LocalDate.parse(interval.get("start_date").asText()),
                LocalDate.parse(interval.get("end_date").asText()),
                interval.get("symbol").asText()));
      }
      mappings.add(new SymbolMapping(mapping.get("raw_symbol").asText(), intervals));
    }
    return mappings;
  }
}
