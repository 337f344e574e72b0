package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.RetryPolicy;
import dev.backfill.io.landing.LandingGate;
import dev.backfill.io.landing.RunFolder;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.MetricNames;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.avro.coders.AvroCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.SlidingWindows;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LandInSlotsTest {
  private static final Map<String, HistoricalClient> CLIENTS = new ConcurrentHashMap<>();
  private static final org.joda.time.Duration DAY = org.joda.time.Duration.standardDays(1);

  @TempDir Path folder;
  private final Service service = new Service();
  private final String name = UUID.randomUUID().toString();
  private LandingOptions options;

  /** One service for the clients of all threads. */
  private static final class Service extends FakeClient {
    private long longestDays = Long.MAX_VALUE;

    @Override
    public Answer getRange(Query query) throws IOException {
      if (barsOf(query) > longestDays) {
        throw refusal(504, "too_much");
      }
      return super.getRange(query);
    }

    @Override
    public synchronized void close() {
      // Another thread's client asks on.
    }
  }

  /** Gives all chunks in one bundle, a day apart from each other. */
  private static final class InOneBundle extends DoFn<String, Chunk> {
    private static final long serialVersionUID = 1L;
    private final List<Chunk> chunks;

    InOneBundle(List<Chunk> chunks) {
      this.chunks = chunks;
    }

    @ProcessElement
    public void process(OutputReceiver<Chunk> out) {
      Instant at = Instant.EPOCH;
      for (Chunk chunk : chunks) {
        out.outputWithTimestamp(chunk, at);
        at = at.plus(DAY);
      }
    }
  }

  /** Says where in the collection an outcome is. */
  private static final class Describe extends DoFn<LandedChunk, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element LandedChunk landed,
        @Timestamp Instant at,
        BoundedWindow window,
        OutputReceiver<String> out) {
      long day = at.getMillis() / DAY.getMillis();
      String first =
          window instanceof IntervalWindow interval
              ? " from " + interval.start().getMillis() / DAY.getMillis()
              : "";
      out.output(landed.getChunk().getSymbols() + " " + landed.getState() + " " + day + first);
    }
  }

  @BeforeEach
  void open() throws IOException {
    CLIENTS.put(name, service);
    String found = name;
    options =
        LandingOptions.of(
                folder.resolve("landing").toString(),
                ApiOptions.of("http://127.0.0.1:9", ApiKeySource.environment()),
                "emulator:" + name,
                "run-1")
            .withClients(api -> CLIENTS.get(found))
            .withRequestsPerWorker(3)
            .withRetries(
                new RetryPolicy(
                    2, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofHours(1)));
  }

  @AfterEach
  void forget() {
    CLIENTS.remove(name);
  }

  private List<Chunk> chunks(int number) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      service.instruments.put("S" + i, 1_000L + i);
      chunks.add(Chunks.continuous("S" + i));
    }
    return chunks;
  }

  private static PCollection<Chunk> inOneBundle(Pipeline pipeline, List<Chunk> chunks) {
    return pipeline
        .apply(Create.of("all").withCoder(StringUtf8Coder.of()))
        .apply(ParDo.of(new InOneBundle(chunks)))
        .setCoder(AvroCoder.specific(Chunk.class));
  }

  private PCollection<String> land(
      Pipeline pipeline, List<Chunk> chunks, WindowFn<Object, ?> windows) {
    return inOneBundle(pipeline, chunks)
        .apply(Window.<Chunk>into(windows))
        .apply(DatabentoIO.land(options))
        .apply(ParDo.of(new Describe()));
  }

  private PipelineResult run(
      List<Chunk> chunks, WindowFn<Object, ?> windows, Iterable<String> expected) {
    Pipeline pipeline = Pipeline.create();
    PAssert.that(land(pipeline, chunks, windows)).containsInAnyOrder(expected);
    return run(pipeline);
  }

  private static PipelineResult run(Pipeline pipeline) {
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    assertThat(count(result, PAssert.SUCCESS_COUNTER), equalTo(1L));
    return result;
  }

  private static long count(PipelineResult result, String counter) {
    long sum = 0;
    for (var value :
        result
            .metrics()
            .queryMetrics(
                MetricsFilter.builder()
                    .addNameFilter(
                        counter.equals(PAssert.SUCCESS_COUNTER)
                            ? MetricNameFilter.named(PAssert.class, counter)
                            : MetricNameFilter.named(MetricNames.DATABENTO_IO, counter))
                    .build())
            .getCounters()) {
      sum += value.getAttempted();
    }
    return sum;
  }

  private static List<String> describe(List<Chunk> chunks, Function<Integer, List<String>> each) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      all.addAll(each.apply(i));
    }
    return all;
  }

  @Test
  void severalChunksOfABundleAreAskedAtOnce() {
    CyclicBarrier together = new CyclicBarrier(3);
    service.beforeAnswer = () -> await(together);
    List<Chunk> chunks = chunks(12);
    PipelineResult result =
        run(
            chunks,
            FixedWindows.of(DAY),
            describe(chunks, i -> List.of("[S" + i + "] LANDED " + i + " from " + i)));
    assertThat(service.asked, hasSize(12));
    assertThat(count(result, MetricNames.CHUNKS_LANDED), equalTo(12L));
    assertThat(count(result, MetricNames.DATA_REQUESTS), equalTo(12L));
    assertThat(count(result, MetricNames.BYTES_RECEIVED), greaterThan(0L));
  }

  private static void await(CyclicBarrier together) {
    try {
      together.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("not asked at once", e);
    }
  }

  @Test
  void aChunkOfSeveralWindowsIsAskedForOnce() {
    List<Chunk> chunks = chunks(7);
    run(
        chunks,
        SlidingWindows.of(DAY.multipliedBy(2)).every(DAY),
        describe(
            chunks,
            i ->
                List.of(
                    "[S" + i + "] LANDED " + i + " from " + i,
                    "[S" + i + "] LANDED " + i + " from " + (i - 1))));
    assertThat(service.asked, hasSize(7));
  }

  @Test
  void partsKeepThePlaceOfTheirChunk() throws IOException {
    options = options.withRunFolder(true);
    RunFolder run = options.landing().runFolder("run-1");
    run.writeRun("{}".getBytes(StandardCharsets.UTF_8));
    service.longestDays = 16;
    List<Chunk> chunks = chunks(4);
    Pipeline pipeline = Pipeline.create();
    PAssert.that(land(pipeline, chunks, FixedWindows.of(DAY)).apply(Distinct.create()))
        .containsInAnyOrder(
            describe(
                chunks,
                i ->
                    List.of(
                        "[S" + i + "] SPLIT " + i + " from " + i,
                        "[S" + i + "] LANDED " + i + " from " + i)));
    PipelineResult result = run(pipeline);
    long split = count(result, MetricNames.CHUNKS_SPLIT);
    long landed = count(result, MetricNames.CHUNKS_LANDED);
    assertThat(split, greaterThan(3L));
    assertThat((long) run.outcomes().size(), equalTo(split + landed));
    for (Chunk chunk : chunks) {
      assertThat(daysLanded(run, chunk), equalTo(31L));
    }
  }

  /** By what is noted of a chunk, its parts and theirs. */
  private static long daysLanded(RunFolder run, Chunk chunk) throws IOException {
    LandedChunk ended = run.outcome(chunk.getChunkId()).orElseThrow().landed();
    assertThat(ended.getChunk(), equalTo(chunk));
    if (ended.getState() == LandedState.LANDED) {
      assertThat(Files.exists(Path.of(ended.getFile())), equalTo(true));
      return (chunk.getEndNs() - chunk.getStartNs()) / Times.DAY_NS;
    }
    long days = 0;
    for (Chunk part : ended.getParts()) {
      days += daysLanded(run, part);
    }
    return days;
  }

  @Test
  void aFailureOfOneFailsTheBundleWhenTheOthersHaveLanded() throws IOException {
    List<Chunk> chunks = chunks(3);
    CyclicBarrier together = new CyclicBarrier(3);
    CountDownLatch failed = new CountDownLatch(1);
    service.beforeAnswer = () -> await(together);
    for (int i = 0; i < 3; i++) {
      service.replies.add(
          query -> {
            if (query.symbols().contains("S1")) {
              failed.countDown();
              throw new IOException("No space left on device");
            }
            try {
              failed.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return FakeClient.body(service.whole(query));
          });
    }
    Pipeline pipeline = Pipeline.create();
    inOneBundle(pipeline, chunks).apply(DatabentoIO.land(options));
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.toString(), containsString("No space left on device"));
    assertThat(options.landing().newest(chunks.get(0)).isPresent(), equalTo(true));
    assertThat(options.landing().newest(chunks.get(1)).isPresent(), equalTo(false));
    assertThat(options.landing().newest(chunks.get(2)).isPresent(), equalTo(true));
  }

  @Test
  void barsOfAFailedChunkFailThePipeline() {
    List<Chunk> chunks = chunks(3);
    for (int i = 0; i < 4; i++) {
      service.replies.add(this::allButOne);
    }
    Pipeline pipeline = Pipeline.create();
    inOneBundle(pipeline, chunks).apply(DatabentoIO.readBars(options));
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(e.toString(), containsString("has no bars (FAILED)"));
  }

  private HistoricalClient.Answer allButOne(HistoricalClient.Query query) throws IOException {
    if (query.symbols().contains("S1")) {
      throw FakeClient.refusal(500, "trouble");
    }
    return FakeClient.body(service.whole(query));
  }

  @Test
  void onlyWhatTheGateLetsThroughIsBegunWith() {
    List<Chunk> chunks = chunks(4);
    try (LandingGate gate = new LandingGate(chunks.subList(0, 2))) {
      gate.shut();
      options = options.withGate(gate);
      run(chunks, FixedWindows.of(DAY), List.of("[S2] LANDED 2 from 2", "[S3] LANDED 3 from 3"));
      assertThat(gate.begun(), equalTo(0));
    }
  }

  @Test
  void aStoppedRunAsksNothingWhenItIsStartedAgain() throws IOException {
    for (int slots : List.of(3, 1)) {
      String run = "run-" + slots;
      LandingOptions given =
          LandingOptions.of(options.landing().uri(), options.api(), options.apiOrigin(), run)
              .withClients(options.clients())
              .withRequestsPerWorker(slots)
              .withRunFolder(true);
      given.landing().runFolder(run).writeRun("{}".getBytes(StandardCharsets.UTF_8));
      service.replies.clear();
      for (int i = 0; i < 5; i++) {
        service.replies.add(
            query -> {
              throw FakeClient.refusal(402, "billing");
            });
      }
      RunStoppedException first = stopped(given, chunks(5));
      assertThat(first.status(), equalTo(402));
      assertThat(first.getMessage(), containsString("HTTP 402"));
      assertThat(
          given.landing().runFolder(run).stopped().orElseThrow(),
          equalTo(new RunFolder.Stop(first.getMessage(), 402)));
      service.asked.clear();
      service.replies.clear();
      RunStoppedException again = stopped(given, chunks(5));
      assertThat(again.getMessage(), equalTo(first.getMessage()));
      assertThat(again.status(), equalTo(402));
      assertThat(service.asked, empty());
      service.asked.clear();
    }
  }

  private static RunStoppedException stopped(LandingOptions given, List<Chunk> chunks) {
    Pipeline pipeline = Pipeline.create();
    inOneBundle(pipeline, chunks).apply(DatabentoIO.land(given));
    RuntimeException e =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    Throwable cause = e;
    while (!(cause instanceof RunStoppedException)) {
      cause = cause.getCause();
    }
    return (RunStoppedException) cause;
  }

  @Test
  void aWorkerThatDoesNotSeeTheLandingAsksNothing() {
    for (int slots : List.of(3, 1)) {
      LandingOptions given = options.withRequestsPerWorker(slots).withRunFolder(true);
      Pipeline pipeline = Pipeline.create();
      inOneBundle(pipeline, chunks(2)).apply(DatabentoIO.land(given));
      RuntimeException e =
          assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
      assertThat(e.toString(), containsString("This worker does not see the run's landing"));
      assertThat(service.asked, empty());
    }
  }

  @Test
  void outcomesAreNotedUnderWhatWasAsked() throws IOException {
    options = options.withRunFolder(true).withRequestsPerWorker(1);
    RunFolder run = options.landing().runFolder("run-1");
    run.writeRun("{}".getBytes(StandardCharsets.UTF_8));
    service.replies.add(
        query -> {
          throw DatabentoApiException.of(
              "timeseries.get_range",
              422,
              "",
              null,
              "{\"detail\": {\"case\": \"dataset_unavailable_range\", \"message\": \"Try an end"
                  + " before 2024-01-10T00:00:00Z.\"}}");
        });
    List<Chunk> chunks = chunks(2);
    run(chunks, FixedWindows.of(DAY), List.of("[S0] LANDED 0 from 0", "[S1] LANDED 1 from 1"));
    assertThat(
        run.outcomes(), containsInAnyOrder(chunks.get(0).getChunkId(), chunks.get(1).getChunkId()));
    LandedChunk part = run.outcome(chunks.get(0).getChunkId()).orElseThrow().landed();
    assertThat(part.getChunk().getEndNs(), equalTo(Chunks.START + 9 * Times.DAY_NS));
  }

  @Test
  void thereIsAtLeastOneSlot() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> options.withRequestsPerWorker(0));
    assertThat(e.getMessage(), containsString("requestsPerWorker must be at least 1, but is 0"));
  }
}
