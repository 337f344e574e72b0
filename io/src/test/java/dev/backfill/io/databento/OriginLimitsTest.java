package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.databento.OriginLimits.Family;
import dev.backfill.io.http.FakeTime;
import dev.backfill.io.http.Sleeper;
import dev.backfill.io.http.SlidingWindow;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginLimitsTest {
  private final FakeTime time = new FakeTime();
  private final OriginLimits limits = new OriginLimits(1);

  @ParameterizedTest
  @CsvSource({"METADATA, 20", "SYMBOLOGY, 100", "TIMESERIES, 100"})
  void noSecondSeesMoreStartsThanAllowed(Family family, int perSecond) throws Exception {
    List<Instant> starts = new ArrayList<>();
    for (int i = 0; i < 5 * perSecond; i++) {
      limits.acquire(family, time, time);
      limits.release();
      starts.add(time.instant());
    }
    for (Instant from : starts) {
      Instant to = from.plusSeconds(1);
      long within = starts.stream().filter(s -> !s.isBefore(from) && s.isBefore(to)).count();
      assertThat((int) within, lessThanOrEqualTo(perSecond));
    }
    // A burst is free, the rest is spread: four windows of waiting for five bursts.
    Duration all = Duration.between(FakeTime.START, time.instant());
    assertThat(all, is(Duration.ofMillis(4 * 1_050)));
  }

  @Test
  void familiesAreCountedApart() throws Exception {
    for (int i = 0; i < 20; i++) {
      limits.acquire(Family.METADATA, time, time);
      limits.release();
    }
    limits.acquire(Family.SYMBOLOGY, time, time);
    assertThat(time.sleeps(), empty());
  }

  @Test
  void pauseHoldsForAllFamilies() throws Exception {
    limits.pause(Duration.ofSeconds(5), time);
    limits.pause(Duration.ofSeconds(2), time);
    limits.acquire(Family.SYMBOLOGY, time, time);
    limits.acquire(Family.TIMESERIES, time, time);
    assertThat(time.sleeps(), contains(Duration.ofSeconds(5)));
  }

  @Test
  void pauseThatBeginsDuringTheWaitHoldsToo() throws Exception {
    for (int i = 0; i < 20; i++) {
      limits.acquire(Family.METADATA, time, time);
    }
    Sleeper pausing =
        wait -> {
          if (time.sleeps().isEmpty()) {
            limits.pause(Duration.ofSeconds(30), time);
          }
          time.sleep(wait);
        };
    limits.acquire(Family.METADATA, pausing, time);
    assertThat(Duration.between(FakeTime.START, time.instant()), is(Duration.ofSeconds(30)));
  }

  @Test
  void absurdPauseIsBoundedForTheOthers() throws Exception {
    limits.pause(Duration.ofDays(1), time);
    limits.acquire(Family.METADATA, time, time);
    assertThat(time.sleeps(), contains(Duration.ofMinutes(1)));
  }

  @Test
  void interruptGivesTheConnectionBack() {
    limits.pause(Duration.ofSeconds(5), time);
    Sleeper interrupted =
        wait -> {
          throw new InterruptedException();
        };
    for (int i = 0; i < OriginLimits.CONNECTIONS + 1; i++) {
      assertThrows(
          InterruptedIOException.class, () -> limits.acquire(Family.METADATA, interrupted, time));
      assertThat(Thread.interrupted(), is(true));
    }
  }

  @Test
  void clientsOfOneOriginShareTheirLimits() {
    OriginLimits one = OriginLimits.of("http://limits.test", 1);
    assertThat(OriginLimits.of("http://limits.test", 1), sameInstance(one));
    assertThat(OriginLimits.of("http://other.test", 1), not(sameInstance(one)));
  }

  @Test
  void theSmallestShareOfAnyClientHolds() throws Exception {
    OriginLimits whole = OriginLimits.of("http://share.test", 1);
    OriginLimits half = OriginLimits.of("http://share.test", 0.5);
    assertThat(half, not(sameInstance(whole)));
    assertThat(OriginLimits.of("http://share.test", 1), sameInstance(half));
    for (int i = 0; i < 10; i++) {
      half.acquire(Family.METADATA, time, time);
    }
    assertThat(time.sleeps(), empty());
    half.acquire(Family.METADATA, time, time);
    assertThat(time.sleeps(), contains(Duration.ofMillis(1_050)));
  }

  @Test
  void whoWaitsForATurnHoldsNoConnection() throws Exception {
    OriginLimits two = new OriginLimits(2.0 / OriginLimits.CONNECTIONS);
    two.acquire(Family.METADATA, time, time);
    two.release();
    List<Integer> free = new ArrayList<>();
    // The second turn of the second is a wait, in which both connections can be taken.
    Sleeper watching =
        wait -> {
          try {
            two.acquire(Family.TIMESERIES, time, time);
            two.acquire(Family.SYMBOLOGY, time, time);
          } catch (InterruptedIOException e) {
            throw new IllegalStateException(e);
          }
          free.add(2);
          two.release();
          two.release();
          time.sleep(wait);
        };
    two.acquire(Family.METADATA, watching, time);
    assertThat(free, contains(2));
  }

  @Test
  void aTurnThatFoundNoConnectionIsTakenAnew() throws Exception {
    SlidingWindow window = new SlidingWindow(1, Duration.ofSeconds(1));
    assertThat(window.reserve(0), is(0L));
    assertThat(window.reserveNow(500_000_000), is(false));
    assertThat(window.reserveNow(1_000_000_000), is(true));
    assertThat(window.reserve(1_000_000_000), is(1_000_000_000L));
  }
}
