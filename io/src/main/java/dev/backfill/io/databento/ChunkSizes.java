package dev.backfill.io.databento;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.backfill.io.landing.LandingArea;
import dev.backfill.schemas.Chunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much of one dataset and schema the service answers at once: one instance for all that land it
 * in a process, kept in the landing for other processes and later runs. Where a size is not sure to
 * work, one thread tries it while the others that ask for as much wait for the outcome. Safe for
 * use by several threads.
 */
final class ChunkSizes {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkSizes.class);
  private static final Map<List<String>, ChunkSizes> ALL = new ConcurrentHashMap<>();

  /** A first part so close to what works would teach nothing. */
  private static final double NO_NEWS = 1.05;

  private final LandingArea landing;
  private final String name;
  private final Clock clock;
  private SizeLimit limit;
  private boolean isTrying;

  /** The sizes that a landing remembers under a name. */
  ChunkSizes(LandingArea landing, String name, Clock clock) {
    this.landing = landing;
    this.name = name;
    this.clock = clock;
    this.limit = read();
  }

  /** The sizes for chunks like this one. */
  static ChunkSizes of(LandingArea landing, String apiOrigin, Chunk chunk, Clock clock) {
    String name = LandingArea.sizeName(chunk);
    return ALL.computeIfAbsent(
        List.of(landing.uri(), apiOrigin, name), key -> new ChunkSizes(landing, name, clock));
  }

  /**
   * What to do with a chunk; to be closed when it was done.
   *
   * @param parts what to ask for instead; empty: ask for it
   * @param isProven as much was answered before
   * @param isTrial nobody else asks for as much meanwhile
   */
  record Turn(List<Chunk> parts, boolean isProven, boolean isTrial, Runnable end)
      implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }

  /** Waits, where another thread is about to find out, and says what to do. */
  synchronized Turn enter(Chunk chunk) throws InterruptedIOException {
    long size = ChunkSplitter.size(chunk);
    awaitTrial(size);
    if (!isUnsure(size)) {
      return new Turn(List.of(), size <= limit.works(), false, () -> {});
    }
    if (size > limit.target() && !ChunkSplitter.isSmallest(chunk)) {
      return new Turn(cut(chunk, limit), false, false, () -> {});
    }
    isTrying = true;
    return new Turn(List.of(), false, true, this::tried);
  }

  /** Whether a chunk may be asked for beside others, as far as is known. */
  synchronized boolean isReady(Chunk chunk) {
    return !isUnsure(ChunkSplitter.size(chunk));
  }

  private boolean isUnsure(long size) {
    limit.forgetOld(clock.instant());
    return limit.isLimited() && size > limit.works();
  }

  private synchronized void awaitTrial(long size) throws InterruptedIOException {
    try {
      while (isTrying && isUnsure(size)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("interrupted while a chunk's size was tried");
      stopped.initCause(e);
      throw stopped;
    }
  }

  private synchronized void tried() {
    isTrying = false;
    notifyAll();
  }

  /** What to ask for instead of a chunk that is larger than is to be tried. */
  static List<Chunk> cut(Chunk chunk, SizeLimit limit) {
    long target = limit.target();
    if (target <= limit.works()) {
      return ChunkSplitter.parts(chunk, limit.works());
    }
    List<Chunk> parts = ChunkSplitter.firstAndRest(chunk, target);
    return ChunkSplitter.size(parts.get(0)) <= limit.works() * NO_NEWS
        ? ChunkSplitter.parts(chunk, limit.works())
        : parts;
  }

  /** A chunk was answered. */
  synchronized void worked(Chunk chunk) {
    boolean wasLimited = limit.isLimited();
    long before = limit.works();
    limit.worked(ChunkSplitter.size(chunk));
    if (wasLimited && (!limit.isLimited() || limit.works() != before)) {
      write();
    }
  }

  /**
   * A chunk was not answered, though the service answers small ones.
   *
   * @return what to ask for instead; empty: the same again, because as much was answered meanwhile
   */
  synchronized List<Chunk> tooLarge(Chunk chunk, Turn turn) {
    long size = ChunkSplitter.size(chunk);
    if (!turn.isProven() && size <= limit.works()) {
      return List.of();
    }
    limit.tooLarge(size, turn.isTrial(), clock.instant());
    write();
    return size > limit.target()
        ? cut(chunk, limit)
        : ChunkSplitter.parts(chunk, Math.max(1, size / 2));
  }

  private SizeLimit read() {
    try {
      Optional<byte[]> known = landing.size(name);
      return known.isPresent() ? SizeLimit.read(known.get()) : new SizeLimit();
    } catch (JsonProcessingException e) {
      LOG.warn("The size {} in {} is cut or damaged, and not used", name, landing.uri());
      return new SizeLimit();
    } catch (IOException e) {
      LOG.warn("The size {} in {} is not used: {}", name, landing.uri(), e.getMessage());
      return new SizeLimit();
    }
  }

  /** Only saves requests later; where it cannot be kept, what matters more cannot either. */
  private void write() {
    try {
      landing.size(name, limit.json());
    } catch (IOException e) {
      LOG.warn("The size {} is not remembered for later runs: {}", name, e.getMessage());
    }
  }
}
