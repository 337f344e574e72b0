package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.http.FakeTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SizeLimitTest {
  private static final Instant NOW = FakeTime.START;
  private final SizeLimit limit = new SizeLimit();

  /** Asks for what it names, of a service that bears so much, until it is settled. */
  private int settle(long bears) {
    int asked = 0;
    while (limit.target() > limit.works() || limit.works() == 0) {
      ask(limit.target(), bears);
      asked++;
    }
    return asked;
  }

  private void ask(long size, long bears) {
    if (size <= bears) {
      limit.worked(size);
    } else {
      limit.tooLarge(size, true, NOW);
    }
  }

  @Test
  void whereNothingWasTooLargeThereIsNoLimit() {
    limit.worked(10);
    assertThat(limit.target(), equalTo(SizeLimit.NONE));
  }

  @Test
  void theLimitIsFoundInAFewTrials() {
    for (long bears : new long[] {7, 100, 9_000, 31_415, 99_999}) {
      SizeLimitTest one = new SizeLimitTest();
      one.limit.tooLarge(100_000, false, NOW);
      assertThat(one.settle(bears), lessThanOrEqualTo(14));
      assertThat(
          (double) one.limit.works(), both(greaterThan(bears / 1.2)).and(lessThan(bears + 1.0)));
    }
  }

  @Test
  void itGrowsBackByTrialAndStopsWhereItDoesNotWork() {
    limit.tooLarge(1_000, false, NOW);
    settle(400);
    long settled = limit.works();
    for (int i = 0; i < 8; i++) {
      assertThat(limit.target(), equalTo(settled));
      limit.worked(settled);
    }
    assertThat(limit.target(), equalTo((long) Math.ceil(settled * 1.5)));
    ask(limit.target(), 400);
    assertThat(limit.target(), equalTo(settled));
    // A trial in vain makes the next one come later.
    for (int i = 0; i < 16; i++) {
      assertThat(limit.target(), equalTo(settled));
      limit.worked(settled);
    }
    while (limit.isLimited()) {
      ask(limit.target(), 5_000);
    }
    assertThat(limit.works(), greaterThan(999L));
    assertThat(limit.target(), equalTo(SizeLimit.NONE));
  }

  @Test
  void whatHasWorkedIsBelievedAgainstOneFailure() {
    limit.worked(1_000);
    limit.tooLarge(800, false, NOW);
    assertThat(limit.isLimited(), equalTo(false));
    limit.worked(900);
    limit.tooLarge(800, false, NOW);
    assertThat(limit.isLimited(), equalTo(false));
    limit.tooLarge(800, false, NOW);
    assertThat(limit.target(), lessThan(800L));
  }

  @Test
  void asMuchAsFailedComingEndsTheLimit() {
    limit.tooLarge(1_000, false, NOW);
    limit.worked(500);
    limit.worked(1_000);
    assertThat(limit.isLimited(), equalTo(false));
  }

  @Test
  void itIsForgottenAfterSevenDays() {
    limit.tooLarge(1_000, false, NOW);
    limit.worked(400);
    limit.forgetOld(NOW.plus(Duration.ofDays(7)));
    assertThat(limit.isLimited(), equalTo(true));
    limit.forgetOld(NOW.plus(Duration.ofDays(7)).plusSeconds(1));
    assertThat(limit.isLimited(), equalTo(false));
  }

  @Test
  void itIsReadAsItWasWritten() throws IOException {
    limit.tooLarge(1_000, false, NOW);
    settle(400);
    SizeLimit read = SizeLimit.read(limit.json());
    assertThat(read.works(), equalTo(limit.works()));
    assertThat(read.target(), equalTo(limit.target()));
    read.forgetOld(NOW.plus(Duration.ofDays(8)));
    assertThat(read.isLimited(), equalTo(false));
    assertThat(SizeLimit.read(new SizeLimit().json()).isLimited(), equalTo(false));
    byte[] damaged = "{\"largest_failed\": 5}".getBytes(StandardCharsets.UTF_8);
    assertThrows(IOException.class, () -> SizeLimit.read(damaged));
  }
}
