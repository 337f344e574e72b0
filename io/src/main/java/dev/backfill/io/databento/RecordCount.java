package dev.backfill.io.databento;

import dev.backfill.io.databento.HistoricalClient.Query;
import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.Times;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records the service says an answer has: asked on a thread of its own while the answer is
 * on its way, and again when asked to. Free. Belongs to one thread.
 */
final class RecordCount {
  /** The service does not tell. */
  static final long UNKNOWN = -1;

  private static final Logger LOG = LoggerFactory.getLogger(RecordCount.class);
  private static final long BRIEFLY_SECONDS = 10;
  private static final long EDGE_NS = 600 * Times.SECOND_NS;

  private final HistoricalClient client;
  private final Query query;
  private final LongConsumer whenKnown;
  private @Nullable FutureTask<Long> asked;
  private volatile String failure = "";

  RecordCount(HistoricalClient client, Query query) {
    this(client, query, count -> {});
  }

  /**
   * A count that is not asked yet.
   *
   * @param whenKnown is told the count, in any thread
   */
  RecordCount(HistoricalClient client, Query query, LongConsumer whenKnown) {
    this.client = client;
    this.query = query;
    this.whenKnown = whenKnown;
  }

  /** Begins to ask, unless that was done before. */
  void start() {
    if (asked == null) {
      asked = new FutureTask<>(this::ask);
      Thread thread = new Thread(asked, "record-count");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** The count, or {@link #UNKNOWN}; waits for it. */
  long value() throws IOException {
    start();
    FutureTask<Long> task = asked;
    if (task == null) {
      return UNKNOWN;
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("Interrupted while waiting for a record count");
      stopped.initCause(e);
      throw stopped;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("The record count could not be asked", e.getCause());
    }
  }

  /** Waits for the count, but not for long; fails never. */
  void awaitBriefly() {
    FutureTask<Long> task = asked;
    if (task == null) {
      return;
    }
    try {
      task.get(BRIEFLY_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("The record count of {} is not known yet: {}", query, e.toString());
    }
  }

  /** Asks again, now. */
  long again() throws IOException {
    return ask();
  }

  private long ask() throws IOException {
    try {
      long count = client.recordCount(query);
      whenKnown.accept(count);
      return count;
    } catch (DatabentoApiException e) {
      if (e.stopsRun()) {
        throw e;
      }
      return unknown(e);
    } catch (ServiceConnectionException e) {
      return unknown(e);
    }
  }

  private long unknown(IOException e) {
    // Where the answer itself was refused, nobody wants to know of this.
    LOG.debug("The record count of {} is not known", query, e);
    failure = String.valueOf(e.getMessage());
    return UNKNOWN;
  }

  /** Why the service does not tell; empty when it does. */
  String failure() {
    return failure;
  }

  /** Whether the range has edges on which the service counts exactly; elsewhere it may say more. */
  boolean isExact() {
    long edge = query.schema().equals("definition") ? Times.DAY_NS : EDGE_NS;
    return Math.floorMod(query.startNs(), edge) == 0 && Math.floorMod(query.endNs(), edge) == 0;
  }
}
