package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.http.Sleeper;
import dev.backfill.schemas.Bar;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.MetricNames;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.extensions.avro.io.AvroDatumFactory;
import org.apache.beam.sdk.extensions.avro.io.AvroIO;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabentoIoTest {
  private static final String SECRET = "db-0123456789abcdefghijklmnopqrs";

  /** The clients of the tests, found again on the worker by name. */
  private static final Map<String, FakeClient> CLIENTS = new ConcurrentHashMap<>();

  @TempDir Path folder;
  private FakeClient client;
  private LandingOptions options;
  private String name;

  @BeforeEach
  void open() throws IOException {
    client = new FakeClient();
    name = UUID.randomUUID().toString();
    CLIENTS.put(name, client);
    Path keyFile = folder.resolve("key");
    Files.writeString(keyFile, SECRET);
    String found = name;
    options =
        LandingOptions.of(
                folder.resolve("landing").toString(),
                ApiOptions.of("http://127.0.0.1:9", ApiKeySource.file(keyFile.toString())),
                "emulator:fake:1",
                "run-1")
            .withClients(api -> open(found, api))
            .withRetries(
                new RetryPolicy(
                    2, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofHours(1)));
  }

  private static HistoricalClient open(String found, ApiOptions api) {
    assertThat(api.keySource().read().toString(), containsString("pqrs"));
    FakeClient fake = CLIENTS.get(found);
    fake.closed = false;
    return fake;
  }

  @AfterEach
  void forget() {
    CLIENTS.remove(name);
  }

  private static PCollection<Chunk> chunks(Pipeline pipeline, Chunk... chunks) {
    return pipeline.apply(Create.of(List.of(chunks)).withCoder(AvroCoder.specific(Chunk.class)));
  }

  private static Map<String, Long> counters(PipelineResult result) {
    Map<String, Long> values = new TreeMap<>();
    result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.inNamespace(MetricNames.DATABENTO_IO))
                .build())
        .getCounters()
        .forEach(counter -> values.put(counter.getName().getName(), counter.getAttempted()));
    return values;
  }

  /** PAssert counts what it has checked; without it a pipeline may forget to. */
  private static long assertionsMade(PipelineResult result) {
    return result
        .metrics()
        .queryMetrics(
            MetricsFilter.builder()
                .addNameFilter(MetricNameFilter.named(PAssert.class, PAssert.SUCCESS_COUNTER))
                .build())
        .getCounters()
        .iterator()
        .next()
        .getAttempted();
  }

  @Test
  void eachChunkHasOneOutcome() throws IOException {
    Pipeline pipeline = Pipeline.create();
    Chunk good = Chunks.continuous("ZL.v.0");
    Chunk bad = Chunks.continuous("XX.v.0");
    client.instruments.remove("XX.v.0");
    client.replies.add(this::byWhatIsAsked);
    client.replies.add(this::byWhatIsAsked);
    PAssert.that(
            chunks(pipeline, good, bad)
                .apply(DatabentoIO.land(options))
                .apply(
                    MapElements.into(TypeDescriptors.strings())
                        .via(
                            (LandedChunk landed) ->
                                landed.getChunk().getSymbols() + " " + landed.getState())))
        .containsInAnyOrder("[ZL.v.0] LANDED", "[XX.v.0] UNRESOLVED");
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(assertionsMade(result), equalTo(1L));
    LandedChunk landed = options.landing().newest(good).orElseThrow();
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(
        counters(result),
        equalTo(
            Map.of(
                MetricNames.CHUNKS_LANDED,
                1L,
                MetricNames.CHUNKS_FAILED,
                1L,
                MetricNames.DATA_REQUESTS,
                2L,
                MetricNames.BYTES_RECEIVED,
                landed.getBytes())));
    assertThat(client.closed, equalTo(true));
  }

  private HistoricalClient.Answer byWhatIsAsked(HistoricalClient.Query query) throws IOException {
    if (query.symbols().contains("XX.v.0")) {
      throw FakeClient.refusal(422, "symbology_invalid_request");
    }
    return FakeClient.body(client.whole(query));
  }

  @Test
  void theLandingIsWhatItWasGiven() throws IOException {
    Pipeline pipeline = Pipeline.create();
    Clock fixed = Clock.fixed(FakeTime.START, ZoneOffset.UTC);
    chunks(pipeline, Chunks.continuous("ZL.v.0")).apply(DatabentoIO.land(options.withClock(fixed)));
    pipeline.run().waitUntilFinish();
    LandedChunk landed =
        options.landing().list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous").get(0);
    assertThat(landed.getAskedAtNs(), equalTo(Times.nanos(FakeTime.START)));
    assertThat(landed.getRunId(), equalTo("run-1"));
    assertThat(options.landing().requests("run-1"), hasSize(1));
  }

  @Test
  void aNewGenerationIsBoughtWhenAskedFor() throws IOException {
    Chunk chunk = Chunks.continuous("ZL.v.0");
    List<LandingOptions> runs =
        List.of(
            options, options, options.withNewGeneration(true).withRetries(RetryPolicy.forData()));
    for (int run = 0; run < runs.size(); run++) {
      LandingOptions given = runs.get(run);
      LandingOptions named =
          new LandingOptions(
              given.landing(),
              given.api(),
              given.apiOrigin(),
              "run-" + run,
              given.retries(),
              given.newGeneration(),
              given.spendLimit(),
              given.gate(),
              given.clients(),
              given.clock(),
              1,
              false);
      Pipeline pipeline = Pipeline.create();
      chunks(pipeline, chunk).apply(DatabentoIO.land(named));
      pipeline.run().waitUntilFinish();
    }
    assertThat(client.asked, hasSize(2));
    assertThat(
        options.landing().list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous"), hasSize(2));
  }

  @Test
  void aRefusedKeyFailsThePipelineWithItsMessage() {
    client.replies.add(
        q -> {
          throw FakeClient.refusal(401, "auth_authentication_failed");
        });
    Pipeline pipeline = Pipeline.create();
    chunks(pipeline, Chunks.continuous("ZL.v.0")).apply(DatabentoIO.land(options));
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    List<Class<?>> causes = new ArrayList<>();
    for (Throwable at = e; at != null; at = at.getCause()) {
      causes.add(at.getClass());
    }
    assertThat(causes.contains(RunStoppedException.class), equalTo(true));
    assertThat(causes.contains(DatabentoApiException.class), equalTo(true));
    assertThat(e.toString(), containsString("HTTP 401 auth_authentication_failed"));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void barsAreExact() {
    Pipeline pipeline = Pipeline.create();
    Chunk chunk = Chunks.of("continuous", Chunks.START, Chunks.START + 2 * Times.DAY_NS, "ZL.v.0");
    PAssert.that(chunks(pipeline, chunk).apply(DatabentoIO.readBars(options)))
        .containsInAnyOrder(bar(Chunks.START), bar(Chunks.START + Times.DAY_NS));
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(assertionsMade(result), equalTo(1L));
  }

  private static Bar bar(long at) {
    long open = 6_613_500L + Times.epochDay(at);
    return Bar.newBuilder()
        .setDataset("GLBX.MDP3")
        .setSchemaName("ohlcv-1d")
        .setSymbol("ZL.v.0")
        .setContractSymbol("CONTRACT100")
        .setInstrumentId(100)
        .setPublisherId(1)
        .setTsEvent(Times.instant(at))
        .setOpen(BigDecimal.valueOf(open, 9))
        .setHigh(BigDecimal.valueOf(open + 10, 9))
        .setLow(BigDecimal.valueOf(-open, 9))
        .setClose(null)
        .setVolume(42)
        .build();
  }

  @Test
  void anyAvroReaderUnderstandsTheBars() throws IOException {
    Path file = folder.resolve("bars.avro");
    Pipeline pipeline = Pipeline.create();
    chunks(pipeline, Chunks.continuous("ZL.v.0"))
        .apply(DatabentoIO.readBars(options))
        .apply(
            AvroIO.write(Bar.class)
                .withDatumWriterFactory(AvroDatumFactory.specific(Bar.class))
                .to(file.toString())
                .withoutSharding());
    pipeline.run().waitUntilFinish();

    GenericData model = new GenericData();
    model.addLogicalTypeConversion(new Conversions.DecimalConversion());
    model.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    List<GenericRecord> rows = new ArrayList<>();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), genericReader(model))) {
      reader.forEach(rows::add);
    }
    assertThat(rows, hasSize(31));
    GenericRecord first =
        rows.stream()
            .filter(row -> row.get("ts_event").equals(Times.instant(Chunks.START)))
            .findFirst()
            .orElseThrow();
    assertThat(first.get("symbol").toString(), equalTo("ZL.v.0"));
    assertThat(
        first.get("open"),
        equalTo(BigDecimal.valueOf(6_613_500L + Times.epochDay(Chunks.START), 9)));
    assertThat(first.get("close"), equalTo(null));
    Schema open = first.getSchema().getField("open").schema().getTypes().get(1);
    assertThat(open.getProp("logicalType"), equalTo("decimal"));
  }

  private static GenericDatumReader<GenericRecord> genericReader(GenericData model) {
    return new GenericDatumReader<>(null, null, model);
  }

  @Test
  void symbolsAreThoseThatWereAsked() throws IOException {
    client.instruments.put("ZL.c.0", 100L);
    assertThat(
        names(Chunks.continuous("ZL.v.0", "ZL.c.0"), m -> m),
        contains("ZL.v.0 CONTRACT100", "ZL.c.0 CONTRACT100"));
    assertThat(names(Chunks.of("raw_symbol", "ESH4"), m -> m), contains("ESH4 ESH4"));
    client.instruments.put("ES.FUT", 300L);
    assertThat(names(Chunks.of("parent", "ES.FUT"), m -> m), contains("CONTRACT300 CONTRACT300"));
    client.instruments.put("NQ.FUT", 300L);
    UnaryOperator<DbnMetadata> named =
        m ->
            m.toBuilder()
                .mappings(List.of(new SymbolMapping("NQH4", m.mappings().get(0).intervals())))
                .build();
    assertThat(names(Chunks.of("parent", "NQ.FUT"), named), contains("NQH4 NQH4"));
    UnaryOperator<DbnMetadata> unmapped = m -> m.toBuilder().mappings(List.of()).build();
    assertThat(names(Chunks.continuous("CL.v.0"), unmapped), contains("200 null"));
    client.instruments.put("400", 400L);
    assertThat(names(Chunks.of("instrument_id", "400"), m -> m), contains("400 CONTRACT400"));
  }

  /** Symbol and contract of the first day's bars. */
  private List<String> names(Chunk chunk, UnaryOperator<DbnMetadata> change) throws IOException {
    client.replies.add(q -> FakeClient.body(client.answer(q, 31, change)));
    // Two symbols of one instrument are one record.
    client.counts.add(q -> 31);
    client.counts.add(q -> 31L * q.symbols().size());
    ChunkLander lander =
        new ChunkLander(
            client,
            options.landing(),
            options.landing().journal(),
            "emulator:fake:1",
            RetryPolicy.forData().withAttempts(1),
            Sleeper.SYSTEM,
            Clock.systemUTC());
    List<String> names = new ArrayList<>();
    try (BarDecoder bars = BarDecoder.open(lander.land(chunk, "run-1"))) {
      bars.forEach(
          bar -> {
            if (bar.getTsEvent().equals(Times.instant(Chunks.START))) {
              names.add(bar.getSymbol() + " " + bar.getContractSymbol());
            }
          });
    }
    client.counts.clear();
    return names.stream().distinct().toList();
  }

  @Test
  void barsOfAChunkThatFailedFailThePipeline() {
    for (int i = 0; i < 2; i++) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(500, "trouble");
          });
    }
    Pipeline pipeline = Pipeline.create();
    chunks(pipeline, Chunks.continuous("ZL.v.0")).apply(DatabentoIO.readBars(options));
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.toString(), containsString("has no bars (FAILED): timeseries.get_range"));
    assertThat(e.toString(), containsString("HTTP 500"));
  }

  @Test
  void barsOfAPartOfAChunkFailThePipeline() {
    client.replies.add(
        q -> {
          throw DatabentoApiException.of(
              "timeseries.get_range",
              422,
              "",
              null,
              "{\"detail\": {\"case\": \"dataset_unavailable_range\", \"message\": \"Try an end before"
                  + " 2024-01-10T00:00:00Z.\"}}");
        });
    Pipeline pipeline = Pipeline.create();
    chunks(pipeline, Chunks.continuous("ZL.v.0")).apply(DatabentoIO.readBars(options));
    Pipeline.PipelineExecutionException e =
        assertThrows(
            Pipeline.PipelineExecutionException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.getMessage(), containsString("cannot be had whole"));
    assertThat(e.getMessage(), containsString("2024-01-10 to 2024-02-01"));
  }

  @Test
  void barsOfADamagedFileFailThePipelineOnce() throws IOException {
    Chunk chunk = Chunks.continuous("ZL.v.0");
    Pipeline first = Pipeline.create();
    chunks(first, chunk).apply(DatabentoIO.land(options));
    first.run().waitUntilFinish();
    Path file = Path.of(options.landing().newest(chunk).orElseThrow().getFile());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    Pipeline second = Pipeline.create();
    chunks(second, chunk).apply(DatabentoIO.readBars(options));
    assertThrows(Pipeline.PipelineExecutionException.class, () -> second.run().waitUntilFinish());
    assertThat(Files.exists(file), equalTo(false));
    Path landing = Path.of(options.landing().uri());
    assertThat(
        Files.exists(landing.resolve("quarantine").resolve(landing.relativize(file))),
        equalTo(true));

    Pipeline third = Pipeline.create();
    chunks(third, chunk).apply(DatabentoIO.readBars(options));
    third.run().waitUntilFinish();
    assertThat(client.asked, hasSize(2));
  }

  @Test
  void noSecretIsInOptionsDisplayOrFiles() throws IOException {
    byte[] serialized = SerializableUtils.serializeToByteArray(options);
    assertThat(new String(serialized, StandardCharsets.ISO_8859_1), not(containsString(SECRET)));
    assertThat(options.toString(), not(containsString(SECRET)));
    Pipeline pipeline = Pipeline.create();
    chunks(pipeline, Chunks.continuous("ZL.v.0")).apply(DatabentoIO.land(options));
    pipeline.run().waitUntilFinish();
    try (Stream<Path> files = Files.walk(folder.resolve("landing"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(file.toString(), text, not(containsString(SECRET)));
      }
    }
  }
}
