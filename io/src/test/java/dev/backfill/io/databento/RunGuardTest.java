package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.landing.RequestEntry;
import dev.backfill.schemas.Chunk;
import dev.backfill.schemas.LandedChunk;
import dev.backfill.schemas.LandedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What a run may still ask, after what has happened to it. */
class RunGuardTest extends LanderFixture {
  private static final Chunk CL = Chunks.continuous("CL.v.0");
  // 31 bars at a tenth of a cent.
  private static final double EACH = 0.031;

  private ChunkLander within(double maxUsd, double planned) {
    return lander.withGuard(new RunGuard(new SpendLimit(maxUsd, planned, Long.MAX_VALUE, 0)));
  }

  private void breakOff(int times) {
    for (int i = 0; i < times; i++) {
      client.replies.add(q -> FakeClient.broken(client.whole(q), 600));
    }
  }

  private double spent() throws IOException {
    return landing.requests().stream().mapToDouble(RequestEntry::costEstimateUsd).sum();
  }

  @Test
  void aBrokenAnswerIsBookedInFullAndAskedAgainWithinTheCap() throws IOException {
    breakOff(2);
    LandedChunk landed = within(3 * EACH, EACH).land(ZL, RUN);
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(spent(), closeTo(3 * EACH, 1e-9));
    assertThat(
        landing.requests().stream().map(RequestEntry::billableBytes).toList(),
        equalTo(List.of(31L * 56, 31L * 56, 31L * 56)));
  }

  @Test
  void retriesStopBeforeTheyBringTheRunAboveItsCap() throws IOException {
    breakOff(4);
    LandedChunk failed = within(2 * EACH + 0.001, EACH).land(ZL, RUN);
    assertThat(failed.getState(), equalTo(LandedState.FAILED));
    assertThat(failed.getError(), containsString(" failed after 2 attempts: "));
    assertThat(failed.getError(), containsString("more than its cap of $0.06"));
    assertThat(client.asked, hasSize(2));
    assertThat(spent(), closeTo(2 * EACH, 1e-9));
  }

  @Test
  void whatAGivenUpChunkWouldCostIsLeftToTheOthers() throws IOException {
    breakOff(1);
    ChunkLander capped = within(2 * EACH, 2 * EACH);
    assertThat(capped.land(ZL, RUN).getState(), equalTo(LandedState.FAILED));
    assertThat(capped.land(CL, RUN).getState(), equalTo(LandedState.LANDED));
    assertThat(spent(), closeTo(2 * EACH, 1e-9));
  }

  @Test
  void bytesAreCappedLikewise() throws IOException {
    breakOff(2);
    ChunkLander capped =
        lander.withGuard(new RunGuard(new SpendLimit(Double.POSITIVE_INFINITY, 0, 2000, 31 * 56)));
    String error = capped.land(ZL, RUN).getError();
    assertThat(error, containsString(" failed after 1 attempt: "));
    assertThat(error, containsString("cap of 2,000 bytes"));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void refusalsCostNothingAndDoNotCount() throws IOException {
    for (int i = 0; i < 3; i++) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(503, "busy");
          });
    }
    assertThat(within(EACH, EACH).land(ZL, RUN).getState(), equalTo(LandedState.LANDED));
    assertThat(spent(), closeTo(EACH, 1e-9));
  }

  @Test
  void aRefusedDatasetIsNotAskedAgainAndAnotherIs() throws IOException {
    client.replies.add(
        q -> {
          throw FakeClient.refusal(403, "license_not_found_unauthorized");
        });
    assertThat(land(ZL).getState(), equalTo(LandedState.NOT_ENTITLED));
    LandedChunk unasked = land(CL);
    assertThat(unasked.getState(), equalTo(LandedState.NOT_ENTITLED));
    assertThat(unasked.getAttempts(), is(0));
    assertThat(unasked.getHttpStatus(), is(403));
    assertThat(unasked.getError(), containsString("CL.v.0, which was not asked because"));
    assertThat(client.asked, hasSize(1));
    assertThat(landing.requests(), hasSize(1));
  }

  @Test
  void allStepsOfARunHaveOneGuard() {
    RunGuard one = RunGuard.of("a", "run-1", SpendLimit.NONE);
    assertThat(RunGuard.of("a", "run-1", SpendLimit.NONE), sameInstance(one));
    assertThat(RunGuard.of("a", "run-2", SpendLimit.NONE) == one, is(false));
  }

  @Test
  void aLargeChunkIsAskedForLessOften() throws IOException {
    Chunk dear = Chunk.newBuilder(ZL).setUsdPerRecord(ChunkCost.LARGE_USD / 31).build();
    breakOff(4);
    assertThat(land(dear).getState(), equalTo(LandedState.FAILED));
    assertThat(client.asked, hasSize(ChunkCost.LARGE_ATTEMPTS));
  }

  @Test
  void beforeARequestIsSentTheJournalHasWhatItMayCost() throws IOException {
    client.beforeAnswer =
        () -> {
          try {
            RequestEntry entry = landing.requests().get(0);
            assertThat(entry.outcome(), equalTo(RequestEntry.UNKNOWN));
            assertThat(entry.billableBytes(), equalTo(31L * 56));
            assertThat(entry.costEstimateUsd(), closeTo(EACH, 1e-9));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        };
    assertThat(land(ZL).getState(), equalTo(LandedState.LANDED));
  }

  @Test
  void anAnswerThatAnEarlierRunWasSentTooIsNotBoughtAThirdTime() throws IOException {
    for (int i = 0; i < 10; i++) {
      client.counts.add(q -> FakeClient.barsOf(q) + 1);
    }
    client.replies.add(q -> FakeClient.body(client.whole(q)));
    for (int i = 0; i < 3; i++) {
      client.replies.add(
          q -> {
            throw FakeClient.refusal(503, "busy");
          });
    }
    assertThat(land(ZL).getState(), equalTo(LandedState.FAILED));
    client.asked.clear();
    LandedChunk landed =
        new ChunkLander(client, landing, journal, "emulator:fake:1", POLICY, time, time)
            .land(ZL, "run-2");
    assertThat(landed.getState(), equalTo(LandedState.LANDED));
    assertThat(landed.getVerified(), is(false));
    assertThat(landed.getWarnings().toString(), containsString("an earlier run"));
    assertThat(client.asked, hasSize(1));
  }

  @Test
  void aRunThatIsStoppedWaitsForWhatIsOnItsWay() throws Exception {
    RunGuard guard = new RunGuard(SpendLimit.NONE);
    guard.begin();
    guard.begin();
    guard.end();
    CompletableFuture<Void> stopped =
        CompletableFuture.runAsync(
            () -> {
              try {
                guard.awaitOthers(Duration.ofMinutes(1));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThrows(TimeoutException.class, () -> stopped.get(50, TimeUnit.MILLISECONDS));
    guard.end();
    stopped.get(30, TimeUnit.SECONDS);
    guard.begin();
    guard.awaitOthers(Duration.ofMillis(1));
  }

  @Test
  void aLandingThatCannotBeWrittenEndsWhatHasNotBegun() throws Exception {
    RunGuard guard = new RunGuard(SpendLimit.NONE);
    guard.begin();
    guard.check(CL, "get_range");
    guard.stop(new IOException("No space left on device"));
    IOException refused = assertThrows(IOException.class, () -> guard.check(CL, "get_range"));
    assertThat(refused.getMessage(), equalTo("No space left on device"));
  }
}
