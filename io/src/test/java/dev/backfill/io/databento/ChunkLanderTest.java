package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkLanderTest extends LanderFixture {
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
        landing.list("databento", "GLBX.MDP3", "ohlcv-1d", "continuous"), contains(first, second));
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
            throw FakeClient.refusal(500, "trouble");
          });
    }
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getAttempts(), equalTo(4));
    assertThat(failed.getHttpStatus(), equalTo(500));
    assertThat(failed.getRequestId(), equalTo("req-500"));
    assertThat(
        failed.getError(),
        containsString("timeseries.get_range failed after 4 attempts: HTTP 500 trouble"));
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
  void theCallIsNamedOnce() throws IOException {
    String call = "timeseries.get_range of GLBX.MDP3 ohlcv-1d ZL.v.0";
    for (int i = 0; i < 4; i++) {
      client.replies.add(
          q -> {
            throw ServiceConnectionException.passing(call + ": it was reset", null);
          });
    }
    assertThat(land(ZL).getError(), equalTo(call + " failed after 4 attempts: it was reset"));
  }

  @Test
  void aKeyThatIsRefusedStopsTheRun() throws IOException {
    for (int status : List.of(401, 402)) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(status, "auth");
          });
      ChunkLander another = lander.withGuard(new RunGuard(SpendLimit.NONE));
      for (int chunk = 0; chunk < 3; chunk++) {
        DatabentoApiException e =
            assertThrows(DatabentoApiException.class, () -> another.land(ZL, RUN));
        assertThat(e.status(), equalTo(status));
      }
    }
    assertThat("nothing is asked after a key was refused", client.asked, hasSize(2));
    assertThat(landing.newest(ZL).isEmpty(), equalTo(true));
    assertThat(outcomes(), contains(RequestEntry.FAILED, RequestEntry.FAILED));
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
      LandedChunk outcome = lander.withGuard(new RunGuard(SpendLimit.NONE)).land(ZL, RUN);
      assertThat(outcome.getState(), equalTo(LandedState.NOT_ENTITLED));
      assertThat(outcome.getHttpStatus(), equalTo(refusal.status()));
      assertThat(outcome.getError(), containsString("the service's words"));
      assertThat(outcome.getAttempts(), equalTo(1));
    }
    assertThat(client.asked, hasSize(3));
  }

  @Test
  void theForbiddenPageOfAGatewayIsAFailure() throws IOException {
    client.replies.add(
        q -> {
          throw DatabentoApiException.of(
              "timeseries.get_range", 403, "", null, "<html><body>Request blocked</body></html>");
        });
    LandedChunk failed = land(ZL);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getHttpStatus(), equalTo(403));
    assertThat(failed.getError(), containsString("Request blocked"));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void aSymbolThatDoesNotResolveIsAnOutcome() throws IOException {
    refuseAsUnresolved();
    LandedChunk outcome = land(Chunks.continuous("XX.v.0"));
    assertThat(outcome.getState(), equalTo(LandedState.UNRESOLVED));
    assertThat(outcome.getHttpStatus(), equalTo(422));
    assertThat(client.resolved, empty());
    refuseAsUnresolved();
    assertThat(land(Chunks.of("parent", "XX.FUT")).getState(), equalTo(LandedState.UNRESOLVED));
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
        land(Chunks.continuous("XX.v.0", "YY.v.0")).getState(), equalTo(LandedState.UNRESOLVED));
    assertThat(client.resolved, contains(List.of("XX.v.0", "YY.v.0")));
    refuseAsUnresolved();
    assertThat(land(Chunks.continuous("XX.v.0", "ZL.v.0")).getState(), equalTo(LandedState.FAILED));
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
