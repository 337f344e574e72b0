package dev.backfill.io.databento;

import dev.backfill.io.http.ServiceConnectionException;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of one run and process know of each other, whatever step or wave they belong
 * to: what has been lost on answers that broke off, which datasets are refused, and whether the key
 * is refused altogether. Asked before each attempt. Safe for use by several threads.
 */
final class RunGuard {
  private static final Map<String, RunGuard> BY_RUN = new ConcurrentHashMap<>();

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  private final SpendLimit limit;
  private final Map<String, DatabentoApiException> refused = new HashMap<>();
  private @Nullable DatabentoApiException stop;
  private @Nullable IOException broken;
  private long brokenAt;
  private double expectedUsd;
  private double expectedBytes;
  private int landing;

  /** A guard that nobody else knows. */
  RunGuard(SpendLimit limit) {
    this.limit = limit;
    this.expectedUsd = limit.plannedUsd();
    this.expectedBytes = limit.plannedBytes();
  }

  /** The guard of a run, the same for each of its steps in this process. */
  static RunGuard of(String landing, String runId, SpendLimit limit) {
    return BY_RUN.computeIfAbsent(landing + " " + runId, key -> new RunGuard(limit));
  }

  /**
   * Called before an attempt; returns when it may be made.
   *
   * @param call for messages
   * @throws DatabentoApiException if the key, or the key for the dataset, was refused before
   * @throws IOException if the landing could not be written before
   * @throws ServiceConnectionException if the attempt could bring the run above its limit; the
   *     chunk is then given up, which leaves its share to the others
   */
  synchronized void check(Chunk chunk, String call) throws IOException {
    if (stop != null) {
      throw stop;
    }
    if (broken != null) {
      throw new IOException(broken.getMessage(), broken);
    }
    DatabentoApiException refusal = refused.get(chunk.getDataset());
    if (refusal != null) {
      throw refusal.insteadOf(call + ", which was not asked because another was refused,");
    }
    // Sums of prices that were divided among chunks are a little off.
    boolean tooDear = expectedUsd > limit.maxUsd() * (1 + 1e-9);
    if (tooDear || expectedBytes > limit.maxBytes() * (1 + 1e-9)) {
      expectedUsd -= ChunkCost.usd(chunk);
      expectedBytes -= ChunkCost.bytes(chunk);
      throw ServiceConnectionException.notSent(notAsked(call, tooDear));
    }
  }

  private String notAsked(String call, boolean tooDear) {
    return call
        + " was not asked: answers of this run that broke off may have been billed, and with it the"
        + " run could come to more than its cap of "
        + (tooDear
            ? Dollars.text(limit.maxUsd())
            : String.format(Locale.ROOT, "%,d bytes", limit.maxBytes()))
        + ". Run it again for what is left, or with a higher cap";
  }

  /** An attempt was billed, and no answer came of it. */
  synchronized void lost(double usd, long bytes) {
    expectedUsd += usd;
    expectedBytes += bytes;
  }

  /** The service refuses this key altogether: nothing more is asked. */
  synchronized void stop(DatabentoApiException refusal) {
    stop = refusal;
  }

  /** What comes cannot be kept: nothing more is asked, but for what is on its way. */
  synchronized void stop(IOException failure) {
    broken = failure;
    brokenAt = System.nanoTime();
  }

  /** A thread begins to land a chunk. */
  synchronized void begin() {
    if (landing == 0 && System.nanoTime() - brokenAt > AT_ONCE.toNanos()) {
      // A runner that tries again does so after a while, when there may be room.
      broken = null;
    }
    landing++;
  }

  /** It has ended, however. */
  synchronized void end() {
    landing--;
    notifyAll();
  }

  /**
   * Waits until every thread has ended that was landing when the run was stopped: its answer may be
   * on its way, and billed. For a thread that has ended itself.
   *
   * @param longest after so long they are given up
   * @throws InterruptedIOException if the thread was interrupted
   */
  synchronized void awaitOthers(Duration longest) throws InterruptedIOException {
    long end = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toMillis(); landing > 0 && left > 0; ) {
        wait(left);
        left = (end - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("interrupted while other answers were on their way");
      stopped.initCause(e);
      throw stopped;
    }
  }

  /** The service refuses this key a dataset: nothing more is asked of it. */
  synchronized void refuse(String dataset, DatabentoApiException refusal) {
    refused.putIfAbsent(dataset, refusal);
  }
}
