package dev.backfill.io.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Runs one request under a {@link RetryPolicy}. This is the only place where requests are made
 * again: nothing below it retries. Safe for use by several threads; not serializable, made where it
 * runs.
 */
public final class Retrier {
  /** One try of a request. */
  @FunctionalInterface
  public interface Attempt<T> {
    /**
     * Tries once.
     *
     * @param number counted from 1
     */
    T run(int number) throws IOException;
  }

  /** Is told of each attempt that failed, before the wait that follows it. */
  @FunctionalInterface
  public interface FailureListener {
    /** Called in the thread of the request. */
    void failed(FailedAttempt failure);
  }

  /**
   * An attempt that failed.
   *
   * @param number of the attempt, counted from 1
   * @param untilNext the wait before the next attempt; null when there is none
   */
  public record FailedAttempt(
      String what, int number, IOException cause, @Nullable Duration untilNext) {}

  private static final Logger LOG = LoggerFactory.getLogger(Retrier.class);
  private static final int PATIENCE = 3;
  private static final FailureListener NOBODY = failure -> {};

  private final RetryPolicy policy;
  private final Sleeper sleeper;
  private final Clock clock;
  private final DoubleSupplier random;

  /** A retrier with random waits. */
  public Retrier(RetryPolicy policy, Sleeper sleeper, Clock clock) {
    this(policy, sleeper, clock, () -> ThreadLocalRandom.current().nextDouble());
  }

  /** A retrier whose jitter comes from {@code random}, numbers in [0, 1). */
  public Retrier(RetryPolicy policy, Sleeper sleeper, Clock clock, DoubleSupplier random) {
    this.policy = policy;
    this.sleeper = sleeper;
    this.clock = clock;
    this.random = random;
  }

  /** The same with at most so many attempts. */
  public Retrier atMost(int attempts) {
    return attempts >= policy.attempts()
        ? this
        : new Retrier(policy.withAttempts(attempts), sleeper, clock, random);
  }

  /** How many attempts there are at most. */
  public int attempts() {
    return policy.attempts();
  }

  /** Runs with nobody listening. */
  public <T> T run(String what, Attempt<T> attempt) throws IOException {
    return run(what, attempt, NOBODY);
  }

  /**
   * Runs until an attempt succeeds, fails for good, or attempts or time are used up.
   *
   * @param what for messages, such as {@code metadata.get_cost of GLBX.MDP3}
   * @throws IOException the last {@link ServiceRefusal}, which says how many attempts there were
   * @throws InterruptedIOException if interrupted while waiting; the thread's flag stays set
   * @throws IOException another last failure, as it came when it was final at the first attempt
   */
  public <T> T run(String what, Attempt<T> attempt, FailureListener listener) throws IOException {
    Instant start = clock.instant();
    for (int number = 1; ; number++) {
      try {
        return attempt.run(number);
      } catch (IOException failure) {
        Duration wait = nextWait(number, failure, start);
        listener.failed(new FailedAttempt(what, number, failure, wait));
        if (wait == null) {
          throw last(what, number, failure);
        }
        log(what, number, failure, wait);
        pause(what, wait, failure);
      }
    }
  }

  /** One failure is ordinary; from the third on, people should know what takes so long. */
  private void log(String what, int number, IOException failure, Duration wait) {
    String message = String.valueOf(failure.getMessage());
    LOG.atLevel(number < PATIENCE ? Level.DEBUG : Level.WARN)
        .log(
            "Attempt {} of {}, the next in {} s: {}",
            number,
            policy.attempts(),
            wait.toMillis() / 1e3,
            message.startsWith(what) ? message : what + ": " + message);
  }

  private @Nullable Duration nextWait(int number, IOException failure, Instant start) {
    if (number >= policy.attempts()
        || !RetryPolicy.isRetryable(failure)
        || Thread.currentThread().isInterrupted()) {
      return null;
    }
    Duration asked = failure instanceof ServiceRefusal refusal ? refusal.retryAfter() : null;
    Duration wait = policy.waitAfter(number, asked, random);
    Duration used = Duration.between(start, clock.instant());
    return used.plus(wait).compareTo(policy.budget()) > 0 ? null : wait;
  }

  private void pause(String what, Duration wait, IOException failure) throws IOException {
    try {
      sleeper.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException(what + " was interrupted between attempts");
      stopped.initCause(e);
      stopped.addSuppressed(failure);
      throw stopped;
    }
  }

  /** The failure in words, without what the sentence has named already. */
  private static String why(String what, IOException failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return message.startsWith(what + ": ") ? message.substring(what.length() + 2) : message;
  }

  private static IOException last(String what, int number, IOException failure) {
    if (number == 1) {
      return failure;
    }
    if (failure instanceof ServiceRefusal refusal) {
      return refusal.afterAttempts(number);
    }
    boolean isSent = !(failure instanceof ServiceConnectionException broken) || broken.isSent();
    int sent = isSent ? number : number - 1;
    String message =
        what
            + " failed after "
            + sent
            + (sent == 1 ? " attempt: " : " attempts: ")
            + why(what, failure);
    if (RetryPolicy.isRetryable(failure)) {
      return ServiceConnectionException.passing(message, failure);
    }
    return failure instanceof ServiceConnectionException
        ? ServiceConnectionException.lasting(message, failure)
        : new IOException(message, failure);
  }
}
