package dev.backfill.io.landing;

import dev.backfill.schemas.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets a pipeline land its chunks until it is closed; what was not begun then is left for the next
 * pipeline. A runner in batch mode loads nothing before all of a pipeline has landed, so this is
 * how a long run loads as it goes without knowing beforehand how fast the service is.
 *
 * <p>Works where the pipeline's workers are threads of this process; elsewhere every chunk is let
 * through. Thread-safe.
 */
public final class LandingGate implements AutoCloseable {
  private static final Map<String, LandingGate> OPEN = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final Map<String, Chunk> waiting = new LinkedHashMap<>();
  private int begun;
  private boolean isClosed;

  /** A gate for the chunks of one pipeline; close it when the pipeline has ended. */
  public LandingGate(List<Chunk> chunks) {
    chunks.forEach(chunk -> waiting.put(chunk.getChunkId(), chunk));
    OPEN.put(id, this);
  }

  /** Names it in a pipeline's options. */
  public String id() {
    return id;
  }

  /**
   * Whether a pipeline may begin with a chunk. One that has begun with it before may again, and so
   * it may with what is not of the gate's chunks, like the parts of one that is split.
   *
   * @param id of the gate; of none that is known here, everything is let through
   */
  public static boolean admits(String id, Chunk chunk) {
    LandingGate gate = OPEN.get(id);
    return gate == null || gate.admit(chunk.getChunkId());
  }

  private synchronized boolean admit(String chunkId) {
    if (!waiting.containsKey(chunkId)) {
      return true;
    }
    if (isClosed) {
      return false;
    }
    waiting.remove(chunkId);
    begun++;
    if (waiting.isEmpty()) {
      notifyAll();
    }
    return true;
  }

  /**
   * Waits until every chunk was begun with.
   *
   * @return false when that has not come within the time
   */
  public synchronized boolean awaitBegun(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!waiting.isEmpty()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /** How many chunks were begun with. */
  public synchronized int begun() {
    return begun;
  }

  /**
   * Lets nothing more through.
   *
   * @return what was not begun with, in the order given
   */
  public synchronized List<Chunk> shut() {
    isClosed = true;
    return new ArrayList<>(waiting.values());
  }

  /** Forgets it, once no pipeline has it any more. */
  @Override
  public void close() {
    @Nullable LandingGate known = OPEN.remove(id);
    if (known != null) {
      known.shut();
    }
  }
}
