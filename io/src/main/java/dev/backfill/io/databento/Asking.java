package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Received;
import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.databento.ChunkSizes.Turn;
import dev.backfill.io.databento.CircuitBreaker.Health;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.apache.http.conn.ConnectTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Gets the answer to a chunk: again where that may help, later where the service is down, in parts
 * where it is too large. Safe for several threads.
 */
final class Asking {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int GATEWAY_TIMEOUT = 504;

  /** So often a request that timed out is made before anybody thinks about why. */
  private static final int TIMEOUTS = 2;

  /** A chunk that outlives so many outages is left to another run. */
  private static final int OUTAGES = 5;

  private final Tools tools;
  private final Retrier retrier;
  private final Sleeper sleeper;
  private final CircuitBreaker breaker;
  private final ServiceProbe probe;

  Asking(Tools tools, Retrier retrier, Sleeper sleeper) {
    this.tools = tools;
    this.retrier = retrier;
    this.sleeper = sleeper;
    this.breaker = CircuitBreaker.of(tools.apiOrigin());
    this.probe = new ServiceProbe(tools);
  }

  ChunkSizes sizes(Chunk chunk) {
    return ChunkSizes.of(tools.landing(), tools.apiOrigin(), chunk, tools.clock());
  }

  /**
   * Asks.
   *
   * @throws TooLargeException with the parts to ask for instead
   * @throws IOException the last failure
   */
  Received ask(Chunk chunk, String runId, ChunkDownload download) throws IOException {
    ChunkSizes sizes = sizes(chunk);
    IOException last = null;
    int outages = 0;
    while (true) {
      requireUp();
      try (Turn turn = sizes.enter(chunk)) {
        if (!turn.parts().isEmpty()) {
          throw new TooLargeException(turn.parts(), last);
        }
        try {
          Received received = attempts(chunk, download, turn);
          sizes.worked(chunk);
          breaker.answered();
          return received;
        } catch (TimedOutException e) {
          last = e.failure;
        }
        boolean isAlive = breaker.failed() && turn.isTrial();
        Health health = isAlive ? Health.UP : check(chunk, runId);
        if (health == Health.RECOVERED && outages < OUTAGES) {
          outages++;
          continue;
        }
        if (health != Health.UP || ChunkSplitter.isSmallest(chunk)) {
          throw last;
        }
        List<Chunk> parts = sizes.tooLarge(chunk, turn);
        if (!parts.isEmpty()) {
          throw new TooLargeException(parts, last);
        }
      }
    }
  }

  private Health check(Chunk chunk, String runId) throws IOException {
    return breaker.check(() -> probe.isAnswered(chunk, runId), sleeper, tools.clock());
  }

  private void requireUp() throws IOException {
    if (!breaker.await(tools.clock())) {
      throw DatabentoConnectionException.passing(
          "Not asked: the service has not answered for more than "
              + CircuitBreaker.PATIENCE.toMinutes()
              + " minutes, not even the smallest request. Run this again later",
          null);
    }
  }

  private Received attempts(Chunk chunk, ChunkDownload download, Turn turn) throws IOException {
    int before = download.attempts();
    int timeouts = Integer.MAX_VALUE;
    if (!turn.isProven() && !ChunkSplitter.isSmallest(chunk)) {
      timeouts = turn.isTrial() ? 1 : TIMEOUTS;
    }
    Tries tries = new Tries(download, before, timeouts);
    try {
      return retrier
          .atMost(ChunkCost.attempts(chunk, retrier.attempts()))
          .run(download.call(), tries::run);
    } catch (IOException e) {
      if (tries.timedOut != null) {
        throw tries.timedOut;
      }
      if (isTimeout(e)) {
        throw new TimedOutException(e);
      }
      throw e;
    }
  }

  /** The attempts between two thoughts. */
  private static final class Tries {
    private final ChunkDownload download;
    private final int before;
    private int timeoutsLeft;
    private @Nullable TimedOutException timedOut;

    Tries(ChunkDownload download, int before, int timeouts) {
      this.download = download;
      this.before = before;
      this.timeoutsLeft = timeouts;
    }

    Received run(int number) throws IOException {
      try {
        return download.attempt(before + number);
      } catch (IOException e) {
        if (isTimeout(e) && --timeoutsLeft <= 0) {
          timedOut = new TimedOutException(after(number, e));
          throw timedOut;
        }
        throw e;
      }
    }

    private static IOException after(int number, IOException failure) {
      return number > 1 && failure instanceof DatabentoApiException refusal
          ? refusal.afterAttempts(number)
          : failure;
    }
  }

  /** Not one that a retrier knows, so that it ends the attempts. */
  private static final class TimedOutException extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException failure;

    TimedOutException(IOException failure) {
      super(failure.getMessage(), failure);
      this.failure = failure;
    }
  }

  /** Whether a failure is what too much at once looks like: 504, 408, or an answer too late. */
  static boolean isTimeout(IOException failure) {
    if (failure instanceof DatabentoApiException refusal) {
      return refusal.status() == GATEWAY_TIMEOUT || refusal.status() == REQUEST_TIMEOUT;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return !(cause instanceof ConnectTimeoutException);
      }
    }
    return false;
  }
}
