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
  private final OriginLimits limits = new OriginLimits();

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
    OriginLimits one = OriginLimits.of("http://limits.test");
    assertThat(OriginLimits.of("http://limits.test"), sameInstance(one));
    assertThat(OriginLimits.of("http://other.test"), not(sameInstance(one)));
  }
}
