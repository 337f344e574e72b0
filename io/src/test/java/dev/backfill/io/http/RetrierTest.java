package dev.backfill.io.http;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.sameInstance;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backfill.io.databento.DatabentoApiException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.beam.sdk.util.SerializableUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetrierTest {
  private static final double ALMOST_ONE = Math.nextDown(1.0);
  private final FakeTime time = new FakeTime();
  private int runs;

  @Test
  void firstSuccessNeedsNoSleep() throws IOException {
    assertThat(retrier(RetryPolicy.forData(), 0.5).run("call", n -> "answer " + n), is("answer 1"));
    assertThat(time.sleeps(), empty());
  }

  @Test
  void metadataIsTriedEightTimesAndDataFiveTimes() {
    failAlways(RetryPolicy.forMetadata(), status(503));
    assertThat(runs, is(8));
    assertThat(time.sleeps(), hasSize(7));
    runs = 0;
    failAlways(RetryPolicy.forData(), status(504));
    assertThat(runs, is(5));
    assertThat(time.sleeps(), hasSize(7 + 4));
  }

  @Test
  void waitsDoubleUpToTheCap() {
    RetryPolicy policy =
        new RetryPolicy(7, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofHours(1));
    Retrier retrier = new Retrier(policy, time, time, () -> 0.5);
    assertThrows(DatabentoApiException.class, () -> retrier.run("call", n -> fail(status(500))));
    assertThat(
        time.sleeps().stream().map(Duration::toMillis).toList(),
        contains(500L, 1000L, 2000L, 4000L, 5000L, 5000L));
  }

  @Test
  void jitterReachesFromZeroToTheWholeWait() {
    RetryPolicy policy = RetryPolicy.forData();
    assertThat(policy.waitAfter(1, null, () -> 0.0), is(Duration.ZERO));
    assertThat(policy.waitAfter(3, null, () -> ALMOST_ONE).toMillis(), is(3999L));
    SplittableRandom random = new SplittableRandom(7);
    List<Duration> waits =
        Stream.generate(() -> policy.waitAfter(1_000, null, random::nextDouble)).limit(50).toList();
    assertThat(waits, everyItem(lessThanOrEqualTo(policy.maxWait())));
    assertThat(waits.stream().distinct().toList(), hasSize(50));
  }

  @Test
  void retryAfterIsTheLeastWait() throws IOException {
    Duration asked = Duration.ofSeconds(90);
    String answer =
        retrier(RetryPolicy.forMetadata(), 0.1)
            .run("call", n -> n == 1 ? fail(status(429, asked)) : "answer");
    assertThat(answer, is("answer"));
    assertThat(time.sleeps(), contains(asked));
  }

  @Test
  void retryAfterShorterThanOurWaitDoesNotShortenIt() throws IOException {
    Duration asked = Duration.ofMillis(1);
    retrier(RetryPolicy.forData(), 0.5)
        .run("call", n -> n == 1 ? fail(status(429, asked)) : "answer");
    assertThat(time.sleeps(), contains(Duration.ofMillis(500)));
  }

  @Test
  void waitBeyondTheBudgetIsNotBegun() {
    Duration asked = Duration.ofDays(1);
    DatabentoApiException failure = failAlways(RetryPolicy.forMetadata(), status(429, asked));
    assertThat(runs, is(1));
    assertThat(time.sleeps(), empty());
    assertThat(failure.attempts(), is(1));
  }

  @Test
  void timeSpentInAttemptsCountsAgainstTheBudget() {
    Retrier retrier = retrier(RetryPolicy.forMetadata(), 0.5);
    assertThrows(
        DatabentoApiException.class,
        () ->
            retrier.run(
                "call",
                n -> {
                  time.pass(Duration.ofMinutes(4));
                  return fail(status(504));
                }));
    assertThat(runs, is(3));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void passingStatusesAreRetried(int status) {
    assertThat(RetryPolicy.isRetryable(status(status)), is(true));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 402, 403, 404, 409, 410, 416, 422, 501})
  void otherStatusesAreNot(int status) {
    failAlways(RetryPolicy.forMetadata(), status(status));
    assertThat(runs, is(1));
  }

  @Test
  void brokenConnectionsAreRetriedAndOwnFailuresAreNot() {
    Stream.of(
            new ConnectException("refused"),
            new SocketTimeoutException("stalled"),
            new UnknownHostException("nowhere.invalid"),
            new EOFException("cut"),
            new SSLHandshakeException("Remote host terminated the handshake"),
            ServiceConnectionException.passing("cut", null))
        .forEach(e -> assertThat(e.toString(), RetryPolicy.isRetryable(e), is(true)));
    SSLException untrusted = new SSLHandshakeException("PKIX path building failed");
    untrusted.initCause(new CertificateException("unknown"));
    Stream.of(
            untrusted,
            new FileSystemException("landing", null, "No space left on device"),
            new InterruptedIOException("stopped"),
            ServiceConnectionException.lasting("untrusted", null))
        .forEach(e -> assertThat(e.toString(), RetryPolicy.isRetryable(e), is(false)));
  }

  @Test
  void lastRefusalSaysHowManyAttempts() {
    DatabentoApiException last = failAlways(RetryPolicy.forData(), status(504));
    assertThat(last.attempts(), is(5));
    assertThat(last.status(), is(504));
    assertThat(
        last.getMessage(),
        equalTo(
            "call failed after 5 attempts: HTTP 504: the service took too long to answer and its"
                + " gateway gave up (gateway timed out). Try again later, or ask for less at once."
                + " (request id r1)"));
  }

  @Test
  void unknownHostKeepsItsSentenceAfterItsAttempts() {
    UnknownHostException cause = new UnknownHostException("nowhere.invalid");
    IOException first = ServiceConnectionException.passing("http://nowhere.invalid unknown", cause);
    Retrier retrier = retrier(RetryPolicy.forData(), 0.5);
    ServiceConnectionException last =
        assertThrows(ServiceConnectionException.class, () -> retrier.run("call", n -> fail(first)));
    assertThat(
        last.getMessage(), is("call failed after 5 attempts: http://nowhere.invalid unknown"));
    assertThat(last.getCause(), sameInstance(first));
    assertThat(last.isRetryable(), is(true));
  }

  @Test
  void listenerHearsOfEachFailure() throws IOException {
    List<Retrier.FailedAttempt> heard = new ArrayList<>();
    retrier(RetryPolicy.forData(), 0.5)
        .run("call", n -> n < 3 ? fail(status(500)) : "answer", heard::add);
    assertThat(heard.stream().map(Retrier.FailedAttempt::number).toList(), contains(1, 2));
    assertThat(
        heard.stream().map(Retrier.FailedAttempt::untilNext).toList(), equalTo(time.sleeps()));
    heard.clear();
    assertThrows(
        DatabentoApiException.class,
        () -> retrier(RetryPolicy.forData(), 0.5).run("call", n -> fail(status(400)), heard::add));
    assertThat(heard, hasSize(1));
    assertThat(heard.get(0).untilNext(), nullValue());
  }

  @Test
  void interruptStopsTheWaitAndKeepsTheFlag() {
    Sleeper interrupted =
        wait -> {
          throw new InterruptedException();
        };
    Retrier retrier = new Retrier(RetryPolicy.forData(), interrupted, time, () -> 0.5);
    assertThrows(InterruptedIOException.class, () -> retrier.run("call", n -> fail(status(503))));
    assertThat(runs, is(1));
    assertThat(Thread.interrupted(), is(true));
  }

  @Test
  void interruptedThreadIsNotKeptTrying() {
    Retrier retrier = retrier(RetryPolicy.forData(), 0.5);
    assertThrows(
        DatabentoApiException.class,
        () ->
            retrier.run(
                "call",
                n -> {
                  Thread.currentThread().interrupt();
                  return fail(status(503));
                }));
    assertThat(runs, is(1));
    assertThat(Thread.interrupted(), is(true));
  }

  @Test
  void policyTravels() {
    RetryPolicy policy = RetryPolicy.forData().withAttempts(3);
    assertThat(SerializableUtils.clone(policy), is(policy));
  }

  private Retrier retrier(RetryPolicy policy, double random) {
    return new Retrier(policy, time, time, () -> random);
  }

  private DatabentoApiException failAlways(RetryPolicy policy, IOException failure) {
    Retrier retrier = retrier(policy, 0.5);
    return assertThrows(DatabentoApiException.class, () -> retrier.run("call", n -> fail(failure)));
  }

  private <T> T fail(IOException failure) throws IOException {
    runs++;
    throw failure;
  }

  private static DatabentoApiException status(int status) {
    return status(status, null);
  }

  private static DatabentoApiException status(int status, @Nullable Duration retryAfter) {
    return DatabentoApiException.of("call", status, "r1", retryAfter, "{\"detail\":\"no\"}");
  }
}
