package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.dbn.DbnMetadata;
import dev.backfill.io.dbn.DbnSchema;
import dev.backfill.io.dbn.DbnWriter;
import dev.backfill.io.dbn.ErrorRecord;
import dev.backfill.io.dbn.MappingInterval;
import dev.backfill.io.dbn.RType;
import dev.backfill.io.dbn.RecordHeader;
import dev.backfill.io.dbn.SType;
import dev.backfill.io.dbn.SymbolMapping;
import dev.backfill.io.landing.Contracts;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.io.landing.RequestJournal;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkLanderTest {
  private static final Chunk ZL = Chunks.continuous("ZL.v.0");
  private static final String RUN = "run-1";
  private static final RetryPolicy POLICY =
      new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofHours(1));

  @TempDir Path folder;
  private LandingArea landing;
  private FakeClient client;
  private FakeTime time;
  private RequestJournal journal;
  private ChunkLander lander;

  @BeforeEach
  void open() {
    landing = LandingArea.at(folder.toString());
    client = new FakeClient();
    time = new FakeTime();
    journal = landing.journal();
    lander =
        new ChunkLander(client, landing, journal, "emulator:fake:1", POLICY, time, time);
  }

  @AfterEach
  void everyAnswerIsClosed() throws IOException {
    journal.close();
    assertThat(client.openAnswers.get(), equalTo(0));
  }

  private List<Path> files(String ending) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(ending))
          .toList();
    }
  }

  private List<String> outcomes() throws IOException {
    return landing.requests().stream().map(RequestEntry::outcome).toList();
  }

  private LandedChunk land(Chunk chunk) throws IOException {
    LandedChunk landed = lander.land(chunk, RUN);
    assertThat("no temporary file is left", files(".tmp"), empty());
    return landed;
  }

  @Test
  void aWholeAnswerLands() throws IOException {
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getChunk(), equalTo(ZL));
    assertThat(landed.getRecordCount(), equalTo(31L));
    assertThat(landed.getExpectedRecords(), equalTo(31L));
    assertThat(landed.getVerified(), equalTo(true));
    assertThat(landed.getRequestId(), equalTo("req-1"));
    assertThat(landed.getWarnings(), contains("Warning: reduced quality"));
    assertThat(landed.getAskedAtNs(), equalTo(Times.nanos(FakeTime.START)));
    assertThat(landed.getAttempts(), equalTo(1));
    assertThat(landed.getCostEstimateUsd(), closeTo(0.031, 1e-12));
    assertThat(landed.getHttpStatus(), equalTo(200));
    assertThat(landed.getError(), equalTo(""));
    assertThat(landed.getRunId(), equalTo(RUN));
    assertThat(landed.getPieces(), empty());
    byte[] sent = client.whole(client.asked.get(0));
    assertThat(Files.readAllBytes(Path.of(landed.getFile())), equalTo(sent));
    assertThat(landed.getBytes(), equalTo((long) sent.length));
    assertThat(landing.newest(ZL).orElseThrow(), equalTo(landed));
  }

  @Test
  void itAsksExactlyForTheChunk() throws IOException {
    land(ZL);
    assertThat(
        client.asked,
        contains(
            new HistoricalClient.Query(
                "GLBX.MDP3",
                "ohlcv-1d",
                "continuous",
                List.of("ZL.v.0"),
                Chunks.START,
                Chunks.END)));
  }

  @Test
  void whatHasLandedIsNotAskedAgain() throws IOException {
    LandedChunk first = land(ZL);
    LandedChunk second = lander.land(ZL, "run-2");
    assertThat(second, equalTo(first));
    assertThat(client.asked, hasSize(1));
    assertThat(client.countsAsked, equalTo(1));
  }

  @Test
  void aNewGenerationIsBoughtOnceForARun() throws IOException {
    LandedChunk first = land(ZL);
    LandedChunk second = lander.landAgain(ZL, "run-2");
    assertThat(lander.landAgain(ZL, "run-2"), equalTo(second));
    assertThat(client.asked, hasSize(2));
    assertThat(second.getAskedAtNs(), equalTo(first.getAskedAtNs() + 1));
    assertThat(
        landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous"),
        contains(first, second));
  }

  @Test
  void theJournalHasTheRequestBeforeItIsSent() throws IOException {
    client.beforeAnswer =
        () -> {
          try {
            List<RequestEntry> entries = LandingArea.at(folder.toString()).requests(RUN);
            assertThat(entries, hasSize(client.asked.size()));
            RequestEntry entry = entries.get(entries.size() - 1);
            assertThat(entry.outcome(), equalTo(RequestEntry.UNKNOWN));
            assertThat(entry.attempt(), equalTo(client.asked.size()));
            assertThat(entry.chunkId(), equalTo(ZL.getChunkId()));
            assertThat(entry.apiOrigin(), equalTo("emulator:fake:1"));
            assertThat(entry.method(), equalTo("timeseries.get_range"));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        };
    client.replies.add(
        q -> {
          throw FakeClient.refusal(503, "busy");
        });
    land(ZL);
    assertThat(client.asked, hasSize(2));
    RequestEntry failed = landing.requests().get(0);
    assertThat(failed.outcome(), equalTo(RequestEntry.FAILED));
    assertThat(failed.httpStatus(), equalTo(503));
    assertThat(failed.requestId(), equalTo("req-503"));
    assertThat(failed.bytesReceived(), equalTo(0L));
    RequestEntry ok = landing.requests().get(1);
    assertThat(ok.outcome(), equalTo(RequestEntry.OK));
    assertThat(ok.httpStatus(), equalTo(200));
    assertThat(ok.bytesReceived(), equalTo(landing.newest(ZL).orElseThrow().getBytes()));
    assertThat(ok.billableBytes(), equalTo(31L * 56));
    assertThat(ok.costEstimateUsd(), closeTo(0.031, 1e-12));
  }

  @Test
  void anAnswerWithoutRecordsLands() throws IOException {
    client.replies.add(q -> FakeClient.body(client.answer(q, 0, m -> m)));
    client.counts.add(q -> 0);
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getRecordCount(), equalTo(0L));
    assertThat(landed.getVerified(), equalTo(true));
  }

  @Test
  void aBodyCutAnywhereIsAskedAgain() throws IOException {
    byte[] whole = client.whole(query(ZL));
    for (int length = 0; length < whole.length; length += 7) {
      int cut = length;
      Chunk chunk = Chunks.of("continuous", Chunks.START, Chunks.END, "ZL.v.0");
      client.replies.add(
          cut % 2 == 0
              ? q -> FakeClient.body(Arrays.copyOf(whole, cut))
              : q -> FakeClient.broken(whole, cut));
      LandedChunk landed = lander.landAgain(chunk, "run-" + cut);
      assertThat("cut at " + cut, landed.getRecordCount(), equalTo(31L));
      assertThat(landed.getAttempts(), equalTo(2));
      assertThat(
          landing.requests("run-" + cut).get(0).outcome(), equalTo(RequestEntry.CUT));
    }
    assertThat(client.replies, empty());
    assertThat(files(".tmp"), empty());
  }

  private static HistoricalClient.Query query(Chunk chunk) {
    return new HistoricalClient.Query(
        chunk.getDataset(),
        chunk.getSchemaName(),
        chunk.getStypeIn(),
        chunk.getSymbols(),
        chunk.getStartNs(),
        chunk.getEndNs());
  }

  @Test
  void whatBrokeOffIsPaidFor() throws IOException {
    byte[] plain = client.whole(query(ZL));
    client.replies.add(q -> FakeClient.broken(plain, plain.length));
    LandedChunk landed = land(ZL);
    assertThat(landed.getAttempts(), equalTo(2));
    // The decoder holds back up to a kilobyte, which the estimate then leaves out.
    assertThat(landed.getCostEstimateUsd(), closeTo(0.053, 0.01));
    assertThat(outcomes(), contains(RequestEntry.CUT, RequestEntry.OK));
  }

  @Test
  void passingTroubleIsRetriedWithinThePolicy() throws IOException {
    for (int status : List.of(500, 429, 504)) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(status, "trouble");
          });
    }
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getAttempts(), equalTo(4));
    assertThat(time.sleeps(), hasSize(3));
  }

  @Test
  void troubleThatStaysIsAFailure() throws IOException {
    for (int i = 0; i < 4; i++) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(504, "gateway");
          });
    }
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getAttempts(), equalTo(4));
    assertThat(failed.getHttpStatus(), equalTo(504));
    assertThat(failed.getRequestId(), equalTo("req-504"));
    assertThat(
        failed.getError(),
        containsString("timeseries.get_range failed after 4 attempts: HTTP 504 gateway"));
    assertThat(failed.getCostEstimateUsd(), equalTo(0.0));
    assertThat(files(".failed.json"), hasSize(1));
    assertThat(landing.newest(ZL).orElseThrow(), equalTo(failed));

    assertThat(land(ZL).getState(), equalTo(LandedState.LANDED));
    assertThat(landing.newest(ZL).orElseThrow().getState(), equalTo(LandedState.LANDED));
  }

  @Test
  void aBrokenConnectionThatStaysIsAFailure() throws IOException {
    for (int i = 0; i < 4; i++) {
      client.replies.add(q -> FakeClient.broken(new byte[0], 0));
    }
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getHttpStatus(), equalTo(0));
    assertThat(failed.getError(), containsString("the connection was reset"));
  }

  @Test
  void aKeyThatIsRefusedStopsTheRun() throws IOException {
    for (int status : List.of(401, 402)) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(status, "auth");
          });
      DatabentoApiException e =
          assertThrows(DatabentoApiException.class, () -> land(ZL));
      assertThat(e.status(), equalTo(status));
    }
    assertThat(client.asked, hasSize(2));
    assertThat(landing.newest(ZL).isEmpty(), equalTo(true));
    assertThat(outcomes(), contains(RequestEntry.FAILED, RequestEntry.FAILED));
  }

  @Test
  void aCountThatIsRefusedForTheKeyStopsTheRunToo() {
    client.counts.add(
        q -> {
          throw FakeClient.refusal(401, "auth_authentication_failed");
        });
    DatabentoApiException e = assertThrows(DatabentoApiException.class, () -> land(ZL));
    assertThat(e.status(), equalTo(401));
  }

  @Test
  void missingRightsAreAnOutcome() throws IOException {
    for (DatabentoApiException refusal :
        List.of(
            FakeClient.refusal(403, "auth_no_dataset_entitlement"),
            FakeClient.refusal(403, "license_not_found_unauthorized"),
            FakeClient.refusal(422, "dataset_unavailable_range"))) {
      client.replies.add(
          q -> {
            throw refusal;
          });
      LandedChunk outcome = land(ZL);
      assertThat(outcome.getState(), equalTo(LandedState.NOT_ENTITLED));
      assertThat(outcome.getHttpStatus(), equalTo(refusal.status()));
      assertThat(outcome.getError(), containsString("the service's words"));
      assertThat(outcome.getAttempts(), equalTo(1));
    }
    assertThat(client.asked, hasSize(3));
  }

  @Test
  void aSymbolThatDoesNotResolveIsAnOutcome() throws IOException {
    refuseAsUnresolved();
    LandedChunk outcome = land(Chunks.continuous("XX.v.0"));
    assertThat(outcome.getState(), equalTo(LandedState.UNRESOLVED));
    assertThat(outcome.getHttpStatus(), equalTo(422));
    assertThat(client.resolved, empty());
    refuseAsUnresolved();
    assertThat(
        land(Chunks.of("parent", "XX.FUT")).getState(), equalTo(LandedState.UNRESOLVED));
  }

  private void refuseAsUnresolved() {
    client.replies.add(
        q -> {
          throw FakeClient.refusal(422, "symbology_invalid_request");
        });
  }

  @Test
  void severalSymbolsAreUnresolvedOnlyTogether() throws IOException {
    refuseAsUnresolved();
    assertThat(
        land(Chunks.continuous("XX.v.0", "YY.v.0")).getState(),
        equalTo(LandedState.UNRESOLVED));
    assertThat(client.resolved, contains(List.of("XX.v.0", "YY.v.0")));
    refuseAsUnresolved();
    assertThat(
        land(Chunks.continuous("XX.v.0", "ZL.v.0")).getState(), equalTo(LandedState.FAILED));
    refuseAsUnresolved();
    assertThat(
        land(Chunks.of("parent", "XX.FUT", "YY.FUT")).getState(), equalTo(LandedState.FAILED));
  }

  @Test
  void otherRefusalsAreFailuresAtOnce() throws IOException {
    client.replies.add(
        q -> {
          throw FakeClient.refusal(422, "data_end_after_available_end");
        });
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getAttempts(), equalTo(1));
    assertThat(time.sleeps(), empty());
  }

  @Test
  void theCountIsAskedWhileTheAnswerComes() throws IOException {
    CountDownLatch counted = new CountDownLatch(1);
    client.counts.add(
        q -> {
          counted.countDown();
          return 31;
        });
    client.replies.add(
        q -> {
          try {
            assertThat(counted.await(10, TimeUnit.SECONDS), equalTo(true));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return FakeClient.body(client.whole(q));
        });
    assertThat(land(ZL).getVerified(), equalTo(true));
  }

  @Test
  void aCountThatCorrectsItselfIsTaken() throws IOException {
    client.counts.add(q -> 33);
    LandedChunk landed = land(ZL);
    assertThat(landed.getVerified(), equalTo(true));
    assertThat(landed.getExpectedRecords(), equalTo(31L));
    assertThat(client.asked, hasSize(1));
    assertThat(client.countsAsked, equalTo(2));
  }

  @Test
  void aSecondAnswerThatAgreesIsTaken() throws IOException {
    client.replies.add(q -> FakeClient.body(client.answer(q, 30, m -> m)));
    LandedChunk landed = land(ZL);
    assertThat(landed.getVerified(), equalTo(true));
    assertThat(landed.getRecordCount(), equalTo(31L));
    assertThat(landed.getAttempts(), equalTo(2));
    assertThat(landed.getCostEstimateUsd(), closeTo(0.061, 1e-12));
    assertThat(outcomes(), contains(RequestEntry.MISCOUNTED, RequestEntry.OK));
    assertThat(files(".dbn.zst"), hasSize(1));
  }

  @Test
  void theSameRecordsTwiceLandUnverified() throws IOException {
    client.replies.add(q -> FakeClient.body(client.answer(q, 30, m -> m, 1)));
    client.replies.add(q -> FakeClient.body(client.answer(q, 30, m -> m, 19)));
    LandedChunk landed = land(ZL);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getVerified(), equalTo(false));
    assertThat(landed.getRecordCount(), equalTo(30L));
    assertThat(landed.getExpectedRecords(), equalTo(31L));
    assertThat(landed.getAttempts(), equalTo(2));
    assertThat(
        landed.getWarnings(),
        hasItem(
            "Not verified: the answer has 30 records, and the service counts 31; asked again, it"
                + " sent the same"));
    assertThat(outcomes(), contains(RequestEntry.MISCOUNTED, RequestEntry.MISCOUNTED));
  }

  @Test
  void differentWrongAnswersAreAFailureInTheEnd() throws IOException {
    for (int days : List.of(27, 28, 29, 30)) {
      client.replies.add(q -> FakeClient.body(client.answer(q, days, m -> m)));
    }
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getAttempts(), equalTo(4));
    assertThat(
        failed.getError(),
        containsString("the answer has 30 records, and the service counts 31"));
    assertThat(failed.getCostEstimateUsd(), closeTo(0.114, 1e-12));
    assertThat(files(".dbn.zst"), empty());
  }

  @Test
  void aRightAnswerAfterDifferentWrongOnesIsTaken() throws IOException {
    for (int days : List.of(28, 29)) {
      client.replies.add(q -> FakeClient.body(client.answer(q, days, m -> m)));
    }
    assertThat(land(ZL).getVerified(), equalTo(true));
    assertThat(client.asked, hasSize(3));
  }

  @Test
  void anAnswerThatCannotBeCountedLandsUnverified() throws IOException {
    FakeClient.CountReply failing =
        q -> {
          throw FakeClient.refusal(503, "busy");
        };
    client.counts.add(failing);
    client.counts.add(failing);
    LandedChunk landed = land(ZL);
    assertThat(landed.getVerified(), equalTo(false));
    assertThat(landed.getExpectedRecords(), equalTo(-1L));
    assertThat(landed.getWarnings(), hasSize(2));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void aCountOffTheEdgesIsNotPaidForTwice() throws IOException {
    Chunk chunk =
        Chunks.of("continuous", Chunks.START, Chunks.END - Times.SECOND_NS, "ZL.v.0");
    client.replies.add(q -> FakeClient.body(client.answer(q, 31, m -> m)));
    client.counts.add(q -> 32);
    client.counts.add(q -> 32);
    LandedChunk landed = land(chunk);
    assertThat(landed.getVerified(), equalTo(false));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void anAnswerToAnotherRequestIsRefusedAtOnce() throws IOException {
    List<UnaryOperator<DbnMetadata>> changes =
        List.of(
            m -> m.toBuilder().dataset("IFEU.IMPACT").build(),
            m -> m.toBuilder().schema(DbnSchema.OHLCV_1H).build(),
            m -> m.toBuilder().stypeIn(SType.PARENT).build(),
            m -> m.toBuilder().symbols(List.of("ZL.v.0", "CL.v.0")).build(),
            m -> m.toBuilder().startNs(Chunks.START + 1).build(),
            m -> m.toBuilder().endNs(Chunks.END + 1).build(),
            m -> m.toBuilder().limit(10).build());
    for (UnaryOperator<DbnMetadata> change : changes) {
      client.replies.add(q -> FakeClient.body(client.answer(q, 31, change)));
      LandedChunk failed = land(ZL);
      assertThat(failed.getState(), equalTo(LandedState.FAILED));
      assertThat(failed.getAttempts(), equalTo(1));
      assertThat(failed.getError(), containsString("is not the answer to it: asked for "));
    }
  }

  @Test
  void symbolsMayComeInAnotherOrder() throws IOException {
    client.replies.add(
        q ->
            FakeClient.body(
                client.answer(
                    q, 31, m -> m.toBuilder().symbols(List.of("CL.v.0", "ZL.v.0")).build())));
    assertThat(
        land(Chunks.continuous("ZL.v.0", "CL.v.0")).getState(), equalTo(LandedState.LANDED));
  }

  @Test
  void barsThatCannotBeAreNotTaken() throws IOException {
    record Bad(String why, FakeClient.Reply reply) {}
    for (Bad bad :
        List.of(
            new Bad("outside the range", q -> bars(q, Chunks.START, Chunks.END)),
            new Bad("outside the range", q -> bars(q, Chunks.START - 1)),
            new Bad(
                "before 2024-01-02T00:00:00Z",
                q -> bars(q, Chunks.START + Times.DAY_NS, Chunks.START)),
            new Bad("of type 34, not 35", this::hourlyBar),
            new Bad("the service reports an error in it: out of order", this::errorRecord))) {
      for (int i = 0; i < 4; i++) {
        client.replies.add(bad.reply());
      }
      LandedChunk failed = land(ZL);
      assertThat(failed.getState(), equalTo(LandedState.FAILED));
      assertThat(failed.getError(), containsString(bad.why()));
      assertThat(failed.getAttempts(), equalTo(4));
    }
  }

  private HistoricalClient.Answer bars(HistoricalClient.Query query, long... times)
      throws IOException {
    return written(
        query,
        writer -> {
          for (long time : times) {
            FakeClient.bar(writer, query, 100, time);
          }
        });
  }

  private HistoricalClient.Answer hourlyBar(HistoricalClient.Query query) throws IOException {
    return written(
        query,
        writer ->
            writer.ohlcv(
                RType.OHLCV_1H, 1, 100, Chunks.START, 1, 1, 1, 1, 1));
  }

  private HistoricalClient.Answer errorRecord(HistoricalClient.Query query) throws IOException {
    return written(
        query,
        writer ->
            writer.write(
                new ErrorRecord(
                    new RecordHeader(
                        RType.ERROR, 0, 0, Chunks.START),
                    "out of order",
                    1,
                    1)));
  }

  private interface Writing {
    void to(DbnWriter writer) throws IOException;
  }

  private HistoricalClient.Answer written(HistoricalClient.Query query, Writing writing)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DbnWriter writer =
        new DbnWriter(bytes, client.metadata(query))) {
      writing.to(writer);
    }
    return FakeClient.body(bytes.toByteArray());
  }

  @Test
  void contractsOfContinuousSymbolsLandToo() throws IOException {
    LandedChunk landed = land(Chunks.continuous("ZL.v.0", "CL.v.0"));
    assertThat(client.resolved, contains(List.of("100", "200")));
    Contracts contracts = LandingArea.contracts(landed).orElseThrow();
    int first = Times.epochDay(Chunks.START);
    assertThat(contracts.lookup(100, first), equalTo("CONTRACT100"));
    assertThat(contracts.lookup(200, first + 30), equalTo("CONTRACT200"));
    assertThat(contracts.lookup(100, first + 31), nullValue());
  }

  @Test
  void answersThatNameTheirContractsNeedNoMore() throws IOException {
    assertThat(land(Chunks.of("raw_symbol", "ESH4")).getContractsFile(), equalTo(""));
    client.instruments.put("ES.FUT", 300L);
    client.replies.add(
        q ->
            FakeClient.body(
                client.answer(
                    q,
                    31,
                    m ->
                        m.toBuilder()
                            .mappings(
                                List.of(
                                    new SymbolMapping(
                                        "ESH4", m.mappings().get(0).intervals())))
                            .build())));
    assertThat(land(Chunks.of("parent", "ES.FUT")).getContractsFile(), equalTo(""));
    assertThat(client.resolved, empty());
  }

  @Test
  void aParentWhoseMappingsNameNoContractIsAskedFor() throws IOException {
    client.instruments.put("ES.FUT", 300L);
    LandedChunk landed = land(Chunks.of("parent", "ES.FUT"));
    assertThat(
        LandingArea.contracts(landed).orElseThrow().lookup(300, Times.epochDay(Chunks.START)),
        equalTo("CONTRACT300"));
  }

  @Test
  void manyContractsAreAskedInSeveralRequests() throws IOException {
    List<SymbolMapping> mappings =
        IntStream.range(0, 2_345)
            .mapToObj(
                id ->
                    new SymbolMapping(
                        "ZL.v.0",
                        List.of(
                            new MappingInterval(
                                Times.date(Chunks.START),
                                Times.date(Chunks.END),
                                Integer.toString(id)))))
            .toList();
    client.replies.add(
        q -> FakeClient.body(client.answer(q, 31, m -> m.toBuilder().mappings(mappings).build())));
    LandedChunk landed = land(ZL);
    assertThat(client.resolved.stream().map(List::size).toList(), contains(2_000, 345));
    assertThat(
        LandingArea.contracts(landed).orElseThrow().lookup(2_344, Times.epochDay(Chunks.START)),
        equalTo("CONTRACT2344"));
  }

  @Test
  void anInterruptIsNoOutcome() {
    client.counts.add(
        q -> {
          Thread.yield();
          throw new InterruptedIOException("stopped");
        });
    assertThrows(InterruptedIOException.class, () -> land(ZL));
    assertThat(Thread.interrupted(), equalTo(false));
  }

  @Test
  void aDiskThatFailsIsNoOutcomeAndBuysNothing() throws IOException {
    Files.writeString(folder.resolve("databento"), "in the way");
    assertThrows(IOException.class, () -> lander.land(ZL, RUN));
    assertThat(client.asked, empty());
  }

  @Test
  void theListenerHearsOfEachAttempt() throws IOException {
    client.replies.add(
        q -> {
          throw FakeClient.refusal(500, "trouble");
        });
    List<RequestEntry> heard = new ArrayList<>();
    lander.withListener(heard::add).land(ZL, RUN);
    assertThat(heard, equalTo(landing.requests()));
  }
}
