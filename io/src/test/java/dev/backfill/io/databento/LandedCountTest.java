package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An answer is counted against what the service says. */
class LandedCountTest extends LanderFixture {
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
        failed.getError(), containsString("the answer has 30 records, and the service counts 31"));
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
    assertThat(
        landed.getWarnings().get(1),
        containsString("Not verified: the records could not be counted: timeseries.get_range"));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void aCountOffTheEdgesIsNotPaidForTwice() throws IOException {
    Chunk chunk = Chunks.of("continuous", Chunks.START, Chunks.END - Times.SECOND_NS, "ZL.v.0");
    client.replies.add(q -> FakeClient.body(client.answer(q, 31, m -> m)));
    client.counts.add(q -> 32);
    client.counts.add(q -> 32);
    LandedChunk landed = land(chunk);
    assertThat(landed.getVerified(), equalTo(false));
    assertThat(client.asked, hasSize(1));
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
}
