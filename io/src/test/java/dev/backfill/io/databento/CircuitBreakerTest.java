package dev.backfill.io.databento;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.databento.CircuitBreaker.Health;
import dev.backfill.io.http.FakeTime;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final FakeTime time = new FakeTime();
  private final CircuitBreaker breaker = new CircuitBreaker("the service");
  private final AtomicInteger probes = new AtomicInteger();

  private Health check(CircuitBreaker.Probe probe) throws IOException {
    return breaker.check(
        () -> {
          probes.incrementAndGet();
          return probe.isAnswered();
        },
        time,
        time);
  }

  /** A service that answers again so long after the beginning. */
  private CircuitBreaker.Probe backAfter(Duration outage) {
    return () -> !time.instant().isBefore(FakeTime.START.plus(outage));
  }

  @Test
  void aServiceThatAnswersIsUpWithoutAPause() throws IOException {
    assertThat(check(() -> true), equalTo(Health.UP));
    assertThat(probes.get(), equalTo(1));
    assertThat(time.sleeps(), empty());
  }

  @Test
  void pausesGrowUntilItAnswersAgain() throws IOException {
    assertThat(check(backAfter(Duration.ofSeconds(30))), equalTo(Health.RECOVERED));
    assertThat(time.sleeps().stream().map(Duration::toSeconds).toList(), contains(2L, 4L, 8L, 16L));
    assertThat(breaker.await(time), equalTo(true));
  }

  @Test
  void tenMinutesTakeTenProbes() throws IOException {
    check(backAfter(Duration.ofMinutes(10)));
    assertThat(probes.get(), equalTo(10));
  }

  @Test
  void afterAnHourItIsGivenUpAndProbedNowAndThen() throws IOException {
    assertThat(check(() -> false), equalTo(Health.DOWN));
    Duration waited = Duration.between(FakeTime.START, time.instant());
    assertThat(waited.compareTo(CircuitBreaker.PATIENCE), lessThanOrEqualTo(0));
    assertThat(breaker.await(time), equalTo(false));
    time.pass(CircuitBreaker.LONGEST_PAUSE);
    assertThat("another request may try", breaker.await(time), equalTo(true));
    probes.set(0);
    assertThat(check(() -> false), equalTo(Health.DOWN));
    assertThat(probes.get(), equalTo(1));
    assertThat(breaker.await(time), equalTo(false));
    breaker.answered();
    assertThat(breaker.await(time), equalTo(true));
  }

  @Test
  void severalThreadsShareOneProbe() throws Exception {
    CountDownLatch probing = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<Health>> all = new ArrayList<>();
      CircuitBreaker.Probe slow =
          () -> {
            probing.countDown();
            try {
              answer.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException();
            }
            return true;
          };
      all.add(pool.submit(() -> check(slow)));
      probing.await();
      CountDownLatch waiting = new CountDownLatch(3);
      for (int i = 0; i < 3; i++) {
        all.add(
            pool.submit(
                () -> {
                  waiting.countDown();
                  return breaker.await(time) ? Health.UP : Health.DOWN;
                }));
      }
      waiting.await();
      answer.countDown();
      for (Future<Health> one : all) {
        assertThat(one.get(), equalTo(Health.UP));
      }
      assertThat(probes.get(), equalTo(1));
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aProbeThatIsInterruptedLetsTheNextOneAsk() throws IOException {
    assertThrows(
        InterruptedIOException.class,
        () ->
            breaker.check(
                () -> false,
                wait -> {
                  throw new InterruptedException();
                },
                time));
    assertThat(Thread.interrupted(), equalTo(true));
    assertThat(check(() -> true), equalTo(Health.UP));
  }

  @Test
  void aPauseIsShownWhileItLasts() throws IOException {
    CircuitBreaker shared = CircuitBreaker.of("http://paused.invalid");
    List<String> shown = new ArrayList<>();
    shared.check(
        backAfter(Duration.ofSeconds(1)),
        wait -> {
          CircuitBreaker.pause("http://paused.invalid").ifPresent(p -> shown.add(p.text()));
          time.sleep(wait);
        },
        time);
    assertThat(shown, hasSize(1));
    assertThat(
        shown.get(0),
        containsString(
            "paused since 2025-12-16T00:00:00Z until 2025-12-16T00:00:02Z: the service"));
    assertThat(CircuitBreaker.pause("http://paused.invalid").isPresent(), equalTo(false));
  }

  @Test
  void anAnswerSinceTheLastFailureTellsThatItIsAlive() {
    assertThat(breaker.failed(), equalTo(false));
    breaker.answered();
    assertThat(breaker.failed(), equalTo(true));
    assertThat(breaker.failed(), equalTo(false));
  }

  /** A probe whose own request is answered never, and its other one if so. */
  private static CircuitBreaker.Probe others(boolean areAnswered) {
    return new CircuitBreaker.Probe() {
      @Override
      public boolean isAnswered() {
        return false;
      }

      @Override
      public boolean hasOther() {
        return true;
      }

      @Override
      public boolean isOtherAnswered() {
        return areAnswered;
      }
    };
  }

  @Test
  void aServiceThatAnswersSomethingElseIsUpWithoutAPause() throws IOException {
    assertThat(breaker.check(others(true), time, time), equalTo(Health.UP_FOR_OTHERS));
    assertThat(time.sleeps(), empty());
    assertThat(breaker.await(time), equalTo(true));
    assertThat(breaker.check(others(false), time, time), equalTo(Health.DOWN));
  }

  @Test
  void whatIsAnsweredToAnotherMeanwhileEndsAPause() throws IOException {
    Health health =
        breaker.check(
            others(false),
            wait -> {
              time.sleep(wait);
              breaker.answered();
            },
            time);
    assertThat(health, equalTo(Health.RECOVERED));
    assertThat(time.sleeps(), hasSize(1));
  }

  @Test
  void anAnswerCountsOnlyForWhatWasSentBefore() {
    long sent = breaker.moment();
    assertThat(breaker.hasAnsweredSince(sent), equalTo(false));
    breaker.answered();
    assertThat(breaker.hasAnsweredSince(sent), equalTo(true));
    assertThat(breaker.hasAnsweredSince(breaker.moment()), equalTo(false));
  }
}
