package dev.backfill.io.databento;

import dev.backfill.io.databento.ChunkDownload.Received;
import dev.backfill.io.databento.ChunkDownload.Tools;
import dev.backfill.io.databento.ChunkSizes.Turn;
import dev.backfill.io.databento.CircuitBreaker.Health;
import dev.backfill.io.http.Retrier;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.io.http.Sleeper;
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
    known(chunk).asked(chunk);
    IOException last = null;
    int outages = 0;
    boolean isStubborn = false;
    while (true) {
      requireUp();
      try (Turn turn = sizes.enter(chunk)) {
        if (!turn.parts().isEmpty()) {
          throw new TooLargeException(turn.parts(), last);
        }
        long sentAt;
        boolean asOften = isStubborn || turn.isProven() || ChunkSplitter.isSmallest(chunk);
        try {
          return attempts(chunk, download, asOften ? Integer.MAX_VALUE : timeouts(turn), sizes);
        } catch (TimedOutException e) {
          last = e.failure;
          sentAt = e.sentAt;
        }
        boolean isAnsweredSince = breaker.failed();
        if (isStubborn) {
          throw last;
        }
        Health health =
            isSurelySize(chunk, turn, sentAt, isAnsweredSince) ? Health.UP : check(chunk, runId);
        if (health == Health.UP_FOR_OTHERS) {
          isolate(chunk, runId, last);
          isStubborn = true;
        } else if (health == Health.UP && !ChunkSplitter.isSmallest(chunk)) {
          List<Chunk> parts = sizes.tooLarge(chunk, turn);
          if (!parts.isEmpty()) {
            throw new TooLargeException(parts, last);
          }
        } else {
          outages++;
        }
        if (health == Health.DOWN
            || outages > OUTAGES
            || (isStubborn && !hasMore(chunk, asOften))) {
          throw last;
        }
      }
    }
  }

  /**
   * Whether a chunk that timed out is too large, because the service has answered something since
   * it was asked. A single symbol that was never answered may be one that never is.
   */
  private boolean isSurelySize(
      Chunk chunk, Turn turn, long sentAt, boolean isAnsweredSinceFailure) {
    boolean isAlive =
        breaker.hasAnsweredSince(sentAt) || (turn.isTrial() && isAnsweredSinceFailure);
    return isAlive
        && !turn.isProven()
        && !ChunkSplitter.isSmallest(chunk)
        && (chunk.getSymbols().size() > 1 || known(chunk).isKnown(chunk));
  }

  /**
   * Whether a chunk that seems never to be answered is asked for once more: where a third of all
   * requests fail, it may have had bad luck. A large one has been asked for often enough.
   */
  private boolean hasMore(Chunk chunk, boolean isAskedAsOften) {
    return !isAskedAsOften || !ChunkCost.isLarge(chunk);
  }

  /**
   * A service that answers others does not answer the least of a chunk's first symbol: that symbol
   * is asked for apart, or, where its end is answered, its beginning is.
   *
   * @throws TooLargeException with the parts to ask for instead; without it, nothing is better than
   *     asking again
   */
  private void isolate(Chunk chunk, String runId, IOException last) throws IOException {
    if (chunk.getSymbols().size() > 1) {
      throw new TooLargeException(ChunkSplitter.apart(chunk), last);
    }
    if (!ChunkSplitter.isSmallest(chunk)
        && probe.isAnswered(ChunkSplitter.smallestAtEnd(chunk), runId, 1)) {
      throw new TooLargeException(ChunkSplitter.halves(chunk), last);
    }
  }

  private KnownSymbols known(Chunk chunk) {
    return KnownSymbols.of(tools.apiOrigin(), chunk);
  }

  private Health check(Chunk chunk, String runId) throws IOException {
    return breaker.check(probe.of(chunk, runId), sleeper, tools.clock());
  }

  private void requireUp() throws IOException {
    if (!breaker.await(tools.clock())) {
      throw ServiceConnectionException.passing(
          "Not asked: the service has not answered for more than "
              + CircuitBreaker.PATIENCE.toMinutes()
              + " minutes, not even the smallest request. Run this again later",
          null);
    }
  }

  private static int timeouts(Turn turn) {
    return turn.isTrial() ? 1 : TIMEOUTS;
  }

  /**
   * Attempts until one succeeds or as many as that have timed out.
   *
   * @throws TimedOutException if that is why there is no answer
   */
  private Received attempts(Chunk chunk, ChunkDownload download, int timeouts, ChunkSizes sizes)
      throws IOException {
    Tries tries = new Tries(download, breaker, timeouts);
    try {
      Received received =
          retrier
              .atMost(ChunkCost.attempts(chunk, retrier.attempts()))
              .run(download.call(), tries::run);
      sizes.worked(chunk);
      known(chunk).answered(chunk);
      breaker.answered();
      return received;
    } catch (IOException e) {
      if (tries.timedOut != null) {
        throw tries.timedOut;
      }
      if (isTimeout(e)) {
        throw new TimedOutException(e, tries.sentAt);
      }
      throw e;
    }
  }

  /** The attempts between two thoughts. */
  private static final class Tries {
    private final ChunkDownload download;
    private final CircuitBreaker breaker;
    private final int before;
    private int timeoutsLeft;
    private long sentAt;
    private @Nullable TimedOutException timedOut;

    Tries(ChunkDownload download, CircuitBreaker breaker, int timeouts) {
      this.download = download;
      this.breaker = breaker;
      this.before = download.attempts();
      this.timeoutsLeft = timeouts;
    }

    Received run(int number) throws IOException {
      sentAt = breaker.moment();
      try {
        return download.attempt(before + number);
      } catch (IOException e) {
        if (isTimeout(e) && --timeoutsLeft <= 0) {
          timedOut = new TimedOutException(after(number, e), sentAt);
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
    private final long sentAt;

    TimedOutException(IOException failure, long sentAt) {
      super(failure.getMessage(), failure);
      this.failure = failure;
      this.sentAt = sentAt;
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
