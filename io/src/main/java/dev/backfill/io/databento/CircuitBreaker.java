package dev.backfill.io.databento;

import dev.backfill.io.http.Sleeper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps a process from asking a service that is down: one instance for each origin. Closed, it lets
 * requests through. A request that looks as if the service were down is followed by one tiny
 * request, whoever else waits for its outcome; where that fails, and another for something else
 * fails too, the breaker is open, nothing is asked, and after pauses that grow a tiny request is
 * made again, half-open, until one is answered. Safe for use by several threads.
 */
public final class CircuitBreaker {
  private static final Logger LOG = LoggerFactory.getLogger(CircuitBreaker.class);

  static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** A service that is down for longer is given up. */
  static final Duration PATIENCE = Duration.ofHours(1);

  private static final Map<String, CircuitBreaker> BY_ORIGIN = new ConcurrentHashMap<>();

  /** The tiny requests. */
  @FunctionalInterface
  interface Probe {
    /** Whether the service answers the least of what was not answered. */
    boolean isAnswered() throws IOException;

    /** Is told that a pause is over; what is asked next follows it. */
    default void paused() {}

    /** Whether there is something else to ask. */
    default boolean hasOther() {
      return false;
    }

    /** Whether it answers the least of something else; false where there is nothing else. */
    default boolean isOtherAnswered() throws IOException {
      return false;
    }
  }

  /** What is known of the service. */
  enum Health {
    /** It answers small requests: what failed was too much. */
    UP,
    /** It answers, but not the smallest request of this kind: what failed will go on failing. */
    UP_FOR_OTHERS,
    /** It did not, and does again: what failed may be asked again. */
    RECOVERED,
    /** It does not, and was waited for long enough. */
    DOWN
  }

  private final String origin;
  private boolean isProbing;
  private Health health = Health.UP;
  private @Nullable Pause pause;
  private @Nullable Instant downAt;
  private long events;
  private long lastAnswer;
  private long lastFailure;

  CircuitBreaker(String origin) {
    this.origin = origin;
  }

  /** The breaker that all requests to this origin share. */
  static CircuitBreaker of(String origin) {
    return BY_ORIGIN.computeIfAbsent(origin, CircuitBreaker::new);
  }

  /**
   * A time in which nothing is asked.
   *
   * @param since when the first of several pauses began that follow each other
   * @param until when it is tried again
   * @param why for people
   */
  public record Pause(Instant since, Instant until, String why) {
    /** For people; times in UTC. */
    public String text() {
      return "paused since "
          + since.truncatedTo(ChronoUnit.SECONDS)
          + " until "
          + until.truncatedTo(ChronoUnit.SECONDS)
          + ": "
          + why;
    }
  }

  /**
   * The pause that there is now.
   *
   * @return empty while requests go through
   */
  public static Optional<Pause> pause(String origin) {
    CircuitBreaker breaker = BY_ORIGIN.get(origin);
    return breaker == null ? Optional.empty() : breaker.pause();
  }

  private synchronized Optional<Pause> pause() {
    return Optional.ofNullable(pause);
  }

  /**
   * Waits while the service is being probed or waited for.
   *
   * @return false if it was given up so short a time ago that asking is not worth a request
   */
  synchronized boolean await(Clock clock) throws InterruptedIOException {
    waitForProbe();
    if (downAt == null) {
      return true;
    }
    Duration ago = Duration.between(downAt, clock.instant());
    return ago.isNegative() || ago.compareTo(LONGEST_PAUSE) >= 0;
  }

  /** A moment, for {@link #hasAnsweredSince}. */
  synchronized long moment() {
    return events;
  }

  /** Whether anything was answered after a moment: then the service is up. */
  synchronized boolean hasAnsweredSince(long moment) {
    return lastAnswer > moment;
  }

  /** Something was answered. */
  synchronized void answered() {
    lastAnswer = ++events;
    downAt = null;
  }

  /** Something was not answered; whether anything was since the last such failure. */
  synchronized boolean failed() {
    boolean isAlive = lastAnswer > lastFailure;
    lastFailure = ++events;
    return isAlive;
  }

  /**
   * Finds out whether the service answers at all, and waits until it does, or longer than is
   * sensible. Of several threads, one asks, unless what it finds is about its own request alone.
   */
  Health check(Probe probe, Sleeper sleeper, Clock clock) throws IOException {
    synchronized (this) {
      while (isProbing) {
        waitForProbe();
        if (health != Health.UP_FOR_OTHERS) {
          return health;
        }
      }
      isProbing = true;
    }
    Health found = Health.DOWN;
    try {
      found = probeUntilAnswered(probe, sleeper, clock);
      return found;
    } finally {
      ended(found, clock.instant());
    }
  }

  private synchronized void ended(Health found, Instant now) {
    health = found;
    pause = null;
    downAt = found == Health.DOWN ? now : null;
    if (found != Health.DOWN) {
      lastAnswer = ++events;
    }
    isProbing = false;
    notifyAll();
  }

  private Health probeUntilAnswered(Probe probe, Sleeper sleeper, Clock clock) throws IOException {
    long moment = moment();
    if (probe.isAnswered()) {
      return Health.UP;
    }
    if (hasAnsweredSince(moment) || probe.isOtherAnswered()) {
      return Health.UP_FOR_OTHERS;
    }
    Instant began = clock.instant();
    Duration pause = FIRST_PAUSE;
    for (int pauses = 0; ; pauses++) {
      if (isGivenUp() || since(began, clock).plus(pause).compareTo(PATIENCE) > 0) {
        LOG.warn("{} has not answered for {}, and is given up", origin, text(since(began, clock)));
        return Health.DOWN;
      }
      // Its beginning and its end are news; that it goes on is shown by who shows progress.
      LOG.atLevel(pauses == 0 ? Level.WARN : Level.DEBUG)
          .log(
              "{} does not answer the smallest request either: nothing is asked for {}",
              origin,
              text(pause));
      sleep(began, pause, sleeper, clock);
      probe.paused();
      // In turns: an outage shall not cost two requests each time.
      boolean isOther = pauses % 2 == 1 && probe.hasOther();
      boolean isAnswered = isOther ? probe.isOtherAnswered() : probe.isAnswered();
      if (isAnswered || hasAnsweredSince(moment)) {
        LOG.warn("{} answers again after {}", origin, text(since(began, clock)));
        return Health.RECOVERED;
      }
      Duration next = pause.multipliedBy(2);
      pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
    }
  }

  private synchronized boolean isGivenUp() {
    return downAt != null;
  }

  private void sleep(Instant began, Duration length, Sleeper sleeper, Clock clock)
      throws InterruptedIOException {
    synchronized (this) {
      pause =
          new Pause(
              began,
              clock.instant().plus(length),
              "the service does not answer, not even the smallest request");
    }
    try {
      sleeper.sleep(length);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private synchronized void waitForProbe() throws InterruptedIOException {
    try {
      while (isProbing) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static InterruptedIOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    InterruptedIOException stopped =
        new InterruptedIOException("interrupted while waiting for the service to answer again");
    stopped.initCause(e);
    return stopped;
  }

  private static Duration since(Instant began, Clock clock) {
    return Duration.between(began, clock.instant());
  }

  private static String text(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }
}
