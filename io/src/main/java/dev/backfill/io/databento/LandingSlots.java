package dev.backfill.io.databento;

import dev.backfill.schemas.Chunk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that land the chunks of one worker, several at once. The worker's own thread gives them
 * chunks and takes back what came of them, in whatever order that is; all methods but {@link
 * #close} are for it alone. At most twice as many chunks as there are threads are here at any time:
 * under way, waiting for a thread, or ended and not taken back.
 *
 * <p>After the first failure nothing more is begun, and it is thrown when what is under way has
 * ended.
 *
 * @param <P> where a chunk came from, and what came of it belongs
 */
final class LandingSlots<P> implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LandingSlots.class);

  private final int size;
  private final Duration patience;
  private final Opener opener;
  private final Consumer<Landed<P>> emitter;
  private final List<Thread> threads = new ArrayList<>();
  private final Deque<Landed<P>> waiting = new ArrayDeque<>();
  private final Deque<Landed<P>> ended = new ArrayDeque<>();
  private int underWay;
  private boolean isClosed;
  private @Nullable Throwable failure;

  /** Makes what a thread lands with, in that thread. */
  @FunctionalInterface
  interface Opener {
    Slot open() throws IOException;
  }

  /** What a thread lands with. */
  interface Slot extends Closeable {
    /** Lands a chunk and all that comes of it in this thread. */
    void land(Chunk chunk, LandingSession.Sink into) throws IOException;
  }

  /**
   * Slots without a thread; they are started as they are needed.
   *
   * @param size how many chunks are landed at once
   * @param patience how long what is under way may take to end once the slots are closed
   * @param emitter takes back what came of a chunk, in the worker's thread
   */
  LandingSlots(int size, Duration patience, Opener opener, Consumer<Landed<P>> emitter) {
    this.size = size;
    this.patience = patience;
    this.opener = opener;
    this.emitter = emitter;
  }

  /**
   * Takes a chunk when there is room for it. Gives back what has ended meanwhile.
   *
   * @throws InterruptedIOException if the thread was interrupted; the slots are closed then
   * @throws IOException the first failure, of whichever chunk
   */
  void accept(P place, Chunk chunk) throws IOException {
    giveBack(2 * size - 1);
    synchronized (this) {
      waiting.add(new Landed<>(place, chunk, this::requireOpen));
      if (waiting.size() > threads.size() - underWay && threads.size() < size) {
        start();
      }
      notifyAll();
    }
  }

  /**
   * Gives back all that was taken, when it has ended.
   *
   * @throws IOException as {@link #accept} does
   */
  void finish() throws IOException {
    giveBack(0);
  }

  /** Gives back what has ended, until no more than so many are here. */
  private void giveBack(int left) throws IOException {
    for (List<Landed<P>> done = take(left); !done.isEmpty(); done = take(left)) {
      done.forEach(emitter);
    }
  }

  /** Waits until something has ended; nothing is taken once no more than so many are left. */
  private List<Landed<P>> take(int left) throws IOException {
    try {
      return await(left);
    } catch (InterruptedException e) {
      // Not while this is locked: the threads need it to end.
      close();
      Thread.currentThread().interrupt();
      InterruptedIOException stopped =
          new InterruptedIOException("interrupted while chunks were being landed");
      stopped.initCause(e);
      throw stopped;
    }
  }

  private synchronized List<Landed<P>> await(int left) throws IOException, InterruptedException {
    while (failure == null && ended.isEmpty() && waiting.size() + underWay > left) {
      wait();
    }
    awaitAfterFailure();
    throwFailure();
    List<Landed<P>> done = List.copyOf(ended);
    ended.clear();
    return done;
  }

  /** What is under way may be billed, and a runner gives up a worker's threads at once. */
  private void awaitAfterFailure() throws InterruptedException {
    long end = System.nanoTime() + LandingSession.LONGEST_ANSWER.toNanos();
    while (failure != null && underWay > 0 && end - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
    }
  }

  private void throwFailure() throws IOException {
    Throwable first = failure;
    if (first instanceof IOException e) {
      throw e;
    }
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  private void start() {
    Thread thread = new Thread(this::run, "landing-" + (threads.size() + 1));
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void run() {
    Slot slot = null;
    try {
      for (Landed<P> next = next(); next != null; next = next()) {
        Throwable problem = null;
        try {
          slot = slot == null ? opener.open() : slot;
          slot.land(next.chunk(), next);
        } catch (Throwable e) {
          // Whatever it is, the worker's thread throws it.
          problem = e;
        }
        end(next, problem);
      }
    } catch (InterruptedException e) {
      LOG.debug("A landing thread was interrupted while it had nothing to do");
    } finally {
      close(slot);
    }
  }

  private static void close(@Nullable Slot slot) {
    try {
      if (slot != null) {
        slot.close();
      }
    } catch (IOException e) {
      // Each line of the journal was on the disk before.
      LOG.warn("A landing thread did not close what it had open", e);
    }
  }

  /** The next chunk; null when no more will come. */
  private synchronized @Nullable Landed<P> next() throws InterruptedException {
    while (waiting.isEmpty() && !isClosed) {
      wait();
    }
    Landed<P> next = isClosed ? null : waiting.poll();
    if (next != null) {
      underWay++;
    }
    return next;
  }

  private synchronized void end(Landed<P> landed, @Nullable Throwable problem) {
    underWay--;
    if (problem == null) {
      ended.add(landed);
    } else if (failure == null) {
      failure = problem;
      waiting.clear();
    } else {
      LOG.debug("A chunk failed after another, for which the bundle fails", problem);
    }
    notifyAll();
  }

  /** Ends a chunk that is landed in parts after the part that is under way. */
  private synchronized void requireOpen() throws InterruptedIOException {
    if (isClosed) {
      throw new InterruptedIOException("the worker has been stopped");
    }
  }

  /**
   * Ends the threads. What is under way is given some time to end, because an answer that is billed
   * is better landed than bought again; then it is interrupted, and soon left alone. For any
   * thread; called again it does nothing more.
   */
  @Override
  public void close() {
    List<Thread> alive;
    synchronized (this) {
      isClosed = true;
      waiting.clear();
      notifyAll();
      alive = List.copyOf(threads);
    }
    boolean wasInterrupted = join(alive, patience);
    List<Thread> late = alive.stream().filter(Thread::isAlive).toList();
    if (!late.isEmpty()) {
      LOG.warn(
          "The worker was stopped {} s ago; what is still under way is given up: {} of {} requests,"
              + " which may be billed and are asked for again",
          patience.toSeconds(),
          late.size(),
          size);
      late.forEach(Thread::interrupt);
      wasInterrupted |= join(late, patience.dividedBy(5));
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits for threads, even if this one is interrupted.
   *
   * @return whether it was
   */
  private static boolean join(List<Thread> threads, Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    boolean wasInterrupted = false;
    for (Thread thread : threads) {
      long left = end - System.nanoTime();
      while (thread.isAlive() && left > 0) {
        try {
          TimeUnit.NANOSECONDS.timedJoin(thread, left);
        } catch (InterruptedException e) {
          wasInterrupted = true;
        }
        left = end - System.nanoTime();
      }
    }
    return wasInterrupted;
  }
}
